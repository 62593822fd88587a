"""From the table of contents to pages, from a page to its cells.

The cells are read with the reader that the site uses (myst-nb's), so that
what runs here is what the site shows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from myst_nb.core.read import (
    is_myst_markdown_notebook,
    read_myst_markdown_notebook,
)
from myst_parser.config.main import MdParserConfig
from nbformat import NotebookNode

from .layout import Book

__all__ = ["Page", "code_cells", "page_names", "parse_cells", "read_page"]

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


@dataclass(frozen=True)
class Page:
    """One page of the book.

    Parameters
    ----------
    name
        Name in ledgers and commands, without `book/`: `lesson1/classify`.
    source
        The text file.
    text
        Its content.
    notebook
        Its cells without outputs, or `None` for a page without code.

    """

    name: str
    source: Path
    text: str
    notebook: NotebookNode | None


def _files(entry: object) -> Iterator[str]:
    if isinstance(entry, dict):
        for key in ("root", "file"):
            if key in entry:
                yield str(entry[key])
        for key in ("parts", "chapters", "sections", "entries", "subtrees"):
            yield from _files(entry.get(key))
    elif isinstance(entry, list):
        for child in entry:
            yield from _files(child)


def page_names(book: Book) -> list[str]:
    """Return the pages of the table of contents in reading order."""
    toc = yaml.safe_load(book.toc.read_text(encoding="utf-8"))
    return [
        name.removesuffix(".md").removeprefix("book/") for name in _files(toc)
    ]


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the code cells of `notebook` in order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def parse_cells(text: str, path: Path) -> NotebookNode:
    """Return the notebook that `text` describes, without outputs.

    Cell ids are numbers instead of myst-nb's random ones: two readings of
    one page are equal.
    """
    config = MdParserConfig(
        enable_extensions={"colon_fence", "dollarmath", "amsmath"}
    )
    notebook = read_myst_markdown_notebook(
        text, config, add_source_map=False, path=str(path)
    )
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    notebook.metadata.setdefault("kernelspec", dict(KERNEL))
    return notebook


def read_page(book: Book, name: str) -> Page:
    """Read one page; a page that is not a notebook has no cells."""
    source = book.source(name)
    if not source.is_file():
        raise FileNotFoundError(
            f"{book.toc.name} lists book/{name}, but {source} does not exist;"
            " write the page or take the line out"
        )
    text = source.read_text(encoding="utf-8")
    notebook = None
    if is_myst_markdown_notebook(text):
        notebook = parse_cells(text, source)
        if not code_cells(notebook):
            notebook = None
    return Page(name, source, text, notebook)


def opened_cells(text: str) -> int:
    r"""Return how many code cells `text` opens, nested ones included.

    >>> opened_cells("```{code-cell}\n1\n```\n")
    1
    """
    pattern = r"^[ >]*(?:`{3,}|~{3,}|:{3,})\s*\{code-cell\}"
    return len(re.findall(pattern, text, re.MULTILINE))
