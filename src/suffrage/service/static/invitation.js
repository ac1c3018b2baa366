// The token of an invitation stands behind the #, which a browser sends to no server: it goes on in the body of a form.
const token = location.hash.slice(1);
const form = document.getElementById("invitation");
if (form instanceof HTMLFormElement && token) {
  form.elements.namedItem("token").value = token;
  history.replaceState(null, "", location.pathname);
  form.requestSubmit();
}
