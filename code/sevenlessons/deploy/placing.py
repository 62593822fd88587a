"""Give a finished folder its name: it is there whole, or not at all.

The folder is filled under a hidden name beside its place, on the same disk,
where a new name is a single step.
"""

from __future__ import annotations

import glob
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .bundle import (
    CARD,
    OLD,
    SETTINGS,
    WEIGHTS,
    describe_bytes,
    write_settings,
)

__all__ = ["add_file", "check_place", "placed"]

ONNX = "model.onnx"
_PARTIAL = ".partial"
_OURS = {SETTINGS, WEIGHTS, CARD, ONNX, SETTINGS + _PARTIAL, ONNX + _PARTIAL}


def _is_ours(folder: Path) -> bool:
    """Say whether `export` wrote the `bundle.json` of `folder`."""
    try:
        settings = json.loads((folder / SETTINGS).read_bytes())
        return settings["package"]["name"] == "sevenlessons"
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return False


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
    entries = sorted(path.iterdir())
    content = [entry.name for entry in entries]
    others = [e.name for e in entries if e.name not in _OURS or e.is_dir()]
    if content and SETTINGS not in content:
        raise FileExistsError(
            f"{path} holds other things ({', '.join(content[:3])}) "
            "and no bundle; choose another folder, nothing is deleted"
        )
    if others:
        raise FileExistsError(
            f"{path} holds more than a bundle ({', '.join(others[:3])}); "
            "move that away or choose another folder, nothing is deleted"
        )
    if content and not _is_ours(path):
        raise FileExistsError(
            f"the {SETTINGS} in {path} is damaged or of another program; "
            "delete it by hand or choose another folder"
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
    _bring_back(path)
    check_place(path, overwrite=overwrite)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        yield new
        check_place(path, overwrite=overwrite)  # time has passed
        _give_name(new, path)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _bring_back(path: Path) -> None:
    """Give a bundle its name again if a replacement of it was cut off."""
    pattern = f".{glob.escape(path.name)}-*{OLD}"
    old = next(path.parent.glob(pattern), None)
    if old and not os.path.lexists(path) and _is_ours(old):
        old.rename(path)


def _give_name(new: Path, target: Path) -> None:
    """Move the finished folder to its place, the old one out of the way."""
    new.chmod(0o755)  # mkdtemp lets nobody else in
    if not target.exists():
        new.rename(target)
        return
    old = new.with_name(new.name + OLD)
    target.rename(old)
    try:
        new.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old)


def add_file(
    path: Path, settings: Mapping[str, Any], name: str, content: bytes
) -> None:
    """Put a file into a bundle and list it; one that is there is replaced.

    The bundle can be loaded at every moment: with the old file, without it,
    or with the new one.

    Parameters
    ----------
    path
        Folder of the bundle.
    settings
        From `read_settings`.
    name, content
        Of the file.

    Examples
    --------
    >>> add_file(Path("sky"), {"files": {}}, "model.onnx", b"")
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] No such file or directory: 'sky/model.onnx...

    """
    files = dict(settings["files"])
    partial = path / (name + _PARTIAL)
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if files.pop(name, None) is not None:
            write_settings(path, {**settings, "files": files})
        os.replace(partial, path / name)
    finally:
        partial.unlink(missing_ok=True)
    files[name] = describe_bytes(content)
    write_settings(path, {**settings, "files": files})
