"""Outputs of an earlier run, committed to the repository as text.

One file a page, `tests/references/<page>.json`: for each cell that is tagged
`nbval-check-output` the first line and a digest of its source, and what it
printed, line by line. No pictures, no HTML, no timings. Runs on another
device than the CPU use other settings and print other shapes; their
references lie under `tests/references/<device>/`.
"""

import difflib
import json
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from scripts.bookrun import run as runner
from scripts.bookrun import store
from scripts.bookrun.keys import digest
from scripts.bookrun.layout import PACKAGE, Book
from scripts.bookrun.pages import code_cells, page_names, read_page

__all__ = [
    "CHECK",
    "Cell",
    "checked",
    "folder",
    "output_texts",
    "outputs_of",
    "pair",
    "published",
    "read",
    "reference_path",
    "write",
]

CHECK = "nbval-check-output"
FOLDER = "tests/references"
DEVICES = ("cpu", "cuda")

Cell = dict[str, Any]  # one entry of a file


def folder(book: Book, device: str = "cpu") -> Path:
    """Return the folder of the references of runs on `device`."""
    found = book.root / FOLDER
    return found if device == "cpu" else found / device


def reference_path(book: Book, page: str, device: str = "cpu") -> Path:
    """Return the file of `page`."""
    return folder(book, device) / f"{page}.json"


def published(
    book: Book, page: str
) -> tuple[NotebookNode | None, str, list[str]]:
    """Return the executed notebook of `page`, its device, and what is stale.

    The notebook is `None` where the page has no code, or where the list of
    what is stale has entries.
    """
    read_now = read_page(book, page)
    if read_now.notebook is None:
        return None, "cpu", []
    old = store.load(book, page)
    if old is None:
        return None, "cpu", ["not run"]
    device = old.metadata[PACKAGE].get("device", "cpu")
    notebook, changed = runner.reusable(book, read_now, device)
    return notebook, device, changed


def checked(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    """Return the tagged cells of `notebook` with their numbers, from 1."""
    cells = enumerate(code_cells(notebook), 1)
    return [(i, c) for i, c in cells if CHECK in c.metadata.get("tags", [])]


def output_texts(cell: NotebookNode) -> list[dict[str, str]]:
    """Return what `cell` showed as text, one dictionary an output."""
    found: list[dict[str, str]] = []
    for output in cell.outputs:
        if output.output_type == "stream":
            if found and list(found[-1]) == [output.name]:
                found[-1][output.name] += output.text
            else:
                found.append({output.name: output.text})
        elif output.output_type == "error":
            found.append({"ename": output.ename, "evalue": output.evalue})
        elif "text/plain" in output.get("data", {}):
            found.append({"text/plain": output.data["text/plain"]})
    return found


def entry(cell: NotebookNode) -> Cell:
    """Return what is committed of a tagged cell."""
    return {
        "cell": cell.source.strip().partition("\n")[0],
        "digest": digest(cell.source),
        "outputs": [
            {name: text.split("\n") for name, text in output.items()}
            for output in output_texts(cell)
        ],
    }


def outputs_of(cell: Cell) -> list[NotebookNode]:
    """Return the outputs that a notebook would hold for an entry."""
    found = []
    for output in cell["outputs"]:
        texts = {name: "\n".join(lines) for name, lines in output.items()}
        made: dict[str, Any]
        if "ename" in texts:
            made = {"output_type": "error", "traceback": []} | texts
        elif "text/plain" in texts:
            made = {"output_type": "display_data", "data": texts}
            made["metadata"] = {}
        else:
            ((name, text),) = texts.items()
            made = {"output_type": "stream", "name": name, "text": text}
        found.append(NotebookNode(made))
    return found


def read(book: Book, page: str, device: str = "cpu") -> list[Cell] | None:
    """Return the entries of `page`, or `None` where it has no file."""
    path = reference_path(book, page, device)
    if not path.is_file():
        return None
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def pair(
    notebook: NotebookNode, cells: list[Cell]
) -> tuple[dict[int, Cell], list[Cell]]:
    """Return the entry of each tagged cell by number, and those left over."""
    left, found = list(cells), {}
    for number, cell in checked(notebook):
        key = digest(cell.source)
        for known in left:
            if known["digest"] == key:
                found[number] = known
                left.remove(known)
                break
    return found, left


def _diff(path: Path, book: Book, before: str) -> str:
    after = path.read_text(encoding="utf-8") if path.is_file() else ""
    name = path.relative_to(book.root).as_posix()
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), name, name, "", "", 1, ""
    )
    return "\n".join(lines)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def write(book: Book, page: str, notebook: NotebookNode, device: str) -> str:
    """Write the references of `page`; return the differences to before."""
    path = reference_path(book, page, device)
    before = _text(path)
    cells = [entry(cell) for _, cell in checked(notebook)]
    if cells:
        store.write_json(path, {"page": page, "cells": cells})
    else:
        path.unlink(missing_ok=True)
    return _diff(path, book, before)


def orphans(book: Book) -> list[Path]:
    """Return the files of references of pages that the book has no more."""
    known = {
        reference_path(book, page, device)
        for page in page_names(book)
        for device in DEVICES
    }
    return sorted(set(folder(book).rglob("*.json")) - known)
