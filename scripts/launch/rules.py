"""Which rule translates which kind of block.

Every rule returns pieces: strings of Markdown, and `Code` where a code cell
of the page stands. The rules themselves are in `blocks` and `boxes`.
"""

from collections.abc import Callable

from docutils import nodes

from .context import Code, Context
from .inline import inline
from .markers import marked

__all__ = ["Piece", "children", "pieces_of", "rule", "text_of"]

Piece = str | Code
Rule = Callable[[nodes.Element, Context, int], list[Piece]]
RULES: dict[str, Rule] = {}
LOOSE = (nodes.TextElement, nodes.Text, nodes.Inline, nodes.image)


def rule(*names: str) -> Callable[[Rule], Rule]:
    """Register a rule for nodes of the classes called `names`."""

    def register(function: Rule) -> Rule:
        RULES.update(dict.fromkeys(names, function))
        return function

    return register


def pieces_of(node: nodes.Node, context: Context, level: int) -> list[Piece]:
    """Return the pieces that `node`, a block of the page, turns into.

    A kind without a rule of its own gives what stands inside it. `level` is
    that of the heading above.
    """
    number = marked(node)
    if number is not None:
        return [Code(number)]
    for kind in type(node).__mro__:
        name = kind.__name__
        if kind.__module__.startswith("sphinx_proof"):
            name = "sphinx_proof"
        if name in RULES:
            return RULES[name](node, context, level)
    if isinstance(node, LOOSE) or not node.children:
        text = inline(node, context).strip()
        return [text] if text else []
    return children(node, context, level)


def children(node: nodes.Element, context: Context, level: int) -> list[Piece]:
    """Return the pieces of all that stands inside `node`."""
    return [
        piece
        for child in node.children
        for piece in pieces_of(child, context, level)
    ]


def text_of(node: nodes.Element, context: Context, level: int) -> str:
    """Return the blocks inside `node` as one string; no code cells there."""
    pieces = children(node, context, level)
    if any(isinstance(piece, Code) for piece in pieces):
        context.faults.append(
            f"a code cell stands inside <{node.tagname}>; close that first"
        )
    return "\n\n".join(piece for piece in pieces if isinstance(piece, str))
