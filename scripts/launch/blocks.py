"""Sections, paragraphs, lists, code and formulas, as Markdown."""

import re

from docutils import nodes

from .context import Context
from .inline import guard_lines, inline_children
from .rules import Piece, children, pieces_of, rule, text_of
from .tables import table

__all__ = ["heading", "title_of"]

LANGUAGES = {"default": "", "none": "", "ipython3": "python"}


def _indented(mark: str, text: str) -> str:
    lines = text.split("\n")
    rest = [" " * len(mark) + line if line else "" for line in lines[1:]]
    return "\n".join([mark + lines[0], *rest])


def title_of(node: nodes.Element, context: Context) -> str:
    """Return the title of `node` on one line."""
    for child in node.children:
        if isinstance(child, nodes.title):
            return " ".join(inline_children(child, context).split())
    return ""


def heading(level: int, text: str) -> str:
    """Return a heading; Markdown knows six levels."""
    return "#" * min(level, 6) + " " + " ".join(text.split())


@rule("section")
def on_section(
    node: nodes.Element, context: Context, level: int
) -> list[Piece]:
    title = title_of(node, context)
    start = [heading(level + 1, title)] if title else []
    return start + children(node, context, level + 1 if title else level)


@rule("paragraph")
def on_paragraph(
    node: nodes.Element, context: Context, level: int
) -> list[Piece]:
    text = inline_children(node, context).strip()
    return [guard_lines(text)] if text else []


@rule("literal_block", "doctest_block")
def on_literal_block(
    node: nodes.Element, context: Context, level: int
) -> list[Piece]:
    text = node.astext().rstrip("\n")
    language = node.get("language", "")
    language = LANGUAGES.get(language, language)
    runs = [len(run) for run in re.findall("`{3,}", text)]
    fence = "`" * max([3, *(run + 1 for run in runs)])
    return [f"{fence}{language}\n{text}\n{fence}"]


@rule("math_block")
def on_math_block(
    node: nodes.Element, context: Context, level: int
) -> list[Piece]:
    tex = node.astext().strip()
    tex = re.sub(r"\{(align|gather)\*?\}", r"{\1ed}", tex)
    tex = re.sub(r"\{equation\*?\}", "{split}", tex)
    if "\\\\" in tex and "\\begin" not in tex:
        tex = f"\\begin{{split}}\n{tex}\n\\end{{split}}"
    number = context.label("displaymath", node) if node.get("label") else ""
    number = re.sub(r"[^\d.]", "", number) or str(node.get("number") or "")
    if node.get("label") and number:
        tex += f" \\tag{{{number}}}"
    return [f"$$\n{tex}\n$$"]


@rule("bullet_list", "enumerated_list")
def on_list(node: nodes.Element, context: Context, level: int) -> list[Piece]:
    numbered = isinstance(node, nodes.enumerated_list)
    number = node.get("start", 1)
    items = []
    for item in node.children:
        mark = f"{number}. " if numbered else "- "
        items.append(_indented(mark, text_of(item, context, level) or " "))
        number += 1
    loose = any("\n\n" in item for item in items)
    return [("\n\n" if loose else "\n").join(items)]


@rule("definition_list", "field_list", "option_list")
def on_definition_list(
    node: nodes.Element, context: Context, level: int
) -> list[Piece]:
    """Definitions and fields become items with a bold name."""
    items = []
    for item in node.children:
        names, body = [], ""
        for part in item.children:
            if isinstance(part, nodes.definition | nodes.field_body):
                body = text_of(part, context, level)
            elif isinstance(part, nodes.description):
                body = text_of(part, context, level)
            else:
                names.append(f"**{inline_children(part, context).strip()}**")
        items.append(_indented("- ", f"{', '.join(names)}: {body}".rstrip()))
    return ["\n".join(items)]


@rule("line_block")
def on_line_block(
    node: nodes.Element, context: Context, level: int
) -> list[Piece]:
    lines = [inline_children(line, context) for line in node.children]
    return ["  \n".join(lines)]


@rule("table")
def on_table(node: nodes.Element, context: Context, level: int) -> list[Piece]:
    def words(part: nodes.Node) -> str:
        pieces = pieces_of(part, context, level)
        return "\n\n".join(p for p in pieces if isinstance(p, str))

    return [table(node, context, words)]


@rule("rubric", "sd_tab_label", "dropdown_title")
def on_rubric(
    node: nodes.Element, context: Context, level: int
) -> list[Piece]:
    text = inline_children(node, context)
    return [f"**{' '.join(text.split())}**"]


@rule("transition")
def on_transition(
    node: nodes.Element, context: Context, level: int
) -> list[Piece]:
    return ["---"]


@rule("title", "subtitle", "SideNoteNode")
def on_nothing(
    node: nodes.Element, context: Context, level: int
) -> list[Piece]:
    """Whoever owns a title shows it."""
    return []
