"""The prose of a page: its lines without code, math, roles and addresses."""

import re
from collections.abc import Iterator

__all__ = ["prose_lines"]

FENCE = re.compile(r"^[ >]*(`{3,}|~{3,}|:{3,})\s*(?:\{([\w:-]+)\}|(\S*))")
OPTION = re.compile(r"^\s*:[\w-]+:(\s|$)")
CODE = {  # directives whose body is no prose, or an exercise's own figures
    "code",
    "code-block",
    "code-cell",
    "eval-rst",
    "exercise",
    "graphviz",
    "literalinclude",
    "math",
    "toctree",
}
INLINE = (
    re.compile(r"<!--.*?-->"),
    re.compile(r"\{[\w:-]+\}(`+).*?\1"),  # a role
    re.compile(r"(`+).*?\1"),
    re.compile(r"\$[^$]*\$"),
    re.compile(r"\]\([^)]*\)"),
    re.compile(r"<https?:[^>]*>|https?:\S+"),
    re.compile(r"^\([\w-]+\)=\s*$"),
)


def _front_matter(lines: list[str]) -> int:
    """Return how many lines the front matter takes."""
    if not lines or lines[0].strip() != "---":
        return 0
    for number, line in enumerate(lines[1:], 2):
        if line.strip() == "---":
            return number
    return 0


def prose_lines(text: str) -> Iterator[tuple[int, str]]:
    r"""Yield number and words of each line that is prose.

    >>> list(prose_lines("# A\n`0.5` is 2.5\n```\n3.5\n```\n"))
    [(1, '# A'), (2, ' is 2.5')]
    """
    lines = text.splitlines()
    skip = _front_matter(lines)
    open_fences: list[tuple[str, bool]] = []  # its marks, and if it is code
    math = False
    for number, line in enumerate(lines, 1):
        if number <= skip:
            continue
        found = FENCE.match(line)
        code = bool(open_fences) and open_fences[-1][1]
        if found:
            marks, directive, language = found.groups()
            last = open_fences[-1][0] if open_fences else ""
            closes = (
                not directive
                and not language
                and marks[0] == last[:1]
                and len(marks) >= len(last)
            )
            if closes:
                open_fences.pop()
            elif not code:
                is_code = directive in CODE or not directive
                is_code = (is_code and marks[0] != ":") or directive in CODE
                open_fences.append((marks, is_code))
                title = line[found.end() :]
                if not is_code and title.strip():
                    yield number, _words(title)
            continue
        if line.strip().startswith("$$"):
            math = not math if line.count("$$") == 1 else math
            continue
        if code or math or OPTION.match(line):
            continue
        if line.strip():
            yield number, _words(line)


def _words(line: str) -> str:
    for pattern in INLINE:
        line = pattern.sub("", line)
    return line
