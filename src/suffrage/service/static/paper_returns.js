// Entering a return: Enter goes to the next figure, and the law's checks are evaluated while somebody types.
// The same checks are made by the count; without this script they are seen once the return is accepted.
const form = document.querySelector("form.entry");
const rules = JSON.parse(document.getElementById("checks")?.textContent ?? "null");

/** The figure of a field; null where it is empty, or is none. */
function figure(input) {
  const text = input.value.replace(/[\s\u00a0\u202f]/g, "");
  return /^\d{1,12}$/.test(text) ? Number(text) : null;
}

/** Every figure that is there, those that follow from others included. */
function figures() {
  const found = {};
  let names = 0;
  for (const input of form.querySelectorAll("input.figure")) {
    const value = figure(input);
    if (input.name.startsWith("f-") && value !== null) found[input.name.slice(2)] = value;
    if (input.name.startsWith("v-")) names = names === null || value === null ? null : names + value;
  }
  for (let round = 0; round < Object.keys(rules.sums).length; round += 1) {
    for (const [name, terms] of Object.entries(rules.sums)) {
      const total = name in found ? null : sum(terms, found);
      if (total !== null) found[name] = total;
    }
  }
  if (!("all_struck" in found)) found.all_struck = 0;
  if (names !== null) found.names = names;
  return found;
}

function sum(terms, found) {
  let total = 0;
  for (const [factor, name] of terms) {
    if (!(name in found)) return null;
    total += factor * found[name];
  }
  return total;
}

function evaluate() {
  const found = figures();
  let failing = 0;
  let waiting = 0;
  rules.checks.forEach((check, place) => {
    const shown = document.querySelector(`[data-check="${place}"]`);
    const [left, right] = [sum(check.left, found), sum(check.right, found)];
    const known = left !== null && right !== null;
    const holds = known && { "=": left === right, "<=": left <= right, ">=": left >= right }[check.relation];
    waiting += known ? 0 : 1;
    failing += known && !holds ? 1 : 0;
    shown.textContent = !known ? "\u2026" : holds ? `\u2713 holds (${left})` : `\u2715 does not hold (${left} against ${right})`;
    shown.className = !known ? "muted" : holds ? "holds" : "fails";
  });
  document.querySelector("[data-names]").textContent = found.names ?? "\u2026";
  const summary = failing ? `${failing} of the checks ${failing === 1 ? "does" : "do"} not hold: look at the paper once more.`
    : waiting ? "" : "Everything adds up.";
  const status = document.querySelector("[data-summary]");
  if (status.textContent !== summary) status.textContent = summary;
}

if (form) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    const fields = [...form.querySelectorAll("input:not([type=hidden]), textarea, button")];
    const next = fields[fields.indexOf(event.target) + 1];
    if (next) {
      event.preventDefault();
      next.focus();
      if (next instanceof HTMLInputElement) next.select();
    }
  });
  form.querySelector("input.figure")?.focus();
  if (rules) {
    form.addEventListener("input", evaluate);
    evaluate();
  }
}
