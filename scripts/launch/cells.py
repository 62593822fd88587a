"""Markdown and code of a page in one list of notebook cells."""

import nbformat
from docutils import nodes
from nbformat import NotebookNode

# blocks and boxes register their rules
from . import blocks, boxes  # noqa: F401
from .context import Code, Context
from .rules import Piece, pieces_of

__all__ = ["body", "code_cells", "plain_source", "translate"]

FOLDED = {
    "remove-cell": "Behind the page",
    "remove-input": "How this was made",
    "hide-input": "How this was made",
    "hide-cell": "How this was made",
}
FORM = "#@title "
SOLUTION = "#### Solution"
LEDGER = ("application/papermill.record/", "application/vnd.sevenlessons.")


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the code cells of `notebook`, without the install cell."""
    return [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.get("id") != "install"
    ]


def plain_source(cell: NotebookNode) -> str:
    """Return the code of `cell` without the title that Colab shows."""
    source = str(cell.source)
    if source.startswith(FORM):
        source = source.partition("\n")[2]
    return source


def translate(doctree: nodes.document, context: Context) -> list[Piece]:
    """Return the pieces of a resolved page, references at the end."""
    pieces = pieces_of(doctree, context, 0)
    if context.cited:
        works = "\n".join(f"- {work}" for work in context.cited)
        pieces += ["## References", works]
    return pieces


def _fold(cell: NotebookNode, title: str) -> None:
    """Hide the code in Jupyter and in Colab until a reader opens it."""
    cell.metadata["jupyter"] = {"source_hidden": True}
    if not cell.source.startswith("%%"):  # a magic has to come first
        cell.metadata["cellView"] = "form"
        cell.source = f"{FORM}{title}\n{cell.source}"


def _outputs(cell: NotebookNode) -> list[NotebookNode]:
    """Return the outputs of `cell` that a reader can see."""
    kept = []
    for output in cell.outputs:
        output = nbformat.from_dict(output)
        data = output.get("data")
        if data is not None:
            for mime in [m for m in data if m.startswith(LEDGER)]:
                del data[mime]
            if not data:
                continue
        kept.append(output)
    return kept


def _code(piece: Code, executed: NotebookNode) -> NotebookNode:
    """Return the code cell that `piece` stands for, with its outputs."""
    cell = nbformat.v4.new_code_cell(
        executed.source,
        id=f"code-{piece.number}",
        execution_count=executed.execution_count,
        outputs=_outputs(executed),
    )
    tags = [tag.replace("_", "-") for tag in executed.metadata.get("tags", [])]
    if tags:
        cell.metadata["tags"] = tags
    titles = [FOLDED[tag] for tag in tags if tag in FOLDED]
    if piece.solution:
        titles.insert(0, "Solution")
    if titles:
        _fold(cell, titles[0])
    return cell


def body(
    pieces: list[Piece], executed: NotebookNode
) -> tuple[list[NotebookNode], list[str]]:
    """Return the cells of a page with outputs, and what is wrong with them.

    Parameters
    ----------
    pieces
        The translated page.
    executed
        Its executed notebook: the code cells are copied from there.

    """
    codes = [c for c in executed.cells if c.cell_type == "code"]
    order = [piece.number for piece in pieces if isinstance(piece, Code)]
    if order != list(range(len(codes))):
        return [], [
            f"the page's {len(codes)} code cells stand in the translation as"
            f" {order}; each must be there once, in order"
        ]
    cells: list[NotebookNode] = []
    for piece in pieces:
        if isinstance(piece, Code):
            cells.append(_code(piece, codes[piece.number]))
            continue
        last = cells[-1] if cells else None
        new = last is None or last.cell_type == "code"
        # alone, the heading of a solution folds all of it
        new = new or last.source.startswith(SOLUTION)
        if new or piece.startswith("#"):
            name = f"text-{len(cells)}"
            cells.append(nbformat.v4.new_markdown_cell(piece, id=name))
        else:
            last.source += f"\n\n{piece}"
    return cells, []
