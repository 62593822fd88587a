"""Says when an earlier run of a page may be reused.

A run is described by its inputs: the code cells, the module files of the
package that were loaded when it ran (the kernel says which) with the other
files of their rooms, those that a command line in a cell starts, the pins,
the catalogue's entries of the data that it looked up (these hold the hashes),
device class, Python version and settings. Words between the cells are no
input. A run may be reused while every one of its inputs is the same.
"""

import ast
import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

from .layout import PACKAGE, Book
from .pages import Page, code_cells

__all__ = [
    "changes",
    "data_sets",
    "digest",
    "inputs",
    "module_files",
    "package_state",
]

DATA = "data: "  # before the name of a data set among the inputs
EVERY = "*"  # stands for the whole catalogue
FORMAT = "3"  # another number makes every page run again


def digest(value: bytes | str) -> str:
    """Return a short SHA-256 of `value`.

    >>> digest("a")
    'ca978112ca1bbdca'
    """
    data = value.encode() if isinstance(value, str) else value
    return hashlib.sha256(data).hexdigest()[:16]


def _file_of(book: Book, module: str) -> Path | None:
    path = book.code.joinpath(*module.split("."))
    for found in (path.with_suffix(".py"), path / "__init__.py"):
        if found.is_file():
            return found
    return None


def _imported(source: str, module: str, is_package: bool) -> set[str]:
    found: set[str] = set()
    parts = module.split(".")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                keep = len(parts) - node.level + is_package
                base = ".".join([*parts[:keep], *([base] if base else [])])
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] == PACKAGE}


def _closure(book: Book, modules: Iterable[str]) -> set[Path]:
    """Return the files of `modules` and of all that these import."""
    todo, files = set(modules), set()
    while todo:
        parts = todo.pop().split(".")
        for end in range(1, len(parts) + 1):  # a.b.c runs a, a.b and a.b.c
            module = ".".join(parts[:end])
            path = _file_of(book, module)
            if path is None or path in files:
                continue
            files.add(path)
            text = path.read_text(encoding="utf-8")
            todo |= _imported(text, module, path.name == "__init__.py")
    return files


def module_files(book: Book, page: Page, loaded: Iterable[str]) -> list[str]:
    """Return the package files that a run of `page` depends on.

    Parameters
    ----------
    book
        The book.
    page
        The page that ran.
    loaded
        Names of the package's modules in its kernel after the run.

    Returns
    -------
    list of str
        Paths relative to the root, sorted: the loaded modules, and for
        commands that cells start (`python -m sevenlessons ...`) the command
        with all its imports.

    """
    files = {_file_of(book, name) for name in loaded} - {None}
    for name in _started(page):
        files |= _closure(book, [name, f"{name}.__main__"])
    return sorted(path.relative_to(book.root).as_posix() for path in files)


def _started(page: Page) -> list[str]:
    """Return the modules of the package that cells start as commands."""
    cells = "\n".join(c.source for c in code_cells(page.notebook))
    return re.findall(rf"-m\W+({PACKAGE}(?:\.\w+)*)", cells)


def data_sets(page: Page, asked: Iterable[str]) -> list[str]:
    """Return the catalogue's entries that a run of `page` depends on.

    A command that a cell starts may have read any of them.
    """
    return [EVERY] if _started(page) else sorted(asked)


def _entries(book: Book, names: Iterable[str]) -> dict[str, str]:
    """Return the digests of the catalogue's entries `names`."""
    if not book.catalogue.is_file():
        return {}
    text = book.catalogue.read_text(encoding="utf-8")
    known = json.loads(text) | {EVERY: text}
    return {
        f"{DATA}{name}": digest(json.dumps(known[name], sort_keys=True))
        if name in known
        else "gone"
        for name in names
    }


def _beside(book: Book, files: Iterable[str]) -> list[str]:
    """Return what lies beside the modules `files`, in the same rooms.

    A table, a script or a style that a module may read. Where modules of the
    room name it, one of them must be among `files`; a file that none names
    may be read by any.
    """
    start = book.package.relative_to(book.root)
    loaded = {book.root / name for name in files}
    rooms = {path.relative_to(book.root / start).parts[0] for path in loaded}
    found = []
    for room in rooms:
        home = book.package / room
        texts = {p: p.read_text(encoding="utf-8") for p in home.rglob("*.py")}
        for path in home.rglob("*"):
            if (
                not path.is_file()
                or path.suffix == ".py"
                or path == book.catalogue
                or "__pycache__" in path.parts
            ):
                continue
            readers = {p for p, text in texts.items() if path.name in text}
            if not readers or readers & loaded:
                found.append(path.relative_to(book.root).as_posix())
    return found


def _pins(text: str) -> str:
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return "\n".join(sorted(line for line in lines if line))


def inputs(
    book: Book,
    page: Page,
    files: Iterable[str],
    settings: dict[str, str],
    data: Iterable[str] = (),
) -> dict[str, str]:
    """Return name and digest of everything a run of `page` depends on.

    Parameters
    ----------
    book
        The book.
    page
        The page.
    files
        Package files from `module_files`.
    settings
        What else may change a number: device class, Python, environment.
    data
        Entries of the catalogue from `data_sets`.

    """
    cells = [
        [c.source, c.metadata.get("tags", [])]
        for c in code_cells(page.notebook)
    ]
    found = {"runner": FORMAT, "code cells": digest(json.dumps(cells))}
    found |= settings
    pins = book.root / "requirements.txt"
    if pins.is_file():
        found["requirements.txt"] = digest(_pins(pins.read_text("utf-8")))
    found |= _entries(book, data)
    for name in sorted({*files, *_beside(book, files)}):
        path = book.root / name
        found[name] = digest(path.read_bytes()) if path.is_file() else "gone"
    return found


def package_state(book: Book) -> dict[str, str]:
    """Return the digest of every file of the package as it is now."""
    return {
        path.relative_to(book.root).as_posix(): digest(path.read_bytes())
        for path in book.package.rglob("*.py")
    }


def changes(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """Return the names of the inputs that differ.

    >>> changes({"device": "cpu", "a.py": "1"}, {"device": "cuda"})
    ['a.py', 'device']
    """
    names = {*before, *now}
    return sorted(n for n in names if before.get(n) != now.get(n))
