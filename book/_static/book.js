/* What is wider than its place can be scrolled by mouse and finger; this makes
   it reachable by keyboard too. Nothing breaks without it. */
(() => {
  "use strict";

  const WIDE =
    ".cell_output .output, .highlight pre, div.math, .table-scroll, " +
    "table.docutils, figure.book-figure";

  const mark = () => {
    for (const box of document.querySelectorAll(WIDE)) {
      const scrolls = box.scrollWidth > box.clientWidth + 1;
      if (scrolls && !box.hasAttribute("tabindex")) {
        box.setAttribute("tabindex", "0");
        box.dataset.bookScroll = "";
      } else if (!scrolls && "bookScroll" in box.dataset) {
        box.removeAttribute("tabindex");
        delete box.dataset.bookScroll;
      }
    }
  };

  window.addEventListener("load", mark);
  window.addEventListener("resize", mark);
})();

/* A page that was opened as a file may not read other pages: the search then
   lists titles without a piece of their text. */
if (window.location.protocol === "file:") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}
