/* Makes the header cells of the ledger sort its rows. The table is complete
   without it; a header becomes a real button, so the keyboard works. */
(() => {
  "use strict";

  const value = (row, column, kind) => {
    const cell = row.cells[column];
    const text = cell.dataset.sort ?? cell.textContent.trim();
    return kind === "number" ? Number(text) : text;
  };

  const sort = (table, head) => {
    const up = head.getAttribute("aria-sort") !== "ascending";
    for (const other of table.tHead.rows[0].cells) {
      other.removeAttribute("aria-sort");
    }
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const { cellIndex: column } = head;
    const { kind } = head.dataset;
    const body = table.tBodies[0];
    const rows = [...body.rows].sort((a, b) => {
      const left = value(a, column, kind);
      const right = value(b, column, kind);
      const order = kind === "number"
        ? left - right
        : left.localeCompare(right);
      return up ? order : -order;
    });
    body.append(...rows);
  };

  for (const table of document.querySelectorAll("table.results-table")) {
    for (const head of table.tHead.rows[0].cells) {
      if (head.dataset.kind === "none") continue;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.addEventListener("click", () => sort(table, head));
      head.replaceChildren(button);
    }
  }
})();
