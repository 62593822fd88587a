"""Give a finished folder its name: it is there whole, or not at all.

The folder is filled under a hidden name beside its place, on the same disk,
where a new name is a single step.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .bundle import SETTINGS

__all__ = ["check_place", "placed"]


def check_place(path: Path, *, overwrite: bool) -> None:
    """Refuse a path where a new bundle would destroy something.

    Parameters
    ----------
    path
        Where the bundle shall be.
    overwrite
        Whether a bundle that is there may be replaced.

    Raises
    ------
    FileExistsError
        If something is there that stays.

    Examples
    --------
    >>> check_place(Path("no/such/place"), overwrite=False)

    """
    if not path.exists() and not path.is_symlink():
        return
    if path.is_symlink() or not path.is_dir():
        raise FileExistsError(
            f"{path} is a file or a link; a bundle is a folder: choose "
            "another name"
        )
    content = [entry.name for entry in path.iterdir()]
    if content and SETTINGS not in content:
        raise FileExistsError(
            f"{path} holds other things ({', '.join(sorted(content)[:3])}) "
            "and no bundle; choose another folder, nothing is deleted"
        )
    if content and not overwrite:
        raise FileExistsError(
            f"there is a bundle at {path} already; pass overwrite=True to "
            "replace it, or choose another folder"
        )


@contextmanager
def placed(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """Yield a new folder to fill; it becomes `path` if nothing goes wrong.

    Parameters
    ----------
    path
        Where the folder shall be; its parents are made.
    overwrite
        Whether a bundle that is there may be replaced.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as parent:
    ...     path = Path(parent, "sky")
    ...     with placed(path, overwrite=False) as folder:
    ...         _ = (folder / "bundle.json").write_text("{}")
    ...         there = path.exists()
    ...     there, path.exists()
    (False, True)

    """
    check_place(path, overwrite=overwrite)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        yield new
        _give_name(new, path)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _give_name(new: Path, target: Path) -> None:
    """Move the finished folder to its place, the old one out of the way."""
    new.chmod(0o755)  # mkdtemp lets nobody else in
    if not target.exists():
        new.rename(target)
        return
    old = new.with_name(new.name + ".old")
    target.rename(old)
    try:
        new.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old)
