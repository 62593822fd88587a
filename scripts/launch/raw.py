"""The gate: no MyST is left in a notebook that readers open elsewhere."""

import re

from nbformat import NotebookNode

__all__ = ["raw_myst"]

FENCE = re.compile(r"^[ >]*(`{3,}|~{3,})(.*)$")
SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.S)
KINDS = {
    "a role": re.compile(r"\{[a-zA-Z][\w:.+-]*\}(?=`)"),
    "glue": re.compile(r"\{glue:"),
    "a directive": re.compile(r"^[ >]*(?:`{3,}|~{3,})\s*\{", re.M),
    "a colon fence": re.compile(r"^[ >]*:{3,}", re.M),
    "a label": re.compile(r"^\([\w:./-]+\)=\s*$", re.M),
    "a block break": re.compile(r"^\+\+\+", re.M),
    "a comment": re.compile(r"^%(?:\s|$)", re.M),
    "attributes": re.compile(r"[\])`]\{[.#][\w-]"),
    "an empty link": re.compile(r"(?<!!)\[\]\("),
    "a link to a source file": re.compile(r"\]\((?!\w+:)[^)\s]*\.md[)#]"),
    "a substitution": re.compile(r"\{\{\s*\w+\s*\}\}"),
}
FORMULA = re.compile(r"\$\$.*?\$\$|(?<!\\)\$[^$\n]+(?<!\\)\$", re.S)


def _prose(source: str) -> str:
    """Return Markdown without what its code blocks and code spans hold.

    What a directive holds stays, and its first line with other fences, so
    that it does not look like a code span.
    """
    lines, fence, directives = [], "", []
    for line in source.split("\n"):
        found = FENCE.match(line)
        if fence:
            closing = found and not found[2].strip()
            if closing and found[1].startswith(fence):
                fence = ""
            continue
        if found and found[2].strip().startswith("{"):
            directives.append(found[1])
            line = f"~~~{found[2]}"
        elif found and directives and not found[2].strip():
            directives.pop()
            continue
        elif found:
            fence = found[1]
            continue
        lines.append(line)
    return SPAN.sub("``", "\n".join(lines))


def raw_myst(notebook: NotebookNode) -> list[str]:
    """Return what is left of MyST in the Markdown cells of `notebook`.

    >>> import nbformat
    >>> cell = nbformat.v4.new_markdown_cell("see {ref}`there`")
    >>> raw_myst(nbformat.v4.new_notebook(cells=[cell]))
    ['cell 0: a role is left: see {ref}``']
    """
    faults = []
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type != "markdown":
            continue
        prose = FORMULA.sub("", _prose(cell.source))
        for kind, pattern in KINDS.items():
            found = pattern.search(prose)
            if found:
                start = prose.rfind("\n", 0, found.start()) + 1
                line = prose[start : found.end() + 40].split("\n")[0]
                faults.append(f"cell {number}: {kind} is left: {line[:90]}")
    return faults
