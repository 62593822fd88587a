"""What may stand in the settings of a segmenter, when written and opened.

A stranger may have written them: each value is compared with its kind before
it is used, and names are such that a terminal can show them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sevenlessons.vision.recipes import find_recipe

from .schema import BundleError

__all__ = ["check_meaning", "read_settings"]

SETTINGS = "segmenter.json"
FORMAT = 1
_MOST = {"classes": 1000, "width": 256, "groups": 16, "side": 8192}
_MOST_PIXELS = 2**24
_MOST_SCORES = 2**30  # of one picture; as floats these are 4 GB


def check_meaning(
    classes: Sequence[str], size: tuple[int, int], void: int | None
) -> None:
    """Refuse names, a size or a void that no segmenter may have.

    Raises
    ------
    ValueError
        In words that say what to change.

    Examples
    --------
    >>> check_meaning(["sky", "sky"], (64, 96), None)
    Traceback (most recent call last):
    ValueError: the classes need names of their own, 1 to 1000 of them, ...

    """
    names = list(classes)
    if not _names(names):
        raise ValueError(
            f"the classes need names of their own, 1 to {_MOST['classes']} "
            "of them, each of 1 to 100 letters and signs that can be shown, "
            f"got {len(names)}: {str(names)[:60]}"
        )
    if not _fits(list(size), len(names)):
        raise ValueError(
            f"{size[0]} x {size[1]} pixels and {len(names)} classes cannot "
            f"be kept: sides from 32 to {_MOST['side']}, at most "
            f"{_MOST_PIXELS:,} pixels and {_MOST_SCORES:,} scores a picture; "
            "choose another size"
        )
    if not _KINDS["void"](void):
        raise ValueError(f"void must be from 0 to {2**31}, got {void}")


def read_settings(content: bytes, folder: Path) -> dict[str, Any]:
    """Return the settings if each is of its kind.

    Parameters
    ----------
    content
        Of the file.
    folder
        For messages.

    Raises
    ------
    BundleError
        If it is damaged, or a value is none that a segmenter has.

    Examples
    --------
    >>> read_settings(b"{", Path("model"))
    Traceback (most recent call last):
    sevenlessons.deploy.schema.BundleError: segmenter.json in model is ...

    """
    try:
        found = json.loads(content)
        given = {key: found[key] for key in _KINDS}
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise BundleError(
            f"{SETTINGS} in {folder} is damaged ({error}); train again"
        ) from error
    for key, fits in _KINDS.items():
        if not fits(given[key]):
            raise BundleError(
                f"{SETTINGS} in {folder} says {key} is "
                f"{str(given[key])[:60]!r}, which no segmenter has; was it "
                "changed, or written by another version?"
            )
    if not _fits(given["size"], len(given["classes"])):
        raise BundleError(
            f"{SETTINGS} in {folder} says size is {given['size']}, which is "
            "too large for that many classes; was it changed?"
        )
    return given


def _whole(value: Any, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high


def _names(values: list[Any]) -> bool:
    """Say whether these can be names of classes, in a terminal too."""
    return (
        1 <= len(values) <= _MOST["classes"]
        and all(isinstance(v, str) and 1 <= len(v) <= 100 for v in values)
        and all(v.isprintable() for v in values)
        and len(set(values)) == len(values)
    )


def _fits(size: list[int], count: int) -> bool:
    """Say whether a picture of this size can be answered."""
    pixels = size[0] * size[1]
    sides = all(_whole(side, 32, _MOST["side"]) for side in size)
    return sides and pixels <= _MOST_PIXELS and pixels * count <= _MOST_SCORES


def _known(name: Any) -> bool:
    try:
        find_recipe(name)
    except (ValueError, TypeError):
        return False
    return True


_KINDS: dict[str, Any] = {
    "format": lambda v: _whole(v, FORMAT, FORMAT),
    "task": lambda v: v == "segmentation",
    "encoder": lambda v: isinstance(v, str) and _known(v),
    "width": lambda v: _whole(v, 1, _MOST["width"]),
    "skips": lambda v: isinstance(v, bool),
    "groups": lambda v: _whole(v, 2, _MOST["groups"]),
    "classes": lambda v: isinstance(v, list) and _names(v),
    "void": lambda v: v is None or _whole(v, 0, 2**31),
    "size": lambda v: (
        isinstance(v, list)
        and len(v) == 2
        and all(_whole(side, 32, _MOST["side"]) for side in v)
    ),
    "files": lambda v: isinstance(v, dict),
}
