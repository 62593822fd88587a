"""Tables of the page, as Markdown tables."""

from collections.abc import Callable

from docutils import nodes

from .context import Context
from .inline import inline_children

__all__ = ["table"]


def _entry(entry: nodes.entry, text_of: Callable[[nodes.Node], str]) -> str:
    """Return one cell on one line."""
    parts = [text_of(child) for child in entry.children]
    text = "<br>".join(part.strip() for part in parts if part.strip())
    return " ".join(text.split("\n")).replace("|", r"\|")


def table(
    node: nodes.table,
    context: Context,
    text_of: Callable[[nodes.Node], str],
) -> str:
    """Return a table as Markdown; `text_of` translates what its cells hold.

    Markdown knows neither a cell across two columns nor two rows of heads:
    the first becomes a cell and empty ones, the second ordinary rows.
    """
    rows = []
    for row in node.findall(nodes.row):
        cells = []
        for entry in row.children:
            cells.append(_entry(entry, text_of))
            cells += [""] * entry.get("morecols", 0)
            if entry.get("morerows"):
                context.faults.append("a table cell spans several rows")
        rows.append(cells)
    if not rows:
        return ""
    width = max(len(row) for row in rows)
    if not any(isinstance(x, nodes.thead) for x in node.findall()):
        rows.insert(0, [])
    rows = [row + [""] * (width - len(row)) for row in rows]
    rows.insert(1, ["---"] * width)
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    title = next((c for c in node.children if isinstance(c, nodes.title)), 0)
    if title:
        name = context.label("table", node)
        words = inline_children(title, context)
        head = f"**{name}: {words}**" if name else f"**{words}**"
        lines = [head, "", *lines]
    return "\n".join(lines)
