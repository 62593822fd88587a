"""Keep what was computed from a data set beside it, so it is computed once.

Decoded photos and joined tables cost seconds. They lie in the folder
``derived`` of the cache, each with the *key* of what it was made from and a
checksum. Another key or a damaged file means: compute it again. Nothing here
is needed; the whole folder may be deleted at any time, and where it cannot be
written the result is computed each time.
"""

import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

__all__ = [
    "content_key",
    "derived_folder",
    "kept_json",
    "kept_tensor",
    "listing_key",
]


def derived_folder(folder: Path) -> Path:
    """Return where results from the data set in `folder` are kept.

    Examples
    --------
    >>> derived_folder(Path("cache/deep_sky")).as_posix()
    'cache/derived/deep_sky'

    """
    return folder.parent / "derived" / folder.name


def content_key(paths: Iterable[Path], recipe: str) -> str:
    """Return a key that changes with `recipe` or any byte of the files."""
    digest = hashlib.sha256(recipe.encode())
    for path in paths:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def listing_key(paths: Iterable[Path], recipe: str) -> str:
    """Return a key that changes with `recipe`, names, sizes or dates.

    For many files: reading them all would cost what is to be saved.
    """
    digest = hashlib.sha256(recipe.encode())
    for path in paths:
        stat = path.stat()
        line = f"\n{path.name} {stat.st_size} {stat.st_mtime_ns}"
        digest.update(line.encode())
    return digest.hexdigest()


def _lock(path: Path) -> AbstractContextManager[Any]:
    """Let one process compute while others wait, where locks work."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path.with_name(f".{path.name}.lock"))
        lock.acquire(timeout=600)
    except (OSError, NotImplementedError):  # read-only, or it took too long
        return nullcontext()
    return lock


def _kept(
    path: Path,
    read: Callable[[], Any],
    build: Callable[[], Any],
    write: Callable[[Path, Any], None],
) -> Any:
    """Return what `read` finds, or else build it and keep it in one step."""
    found = read()
    if found is not None:
        return found
    with _lock(path):
        found = read()  # another process may have been faster
        if found is not None:
            return found
        made = build()
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            write(part, made)
            os.replace(part, path)
        except (OSError, SafetensorError):  # disk full or read-only
            with suppress(OSError):
                part.unlink()
        return made


def kept_json(path: Path, key: str, build: Callable[[], Any]) -> Any:
    """Return what `build` returns, read from `path` if kept under `key`.

    `build` must return what JSON can hold.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "rows.json"
    ...     first = kept_json(path, "a", lambda: [1, 2])
    ...     second = kept_json(path, "a", lambda: [3, 4])
    >>> first, second
    ([1, 2], [1, 2])

    """

    def checksum(value: Any) -> int:
        return zlib.crc32(json.dumps(value).encode())

    def read() -> Any:
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            if kept["key"] == key and kept["crc"] == checksum(kept["value"]):
                return kept["value"]
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return None

    def write(part: Path, value: Any) -> None:
        kept = {"key": key, "crc": checksum(value), "value": value}
        part.write_text(json.dumps(kept), encoding="utf-8")

    return _kept(path, read, build, write)


def kept_tensor(path: Path, key: str, build: Callable[[], Tensor]) -> Tensor:
    """Return what `build` returns, read from `path` if kept under `key`.

    Examples
    --------
    >>> import tempfile, torch
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "images.safetensors"
    ...     first = kept_tensor(path, "a", lambda: torch.ones(2))
    ...     second = kept_tensor(path, "a", lambda: torch.zeros(2)).clone()
    >>> second
    tensor([1., 1.])

    """

    def checksum(tensor: Tensor) -> str:
        return str(zlib.crc32(tensor.contiguous().numpy().data))

    def read() -> Tensor | None:
        try:
            with safe_open(path, framework="pt") as file:
                notes = file.metadata() or {}
                if notes.get("key") != key:
                    return None
                tensor = file.get_tensor("tensor")
            return tensor if notes["crc"] == checksum(tensor) else None
        except (OSError, SafetensorError, KeyError, RuntimeError):
            return None

    def write(part: Path, tensor: Tensor) -> None:
        notes = {"key": key, "crc": checksum(tensor)}
        save_file({"tensor": tensor.contiguous()}, part, metadata=notes)

    return _kept(path, read, build, write)
