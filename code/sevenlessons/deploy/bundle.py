"""A bundle on the disk: read, check, write.

A bundle is a folder with `model.safetensors` (the weights), `bundle.json`
(everything else), a model card, and perhaps `model.onnx`. `bundle.json`
knows the size and the SHA-256 of each file that answers depend on, and a
checksum of itself. That finds damage and careless edits. It does not say who
made the bundle: whoever can change a file can also change its sum.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from .schema import BundleError, check_settings

__all__ = ["describe_bytes", "read_file", "read_settings", "write_settings"]

PathLike = str | os.PathLike[str]

SETTINGS = "bundle.json"
WEIGHTS = "model.safetensors"
CARD = "README.md"
OLD = ".old"  # ends the name of a bundle that is being replaced
_LONGEST = 10_000_000  # bytes of bundle.json


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands there twice")
    return found


def _checksum(settings: Mapping[str, Any]) -> str:
    """Return the SHA-256 of all settings but the checksum itself."""
    rest = {k: v for k, v in settings.items() if k != "checksum"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def describe_bytes(content: bytes) -> dict[str, Any]:
    """Return length and SHA-256 of `content`, as `bundle.json` lists them.

    Examples
    --------
    >>> describe_bytes(b"abc")["bytes"]
    3

    """
    return {
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _folder(path: PathLike) -> Path:
    """Return the folder of a bundle, or say what is at `path` instead."""
    folder = Path(path)
    try:
        if not folder.exists():
            raise FileNotFoundError(
                f"no bundle at {folder}; {_remedy(folder)}"
            )
        if not folder.is_dir():
            raise NotADirectoryError(
                f"{folder} is a file; give the folder that {SETTINGS} is in"
            )
    except PermissionError as error:
        raise _not_allowed(folder) from error
    return folder


def _remedy(folder: Path) -> str:
    """Say how to get a bundle at `folder`, where there is none."""
    pattern = f".{glob.escape(folder.name)}-*{OLD}"
    old = next(folder.parent.glob(pattern), None)
    if old is None:
        return "`export` makes one"
    return f"an export was cut off; the bundle before it is at {old}"


def _not_allowed(path: Path) -> PermissionError:
    return PermissionError(
        f"this user may not read {path}; change its rights (chmod -R a+rX on "
        "the bundle's folder), or copy the bundle"
    )


def _read(folder: Path, name: str, longest: int) -> bytes:
    """Return the bytes of a file that lies in `folder` itself.

    One of more than `longest` bytes is not read at all.
    """
    path = folder / name
    try:
        real = path.resolve()
        if not real.is_relative_to(folder.resolve()):
            raise BundleError(
                f"{path} is a link that leaves the bundle, to {real}; put "
                "the file itself in its place"
            )
        if not path.is_file():
            raise BundleError(
                f"{name} is missing in {folder}; copy the whole folder "
                "again, or export the model again"
            )
        size = path.stat().st_size
        if size > longest:
            raise BundleError(
                f"{name} in {folder} has {size:,} bytes, expected at most "
                f"{longest:,}; copy the bundle again"
            )
        return path.read_bytes()
    except PermissionError as error:
        raise _not_allowed(path) from error


def read_settings(path: PathLike) -> dict[str, Any]:
    """Return what `bundle.json` in the folder `path` says, checked.

    Raises
    ------
    FileNotFoundError, NotADirectoryError, PermissionError
        If there is no such folder, it is a file, or may not be read.
    BundleError
        If `bundle.json` is missing, cut off, changed, of another format or
        another major version, or not complete.

    Examples
    --------
    >>> read_settings("no/such/folder")
    Traceback (most recent call last):
    FileNotFoundError: no bundle at no/such/folder; `export` makes one

    """
    folder = _folder(path)
    content = _read(folder, SETTINGS, _LONGEST)
    where = str(folder / SETTINGS)
    try:
        settings = json.loads(
            content.decode("utf-8"),
            parse_constant=_no_constant,
            object_pairs_hook=_no_twins,
        )
    except (ValueError, RecursionError) as error:
        raise BundleError(
            f"{where} is cut off or damaged ({error}); copy the bundle again"
        ) from error
    check_settings(settings, where)
    if settings.get("checksum") != _checksum(settings):
        raise BundleError(
            f"{where} was changed after it was written: its checksum does "
            "not fit; copy the bundle again, or export the model again"
        )
    return settings


def read_file(path: PathLike, settings: Mapping[str, Any], name: str) -> bytes:
    """Return the bytes of a listed file, if they are those that were written.

    Parameters
    ----------
    path
        Folder of the bundle.
    settings
        From `read_settings`.
    name
        For instance ``"model.safetensors"``.

    Raises
    ------
    BundleError
        If the file is not listed, missing, a link that leaves the folder,
        or has changed.

    Examples
    --------
    >>> read_file("sky", {"files": {}}, "model.onnx")
    Traceback (most recent call last):
    sevenlessons.deploy.schema.BundleError: sky lists no model.onnx; it has...

    """
    folder = Path(path)
    if name not in settings["files"]:
        raise BundleError(
            f"{folder} lists no {name}; it has "
            f"{', '.join(settings['files']) or 'no file'}"
        )
    expected = settings["files"][name]
    content = _read(folder, name, expected["bytes"])
    if len(content) != expected["bytes"]:
        raise BundleError(
            f"{name} in {folder} has {len(content):,} bytes, expected "
            f"{expected['bytes']:,}; copy the bundle again"
        )
    if describe_bytes(content) != expected:
        raise BundleError(
            f"{name} in {folder} was changed after it was written: its "
            "SHA-256 does not fit; copy the bundle again from where it came"
        )
    return content


def write_settings(path: PathLike, settings: Mapping[str, Any]) -> None:
    """Check `settings` and write them to `bundle.json` in the folder `path`.

    The file is whole at every moment: the old one, or the new one.

    Examples
    --------
    >>> write_settings("sky", {})
    Traceback (most recent call last):
    sevenlessons.deploy.schema.BundleError: bundle.json has format None, and...

    """
    check_settings(dict(settings))
    signed = {**settings, "checksum": _checksum(settings)}
    text = json.dumps(signed, indent=2, allow_nan=False) + "\n"
    target = Path(path) / SETTINGS
    partial = target.with_name(SETTINGS + ".partial")
    try:
        with partial.open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
