"""What makes a page red, beside a cell that fails.

Each rule answers a way in which a page can look right without being right.
A fault says where, what, and what to do.
"""

from html.parser import HTMLParser

from nbformat import NotebookNode

from .pages import Page, code_cells, opened_cells
from .results import RESULT_MIME

__all__ = ["run_faults", "source_faults"]

HIDDEN = {"remove-cell", "remove-output", "remove_cell", "remove_output"}
FILES = (".png", ".svg", ".jpg", ".jpeg", ".webp", ".gif")


def source_faults(page: Page) -> list[str]:
    """Return faults that show without running the page.

    Code that the runner would pass over in silence is the worst of them.
    """
    written = opened_cells(page.text)
    if page.notebook is None:
        if not written:
            return []
        return [
            f"{written} code cells, but the front matter does not make the"
            " page a notebook, so none would run: start the page with"
            " `file_format: mystnb` and a kernelspec"
        ]
    read = len(code_cells(page.notebook))
    if written == read:
        return []
    return [
        f"{written} code cells are written, {read} would run: a cell stands"
        " inside a directive; close the directive first (solutions: use"
        " `{solution-start}` ... `{solution-end}`)"
    ]


class _Images(HTMLParser):
    """Collects images without a text alternative."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []
        self.depth = 0  # inside how many svg elements
        self.hidden = 0

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        given = {name: (value or "").strip() for name, value in attrs}
        aria = given.get("aria-label") or given.get("aria-labelledby")
        hidden = given.get("aria-hidden") == "true"
        if tag == "img":
            alt = given.get("alt", "")
            if not (alt or aria or hidden) or alt.lower().endswith(FILES):
                self.bad.append("<img> without alt text")
        elif tag == "svg":
            if not self.depth and not (aria or hidden):
                self.bad.append("<svg> without aria-label")
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg":
            self.depth -= 1


def _image_faults(cell: NotebookNode) -> list[str]:
    if HIDDEN & set(cell.metadata.get("tags", [])):
        return []
    image = cell.metadata.get("mystnb", {}).get("image", {})
    alt = str(image.get("alt", "")).strip()
    faults = []
    for output in cell.outputs:
        data = output.get("data", {})
        if "text/html" in data:
            parser = _Images()
            parser.feed("".join(data["text/html"]))
            faults += parser.bad
        elif any(mime.startswith("image/") for mime in data):
            if not alt or alt.lower().endswith(FILES):
                faults.append(
                    "an image without alt text; give the cell"
                    " `mystnb: {image: {alt: what one should see}}`"
                )
    return faults


def _cell_faults(cell: NotebookNode) -> list[str]:
    tags = cell.metadata.get("tags", [])
    raised = any(o.output_type == "error" for o in cell.outputs)
    tagged = "raises-exception" in tags
    faults = []
    if raised and not tagged:
        faults.append("raised an exception")
    if tagged and not raised:
        faults.append(
            "is tagged raises-exception, but raised none; take the tag away"
            " or show the error that the text announces"
        )
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stderr":
            shown = output.text.strip()[:300]
            faults.append(f"wrote to stderr (a warning?): {shown}")
    return faults + _image_faults(cell)


def _checks_something(notebook: NotebookNode) -> bool:
    cells = code_cells(notebook)
    return any("assert" in cell.source for cell in cells) or any(
        RESULT_MIME in output.get("data", {})
        for cell in cells
        for output in cell.outputs
    )


def run_faults(notebook: NotebookNode) -> list[str]:
    """Return faults of an executed notebook that no kernel reports."""
    faults, last = [], 0
    for number, cell in enumerate(code_cells(notebook), 1):
        tags = cell.metadata.get("tags", [])
        first = cell.source.strip().partition("\n")[0][:60]
        where = f"code cell {number} ({first})"
        faults += [f"{where}: {fault}" for fault in _cell_faults(cell)]
        if "skip-execution" in tags or not cell.source.strip():
            continue
        if (cell.execution_count or 0) <= last:
            faults.append(f"{where}: did not run in its turn")
        last = cell.execution_count or last
    if not _checks_something(notebook):
        faults.append(
            "no assertion and no recorded result: nothing on this page could"
            " ever turn it red; add `assert ...` or `record(...)`"
        )
    return faults
