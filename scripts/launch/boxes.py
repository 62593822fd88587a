"""Notes, figures, exercises and theorems, as Markdown."""

import re

from docutils import nodes

from .blocks import heading, title_of
from .context import Code, Context
from .inline import code_span, escape, inline_children
from .rules import Piece, children, pieces_of, rule, text_of

__all__: list[str] = []


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


@rule("block_quote")
def on_block_quote(
    node: nodes.Element, context: Context, level: int
) -> list[Piece]:
    return [_quoted(text_of(node, context, level))]


@rule("Admonition", "sidebar")
def on_admonition(
    node: nodes.Element, context: Context, level: int
) -> list[Piece]:
    margin = "margin" in node["classes"] or node.tagname == "sidebar"
    kind = "In the margin" if margin else node.tagname.capitalize()
    head = title_of(node, context) or kind
    body = text_of(node, context, level)
    return [_quoted(f"**{head}**\n\n{body}")]


@rule("figure")
def on_figure(
    node: nodes.Element, context: Context, level: int
) -> list[Piece]:
    pieces = []
    for child in node.children:
        if isinstance(child, nodes.caption):
            name = context.label("figure", node)
            words = inline_children(child, context).strip()
            pieces.append(f"*{name}.* {words}" if name else words)
        else:
            pieces += pieces_of(child, context, level)
    return pieces


def _is_exercise(node: nodes.Node) -> bool:
    return type(node).__module__.startswith("sphinx_exercise")


def _folds(node: nodes.Element) -> bool:
    """Return whether a heading or another exercise follows `node`.

    Jupyter folds all that stands between a heading and the next one.
    """
    for sibling in node.parent.children[node.parent.index(node) + 1 :]:
        if not isinstance(sibling, nodes.target):
            return isinstance(sibling, nodes.section) or _is_exercise(sibling)
    return True


@rule("exercise_node", "exercise_enumerable_node", "solution_node")
def on_exercise(
    node: nodes.Element, context: Context, level: int
) -> list[Piece]:
    """Exercise and solution are headings, so that one can fold them."""
    title = title_of(node, context)
    number = context.label("exercise", node)
    solution = type(node).__name__ == "solution_node"
    pieces = [heading(4 if solution else 3, f"{number} {title}")]
    if solution and not _folds(node):
        pieces = [f"**{title}**"]
    for piece in children(node, context, level):
        if solution and isinstance(piece, Code):
            piece = Code(piece.number, solution=True)
        pieces.append(piece)
    return pieces


@rule("sphinx_proof")
def on_theorem(
    node: nodes.Element, context: Context, level: int
) -> list[Piece]:
    kind = node.get("realtype", "proof")
    number = context.label(node.get("countertype", kind), node)
    number = re.sub(r"[^\d.]", "", number)
    head = " ".join(
        part
        for part in (kind.capitalize(), number, title_of(node, context))
        if part
    )
    return [_quoted(f"**{head}**\n\n{text_of(node, context, level)}")]


@rule("footnote")
def on_footnote(
    node: nodes.Element, context: Context, level: int
) -> list[Piece]:
    label = node.children[0].astext()
    body = [c for c in node.children if not isinstance(c, nodes.label)]
    text = "\n\n".join(
        piece
        for child in body
        for piece in pieces_of(child, context, level)
        if isinstance(piece, str)
    )
    return [f"<sup>{escape(label)}</sup> {text}"]


@rule("container", "compound")
def on_container(
    node: nodes.Element, context: Context, level: int
) -> list[Piece]:
    if node.get("nb_element") == "cell_code":
        return []  # its marker stands before it
    if node.get("design_component") == "card-title":
        return [f"**{piece}**" for piece in children(node, context, level)]
    if "toctree-wrapper" in node["classes"]:
        return []
    if "margin" in node["classes"]:
        return on_admonition(node, context, level)
    if node.get("literal_block"):
        name = node.children[0].astext()
        return [code_span(name), *children(node, context, level)[1:]]
    return children(node, context, level)


@rule("DemoNode")
def on_demo(node: nodes.Element, context: Context, level: int) -> list[Piece]:
    """Say where the demo runs: it needs the page."""
    link = context.site.link(context.docname, f"#demo-{node['number']}")
    place = f"[the page in the online book]({link})" if link else "the page"
    return [_quoted(f"**Live demo.** It runs in a browser: see {place}.")]
