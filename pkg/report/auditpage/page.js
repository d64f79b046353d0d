"use strict";
(() => {
  document.documentElement.classList.add("scripted");
  const step = 200;

  const value = (cell) => {
    const v = cell.dataset.v;
    if (v === undefined) return cell.textContent.trim().toLowerCase();
    return v === "" ? null : Number(v);
  };
  // What nobody knows comes last, whichever way round.
  const compare = (a, b, sign) => {
    if (a === null || b === null) return (a === null) - (b === null);
    return sign * (typeof a === "number" ? a - b : a.localeCompare(b, "en", { numeric: true }));
  };

  for (const box of document.querySelectorAll("[data-table]")) {
    const table = box.querySelector("table");
    const body = table.tBodies[0];
    const search = box.querySelector("input");
    const choice = box.querySelector("select");
    const told = box.querySelector("output");
    const more = box.querySelector("button.more");
    const rest = box.querySelector("template");
    let rows = [...body.rows, ...(rest ? rest.content.querySelectorAll("tr") : [])];
    const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
    let shown = step;

    const show = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const found = rows.filter((row) => (!choice.value || row.dataset.k === choice.value) && words.every((word) => texts.get(row).includes(word)));
      body.replaceChildren(...found.slice(0, shown));
      const n = Math.min(shown, found.length);
      told.textContent = n === found.length ? `${found.length} of ${rows.length} shown` : `first ${n} of ${found.length} that match shown`;
      more.hidden = n === found.length;
    };
    const again = () => { shown = step; show(); };
    search.addEventListener("input", again);
    choice.addEventListener("change", again);
    more.addEventListener("click", () => { shown += step; show(); });

    [...table.tHead.rows[0].cells].forEach((head, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const first = head.classList.contains("n") || "desc" in head.dataset ? "descending" : "ascending";
        const other = first === "ascending" ? "descending" : "ascending";
        const order = head.getAttribute("aria-sort") === first ? other : first;
        for (const cell of table.tHead.rows[0].cells) cell.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", order);
        const sign = order === "ascending" ? 1 : -1;
        rows = rows.map((row) => [value(row.cells[at]), row]).sort((a, b) => compare(a[0], b[0], sign)).map((pair) => pair[1]);
        show();
      });
    });
    show();
  }
})();
