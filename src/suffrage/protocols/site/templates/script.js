"use strict";
(() => {
  const table = document.getElementById("contests");
  const body = table.tBodies[0];
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const words = (row) => [...row.cells].filter((cell) => !cell.classList.contains("num"));
  const lines = [...body.rows].map((row) => ({ row, text: plain(words(row).map((cell) => cell.textContent).join(" ")) }));
  const collator = new Intl.Collator(table.dataset.language, { numeric: true });

  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.value === undefined ? cell.textContent.trim() : Number(cell.dataset.value);
  };
  const sort = (column, up) => {
    const keyed = lines.map(({ row }) => [value(row, column), row]);
    keyed.sort(([a], [b]) => (up ? 1 : -1) * (typeof a === "number" ? a - b : collator.compare(a, b)));
    body.append(...keyed.map(([, row]) => row));
  };
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort");
      const up = now === null ? head.dataset.first !== "down" : now === "descending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      sort(column, up);
    });
  });
  table.tHead.rows[0].cells[0].setAttribute("aria-sort", "ascending");

  const field = document.getElementById("search");
  const found = document.getElementById("found");
  field.addEventListener("input", () => {
    const wanted = plain(field.value).split(/\s+/u).filter(Boolean);
    let shown = 0;
    for (const { row, text } of lines) {
      row.hidden = !wanted.every((word) => text.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    found.textContent = wanted.length ? `${shown} of ${lines.length} contests` : "";
  });
  document.getElementById("tools").hidden = false;
  document.getElementById("orders").hidden = true;
  for (const tile of document.querySelectorAll(".tile")) tile.title = tile.getAttribute("aria-label");
})();
