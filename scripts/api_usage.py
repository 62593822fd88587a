"""Which names of the package the pages of the book use, read off their code.

Usage: python -m scripts.api_usage
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from .bookrun.layout import PACKAGE, Book
from .bookrun.pages import code_cells, page_names, read_page

__all__ = ["names_in", "used_on"]


def _plain(source: str) -> str:
    """Return a cell without the lines that only IPython understands."""
    lines = source.splitlines()
    return "\n".join(x for x in lines if not x.lstrip().startswith(("%", "!")))


def names_in(sources: list[str]) -> Iterator[str]:
    """Yield full names of all that the cells import from the package or use.

    Parameters
    ----------
    sources
        The code cells of one page.

    Examples
    --------
    >>> cells = ["from sevenlessons.data import digits", "digits.load()"]
    >>> sorted(set(names_in(cells)))
    ['sevenlessons.data.digits', 'sevenlessons.data.digits.load']

    """
    known: dict[str, str] = {}  # how a page calls it: its full name
    trees = [ast.parse(_plain(source)) for source in sources]
    for node in (n for tree in trees for n in ast.walk(tree)):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module.split(".")[0] == PACKAGE:
                yield node.module
                for alias in node.names:
                    full = f"{node.module}.{alias.name}"
                    known[alias.asname or alias.name] = full
                    yield full
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == PACKAGE:
                    known[alias.asname or alias.name] = alias.name
                    yield alias.name
    for node in (n for tree in trees for n in ast.walk(tree)):
        if isinstance(node, ast.Attribute) and isinstance(
            node.value, ast.Name
        ):
            full = known.get(node.value.id)
            if full:
                yield f"{full}.{node.attr}"


def used_on(root: Path) -> dict[str, list[str]]:
    """Return the pages, in reading order, that use each name.

    Parameters
    ----------
    root
        Folder of the book.

    """
    book = Book(root)
    users: dict[str, list[str]] = {}
    for name in page_names(book):
        if not book.source(name).is_file():
            continue
        page = read_page(book, name)
        if page.notebook is None:
            continue
        sources = [cell.source for cell in code_cells(page.notebook)]
        for full in set(names_in(sources)):
            users.setdefault(full, []).append(name)
    return users


if __name__ == "__main__":
    for used, pages in sorted(used_on(Path.cwd()).items()):
        print(f"{used}: {', '.join(pages)}")
