"""Plain values and tensors in one file that is whole at every moment.

Such a file runs no code when it is opened (``weights_only=True``), and a
damaged one is recognised: torch itself does not compare the checksums that
stand in it.
"""

from __future__ import annotations

import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

__all__ = ["load_plain", "plain", "save_plain"]


def plain(value: Any, where: str = "value") -> Any:
    """Return `value` built of dictionaries, lists, numbers and tensors only.

    Parameters
    ----------
    value
        Dictionaries, lists, tuples, numbers (numpy's too), strings, None,
        tensors. Tensors are not copied.
    where
        What an error calls `value`.

    Raises
    ------
    TypeError
        If something else is inside; the message says where.

    Examples
    --------
    >>> plain({"best": 0.5, "seen": (1, 2)})
    {'best': 0.5, 'seen': (1, 2)}

    """
    if isinstance(value, dict):
        return {
            plain(key, f"a key of {where}"): plain(item, f"{where}[{key!r}]")
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        items = [plain(item, f"{where}[{i}]") for i, item in enumerate(value)]
        return items if isinstance(value, list) else tuple(items)
    if isinstance(value, Tensor):
        return value.detach()
    if value is None or isinstance(value, torch.dtype | torch.device):
        return value
    kinds: tuple[type[Any], ...] = (bool, int, float, str, bytes)
    for kind in kinds:
        if isinstance(value, kind):
            return kind(value)
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        return plain(value.item(), where)  # one of numpy's numbers
    raise TypeError(
        f"{where} is a {type(value).__name__}; only plain values (numbers, "
        "strings, lists, dictionaries) and tensors can be kept in a file"
    )


def save_plain(value: Any, path: str | os.PathLike[str]) -> None:
    """Write `value` to `path`: afterwards the old or the new file is whole.

    The bytes go to a file beside it, reach the disk, and only then take the
    name `path`. A kill or a full disk at any moment leaves the old file.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    value = plain(value)
    try:
        with partial.open("wb") as file:
            torch.save(value, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Bring the new name to the disk, where the system can do that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def load_plain(path: str | os.PathLike[str]) -> Any:
    """Return what `save_plain` wrote, tensors on the CPU.

    Raises
    ------
    FileNotFoundError
        If there is no file at `path`.
    ValueError
        If the file is cut short, changed, or holds more than plain values.

    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}")
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()  # compares all checksums
        if damaged is not None:
            raise zipfile.BadZipFile(f"checksum of {damaged} is wrong")
        return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise ValueError(
            f"{path} holds more than plain values and tensors, which this "
            "package neither writes nor opens; take a file that it wrote"
        ) from error
    except (zipfile.BadZipFile, RuntimeError, EOFError, KeyError) as error:
        size = path.stat().st_size
        raise ValueError(
            f"{path} ({size} bytes) is damaged or cut short: {error}; take "
            "another file (best.pt stands beside last.pt) or train anew"
        ) from error
