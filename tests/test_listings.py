"""Listings that take single lines still show whole statements.

A docstring that grows by a line moves every line below it: the listing then
shows a piece of prose, or misses the formula, and nothing complains.
"""

import ast
import re
import textwrap
from pathlib import Path

import pytest

BOOK = Path(__file__).resolve().parents[1] / "book"
LISTING = re.compile(r"```\{literalinclude\} (\S+)\n((?::.*\n)*)```")
OPTION = re.compile(r"^:([\w-]+):\s*(.*)$", re.M)


def listings():
    for page in sorted(BOOK.glob("*/*.md")):
        for found in LISTING.finditer(page.read_text(encoding="utf-8")):
            options = dict(OPTION.findall(found[2]))
            if "lines" in options:
                name = options.get("pyobject", "")
                label = f"{page.parent.name}/{page.stem}: {name}"
                yield pytest.param(page.parent / found[1], options, id=label)


def shown(path, options):
    lines = path.read_text(encoding="utf-8").splitlines()
    if "pyobject" in options:
        node = ast.parse("\n".join(lines))
        for name in options["pyobject"].split("."):
            node = next(
                n for n in node.body if getattr(n, "name", None) == name
            )
        first = min([node, *node.decorator_list], key=lambda n: n.lineno)
        lines = lines[first.lineno - 1 : node.end_lineno]
    taken = []
    for part in options["lines"].split(","):
        first, dash, last = part.partition("-")
        end = int(last or (len(lines) if dash else first))
        taken += lines[int(first) - 1 : end]
    return "\n".join(taken)


@pytest.mark.parametrize("path, options", list(listings()))
def test_a_listing_of_lines_is_whole_statements(path, options):
    text = textwrap.dedent(shown(path, options))
    body = ast.parse(text).body
    if isinstance(body[0], ast.FunctionDef) and len(body) == 1:
        body = body[0].body
    assert not (
        isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Name)
    )


def test_a_moved_line_is_noticed(tmp_path):
    path = tmp_path / "a.py"
    path.write_text('def f():\n    """Say so,\n    twice: a.\n    """\n')
    with pytest.raises(SyntaxError):
        ast.parse(shown(path, {"pyobject": "f", "lines": "1,3"}))
