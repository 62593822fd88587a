"""A new folder for results: there whole, or not at all.

It is filled under a hidden name beside its place. What is there already is
never touched.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["check_free", "new_folder"]

PathLike = str | os.PathLike[str]


def check_free(path: PathLike) -> Path:
    """Return `path` if a new folder may take this place.

    Raises
    ------
    FileExistsError
        If something is there; an empty folder is nothing.

    Examples
    --------
    >>> check_free("no/such/place").name
    'place'

    """
    path = Path(path)
    if path.is_dir() and not path.is_symlink() and not any(path.iterdir()):
        return path
    if path.exists() or path.is_symlink():
        raise FileExistsError(
            f"{path} is there already, and nothing is overwritten; choose "
            "another name, or move it away"
        )
    return path


@contextmanager
def new_folder(path: PathLike) -> Iterator[Path]:
    """Yield a folder to fill; it becomes `path` if nothing goes wrong.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as parent:
    ...     place = Path(parent, "model")
    ...     with new_folder(place) as folder:
    ...         _ = (folder / "a.txt").write_text("a")
    ...         there = place.exists()
    ...     there, [file.name for file in place.iterdir()]
    (False, ['a.txt'])

    """
    target = check_free(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{target.name}-"
    new = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
    try:
        yield new
        check_free(target)  # time has passed
        if target.is_dir():
            target.rmdir()
        new.chmod(0o755)  # mkdtemp lets nobody else in
        new.rename(target)
    finally:
        shutil.rmtree(new, ignore_errors=True)
