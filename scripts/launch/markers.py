"""Say in the page where each code cell stands.

A cell tagged `remove-cell` leaves no trace in the resolved page, but later
cells may need what it did. So a MyST comment is put before every code cell
when the page is read. Comments are not shown.
"""

import re

import nbformat
from docutils import nodes
from nbformat import NotebookNode

__all__ = ["mark", "marked"]

WORD = "sevenlessons-code-cell"
PATTERN = re.compile(rf"{WORD} (\d+)")


def mark(notebook: NotebookNode) -> NotebookNode:
    """Put a comment with its number before every code cell of `notebook`.

    >>> cells = [nbformat.v4.new_code_cell("1")]
    >>> mark(nbformat.v4.new_notebook(cells=cells)).cells[0].source
    '% sevenlessons-code-cell 0'
    """
    lines = notebook.metadata.get("source_map")
    cells, new_lines, number = [], [], 0
    for index, cell in enumerate(notebook.cells):
        copies = [cell]
        if cell.cell_type == "code":
            comment = nbformat.v4.new_markdown_cell(f"% {WORD} {number}")
            copies.insert(0, comment)
            number += 1
        cells += copies
        if lines:
            new_lines += [lines[index]] * len(copies)
    notebook.cells = cells
    if lines:
        notebook.metadata["source_map"] = new_lines
    return notebook


def marked(node: nodes.Node) -> int | None:
    """Return the number of the code cell that `node` announces, if any."""
    if not isinstance(node, nodes.comment):
        return None
    found = PATTERN.fullmatch(node.astext().strip())
    return int(found[1]) if found else None
