"""Whole notebooks: what stands above a page, and the metadata."""

from typing import Any

import nbformat
from nbformat import NotebookNode

from .address import Site
from .cells import SOLUTION, code_cells, plain_source

__all__ = ["assemble", "differences", "pin", "without_outputs"]

DIRTY = "-dirty"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {
    "name": "python",
    "file_extension": ".py",
    "mimetype": "text/x-python",
}
INSTALL = """\
# Where the package of the book is missing, as in Colab, this installs it.
try:
    import sevenlessons
except ModuleNotFoundError:
    %pip install -q "{requirement}"
"""
NO_ADDRESS = """\
# This notebook needs the package of the book. The book has no public address
# yet, so install it from your checkout: `pip install ".[lessons]"` in its
# top folder.
import sevenlessons
"""


def _about(facts: dict[str, Any], site: Site, commit: str) -> str:
    """Return the first cell: title, way back, origin."""
    page = facts["page"]
    link = site.link(f"book/{page}", "")
    book = "*Deep Learning in Seven Lessons*"
    origin = f"[This page]({link}) of {book}" if link else f"A page of {book}"
    where = f"commit `{commit[:12]}` of the book" if commit else "the book"
    if commit.endswith(DIRTY):
        where += ", with changes that are not committed"
    lines = [
        f"# {facts['title']}",
        f"{origin} as a notebook, made from {where}.",
    ]
    if facts["executed"]:
        lines[-1] += " Its outputs are those that the page shows."
    return "\n\n".join(lines)


def pin(notebook: NotebookNode, site: Site, commit: str) -> NotebookNode:
    """Write the two cells above the page for a build of `commit`.

    The rest of the notebook stays: a page that did not change is not
    translated again, but must install the package of this build.
    """
    facts = notebook.metadata["sevenlessons"]
    about = nbformat.v4.new_markdown_cell(
        _about(facts, site, commit), id="about"
    )
    source = NO_ADDRESS
    if site.repository:
        pinned = commit.removesuffix(DIRTY) or site.branch
        requirement = site.requirement(pinned)
        source = INSTALL.format(requirement=requirement)
    install = nbformat.v4.new_code_cell(source.rstrip(), id="install")
    head = [about, install]
    rest = [c for c in notebook.cells if c.id not in ("about", "install")]
    notebook.cells = head + rest
    return notebook


def _folded_headings(cells: list[NotebookNode]) -> list[str]:
    """Fold each solution under its heading; return the ids for Colab.

    A fold hides all cells up to the next heading; `boxes` makes no heading
    of a solution where that would be too much.
    """
    folded = []
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source.startswith(SOLUTION):
            cell.metadata["jp-MarkdownHeadingCollapsed"] = True
            cell.metadata["id"] = cell.id
            folded.append(cell.id)
    return folded


def assemble(
    cells: list[NotebookNode],
    page: str,
    receipt: str = "",
) -> NotebookNode:
    """Return the notebook of `page` without the cells that `pin` writes.

    Parameters
    ----------
    cells
        The page, starting with its title.
    page
        Its name, such as `lesson1/classify`.
    receipt
        The receipt of its run, in words.

    """
    title, _, rest = cells[0].source.partition("\n")
    first = nbformat.v4.new_markdown_cell(rest.strip(), id=cells[0].id)
    cells = [first, *cells[1:]] if first.source else cells[1:]
    title = title.lstrip("# ")
    facts = {"page": page, "title": title, "executed": True}
    if receipt:
        foot = nbformat.v4.new_markdown_cell(f"---\n\n{receipt}", id="receipt")
        cells = [*cells, foot]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.update(
        {
            "accelerator": "GPU",
            "colab": {
                "name": page.rpartition("/")[2] + ".ipynb",
                "provenance": [],
                "collapsed_sections": _folded_headings(cells),
            },
            "kernelspec": dict(KERNEL),
            "language_info": dict(LANGUAGE),
            "sevenlessons": facts,
        }
    )
    return notebook


def without_outputs(notebook: NotebookNode) -> NotebookNode:
    """Return a copy of `notebook` that was never run."""
    copy = nbformat.reads(nbformat.writes(notebook), as_version=4)
    copy.metadata["sevenlessons"]["executed"] = False
    for cell in copy.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return copy


def differences(notebook: NotebookNode, executed: NotebookNode) -> list[str]:
    """Say where the code is not that of the executed notebook."""
    ours = [plain_source(cell) for cell in code_cells(notebook)]
    theirs = [cell.source for cell in code_cells(executed)]
    if len(ours) != len(theirs):
        return [f"{len(ours)} code cells, but {len(theirs)} were executed"]
    return [
        f"code cell {number} is not the one that was executed"
        for number, (a, b) in enumerate(zip(ours, theirs, strict=True))
        if a != b
    ]
