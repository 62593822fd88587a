"""What stands inside a paragraph, as Markdown."""

import re

from docutils import nodes

from .context import Context

__all__ = ["code_span", "escape", "guard_lines", "inline"]

# Inside a word, an underscore means nothing to Markdown.
SPECIAL = re.compile(r"([\\`*$]|(?<!\w)_|_(?!\w)|~(?=~)|\[(?=[^\]]*\][(\[:]))")
STARTS = re.compile(r"^(\s*)([-+>](?=\s)|#(?=#*\s)|\d+(?=[.)]\s)|[=-]+\s*$)")
SILENT = {
    "sd_tab_input",
    "toctree",
    "index",
    "target",
    "comment",
    "meta",
    "system_message",
    "substitution_definition",
    "tabular_col_spec",
    "sd_icon",
    "fontawesome",
}


def escape(text: str) -> str:
    r"""Return `text` so that Markdown shows it as it is.

    >>> escape("2 * 3 < n_layers, $5")
    '2 \\* 3 &lt; n_layers, \\$5'
    """
    text = re.sub(r"&(?=#?\w+;)", "&amp;", text)
    return SPECIAL.sub(r"\\\1", text).replace("<", "&lt;")


def guard_lines(text: str) -> str:
    r"""Return a paragraph in which no line begins a list or a heading.

    >>> guard_lines("a sum\n+ b\n3. c")
    'a sum\n\\+ b\n3\\. c'
    """
    lines = []
    for line in text.split("\n"):
        found = STARTS.match(line)
        if found:
            end = found.end()
            if found[2][0].isdigit():
                line = f"{line[:end]}\\{line[end:]}"
            else:
                start = len(found[1])
                line = f"{line[:start]}\\{line[start:]}"
        lines.append(line)
    return "\n".join(lines)


def code_span(text: str) -> str:
    """Return `text` as inline code, whatever backticks it holds.

    >>> code_span("a `b` c")
    '`` a `b` c ``'
    """
    text = " ".join(text.split("\n"))
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    if not longest:
        return f"`{text}`"
    fence = "`" * (longest + 1)
    return f"{fence} {text} {fence}"


def _wrapped(mark: str, text: str) -> str:
    """Put `text` between marks that stand next to its first and last word."""
    core = text.strip()
    if not core:
        return text
    start, end = text.split(core, 1)
    return f"{start}{mark}{core}{mark}{end}"


def _reference(node: nodes.reference, context: Context) -> str:
    text = inline_children(node, context)
    if any(isinstance(child, nodes.image) for child in node.children):
        return text
    uri = node.get("refuri") or ""
    if not uri and node.get("refid"):
        uri = f"#{node['refid']}"
    internal = node.get("internal") or uri.startswith("#")
    if internal:
        if context.cite(uri):
            return text
        uri = context.site.link(context.docname, uri)
        if not uri and "sd-stretched-link" in node["classes"]:
            return ""  # it makes a card clickable, and says nothing new
        if not uri and text.strip() in context.titles:
            return _wrapped("*", text)
    if not uri or not text.strip():
        return text
    if re.search(r"[()\s]", uri):
        uri = f"<{uri}>"
    core = text.strip()
    start, end = text.split(core, 1)
    return f"{start}[{core}]({uri}){end}"


def _image(node: nodes.image, context: Context) -> str:
    uri = next(iter(node.get("candidates", {}).values()), None) or node["uri"]
    alt = " ".join(node.get("alt", "").split())
    if not alt:
        context.faults.append(f"the picture {uri} has no alt text")
    alt = re.sub(r"([\[\]\\])", r"\\\1", alt)
    return f"![{alt}]({context.picture(uri)})"


def _math(node: nodes.math, context: Context) -> str:
    return f"${' '.join(node.astext().split())}$"


def _raw(node: nodes.raw, context: Context) -> str:
    """Return HTML as it is, but no icons and no tooltips around words."""
    if node.get("only_page"):
        return ""
    html = node.astext() if "html" in node.get("format", "") else ""
    icon = html.startswith("<svg") and 'aria-hidden="true"' in html
    return "" if icon else html


def _footnote_mark(node: nodes.Element, context: Context) -> str:
    return f"<sup>{escape(node.astext().strip())}</sup>"


def _tagged(tag: str):
    def show(node: nodes.Element, context: Context) -> str:
        return f"<{tag}>{inline_children(node, context)}</{tag}>"

    return show


def _marked(mark: str):
    def show(node: nodes.Element, context: Context) -> str:
        return _wrapped(mark, inline_children(node, context))

    return show


def _literal(node: nodes.literal, context: Context) -> str:
    if "kbd" in node.get("classes", []):
        return f"<kbd>{escape(node.astext())}</kbd>"
    return code_span(node.astext())


RULES = {
    "Text": lambda node, context: escape(node.astext()),
    "emphasis": _marked("*"),
    "title_reference": _marked("*"),
    "strong": _marked("**"),
    "literal": _literal,
    "math": _math,
    "reference": _reference,
    "download_reference": _reference,
    "number_reference": _reference,
    "image": _image,
    "raw": _raw,
    "subscript": _tagged("sub"),
    "superscript": _tagged("sup"),
    "footnote_reference": _footnote_mark,
    "sd_line_break": lambda node, context: "  \n",
}


def inline(node: nodes.Node, context: Context) -> str:
    """Return `node`, which stands inside a paragraph, as Markdown."""
    for kind in type(node).__mro__:
        if kind.__name__ in RULES:
            return RULES[kind.__name__](node, context)
        if kind.__name__ in SILENT:
            return ""
    if "sr-only" in node.get("classes", []):
        return ""
    if not node.children and not node.astext():
        if not isinstance(node, nodes.inline):
            context.faults.append(f"no translation for <{node.tagname}>")
        return ""
    return inline_children(node, context)


def inline_children(node: nodes.Element, context: Context) -> str:
    """Return all that stands inside `node` as Markdown."""
    return "".join(inline(child, context) for child in node.children)
