"""Files that a page's run publishes: kept, listed, checked, dropped.

A page leaves them in the folder that `SEVENLESSONS_FILES` names
(`sevenlessons.page.publish`). After a sound run they move to
`_build/files/<page>`, and the run's metadata list each with its size and
SHA-256. A run whose files are not exactly those is no run to reuse.
"""

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .layout import Book

__all__ = ["LIMIT_MB", "VARIABLE", "differences", "drop", "keep", "listing"]

VARIABLE = "SEVENLESSONS_FILES"
LIMIT_MB = 25  # all files of one page: the site stays small
CHUNK = 1 << 20

Listing = dict[str, dict[str, Any]]


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            found.update(piece)
    return found.hexdigest()


def listing(folder: Path) -> Listing:
    """Return size and SHA-256 of every file below `folder`, by name."""
    return {
        path.relative_to(folder).as_posix(): {
            "bytes": path.stat().st_size,
            "sha256": _digest(path),
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def _links(folder: Path) -> list[str]:
    return [
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink()
    ]


def differences(folder: Path, listed: Mapping[str, Any]) -> list[str]:
    """Return in words how the files of `folder` differ from a listing.

    Parameters
    ----------
    folder
        Where the files are; it need not exist where none are listed.
    listed
        What the run's metadata say.

    """
    found = [f"file {name} is a link" for name in _links(folder)]
    here = listing(folder)
    for name in sorted({*listed, *here}):
        if name not in here:
            found.append(f"file {name} is missing")
        elif name not in listed:
            found.append(f"file {name} is of no run")
        elif here[name] != dict(listed[name]):
            found.append(f"file {name} changed")
    return found


def faults(folder: Path) -> list[str]:
    """Return why the files in `folder` cannot be published."""
    found = [f"{name} is a link, not a file" for name in _links(folder)]
    size = sum(row["bytes"] for row in listing(folder).values()) / 1e6
    if size > LIMIT_MB:
        found.append(
            f"it publishes {size:.1f} MB, more than {LIMIT_MB} MB; make the"
            " files smaller"
        )
    return found


def keep(book: Book, page: str, staged: Path) -> Listing:
    """Move what a sound run left in `staged` to its place; list it."""
    target = book.files(page)
    shutil.rmtree(target, ignore_errors=True)
    found = listing(staged)
    if found:
        target.parent.mkdir(parents=True, exist_ok=True)
        staged.replace(target)
    return found


def drop(book: Book, pages: list[str]) -> None:
    """Delete the files of pages that are not in `pages`."""
    home = book.files("")
    for path in sorted(home.rglob("*"), reverse=True):
        name = path.relative_to(home).as_posix()
        if any(name == p or name.startswith(f"{p}/") for p in pages):
            continue
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        else:
            path.unlink()
