"""Files of runs: executed notebooks, receipts and ledger.

All that is known of a run lies in its notebook (`metadata.sevenlessons`), so
that nothing can be stale beside it: receipts and ledger are written anew
from the notebooks every time.
"""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from . import files
from .layout import PACKAGE, Book
from .pages import Page, code_cells

__all__ = ["forget", "load", "merge", "prune", "save", "write_json"]


def _write(path: Path, text: str) -> bool:
    """Write `text` in one step; leave a file alone that has it already."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
    return True


def write_json(path: Path, value: Any) -> bool:
    """Write `value` as JSON; return whether the file changed."""
    text = json.dumps(value, indent=1, ensure_ascii=False)
    return _write(path, text + "\n")


def load(book: Book, page: str) -> NotebookNode | None:
    """Return the executed notebook of `page`, or `None`."""
    path = book.notebook(page)
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.reader.NotJSONError):
        return None
    return notebook if PACKAGE in notebook.metadata else None


def save(book: Book, page: str, notebook: NotebookNode) -> bool:
    """Write the executed notebook of `page`; return whether it changed."""
    nbformat.validate(notebook)
    text = nbformat.writes(notebook, version=4)
    return _write(book.notebook(page), text + "\n")


def merge(page: Page, executed: NotebookNode) -> NotebookNode:
    """Return the cells of `page` with the outputs of `executed`.

    Both have the same code cells; the words between them may differ.
    """
    merged = nbformat.from_dict(json.loads(json.dumps(page.notebook)))
    pairs = zip(code_cells(merged), code_cells(executed), strict=True)
    for cell, source in pairs:
        cell.outputs = source.outputs
        cell.execution_count = source.execution_count
    for name in ("language_info", "kernelspec", PACKAGE):
        if name in executed.metadata:
            merged.metadata[name] = executed.metadata[name]
    return merged


def forget(book: Book, page: str) -> None:
    """Delete the run of `page` and the files that it published."""
    book.notebook(page).unlink(missing_ok=True)
    shutil.rmtree(book.files(page), ignore_errors=True)


def prune(book: Book, pages: list[str]) -> None:
    """Delete runs and files of pages that the book no longer has."""
    files.drop(book, pages)
    folder = book.build / "notebooks"
    for path in folder.rglob("*.ipynb"):
        name = path.relative_to(folder).with_suffix("").as_posix()
        if name not in pages:
            path.unlink()
