"""A new folder for results: there whole, or not at all.

It is filled under a hidden name beside its place. What is there already is
never touched.
"""

from __future__ import annotations

import os
import secrets
import shutil
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

    If it is full and cannot take its place, it is kept, and the error says
    where. If what fills it fails, it is removed.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as parent:
    ...     place = Path(parent, "model")
    ...     with new_folder(place) as folder:
    ...         _ = (folder / "a.txt").write_text("a")
    ...         there = place.exists()
    ...     there, [file.name for file in place.iterdir()]
    (False, ['a.txt'])

    """
    target = check_free(path).absolute()
    # An empty folder may be the one we stand in, or a disk of its own: it
    # cannot be replaced then, so the new one is filled inside it.
    inside = target.is_dir()
    parent = target if inside else target.parent
    parent.mkdir(parents=True, exist_ok=True)
    new = parent / f".{target.name}-{secrets.token_hex(4)}"
    new.mkdir()  # with the rights that the user's folders have
    try:
        yield new
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    try:
        _place(new, target, inside)
    except OSError as error:
        raise FileExistsError(
            f"the results could not be moved to {path} ({error}); they are "
            f"whole, and lie in {new}"
        ) from error


def _place(new: Path, target: Path, inside: bool) -> None:
    """Move the full folder to its place; time has passed since the check."""
    if not inside:
        check_free(target)
        if target.is_dir():
            target.rmdir()
        new.rename(target)
        return
    if others := [path.name for path in target.iterdir() if path != new]:
        raise FileExistsError(f"{others[0]} is there now")
    for path in list(new.iterdir()):
        path.rename(target / path.name)
    new.rmdir()
