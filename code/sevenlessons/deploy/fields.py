"""What each field of `bundle.json` may hold.

A stranger may have written the file, so each value is looked at before
anything is computed with it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

__all__ = ["find_fault"]

_EXACT = 2**53  # from here on a float may not hold a whole number
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_HALF = re.compile("[\ud800-\udfff]")  # no encoding can write these


def _is_text(value: Any) -> bool:
    """Say whether `value` is text that can be written: no half characters."""
    return isinstance(value, str) and not _HALF.search(value)


def _is_count(value: Any) -> bool:
    return type(value) is int and 1 <= value < _EXACT


def _is_number(value: Any) -> bool:
    if type(value) is int:
        return abs(value) < _EXACT
    return type(value) is float and math.isfinite(value)


def _is_classes(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) >= 2
        and all(_is_text(name) and name.strip() for name in value)
        and len(set(value)) == len(value)
    )


def _is_views(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) >= 1
        and all(type(view) is int and 0 <= view < 8 for view in value)
        and len(set(value)) == len(value)
    )


def _is_threshold(value: Any) -> bool:
    return value is None or (_is_number(value) and 0 <= value <= 1)


def _is_input(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    channels = value.get("channels")
    return (
        _is_count(value.get("size"))
        and value["size"] <= 4096
        and (channels, value.get("mode")) in ((1, "L"), (3, "RGB"))
        and _is_text(value.get("resize"))
        and all(
            isinstance(value.get(key), list)
            and len(value[key]) == channels
            and all(_is_number(number) for number in value[key])
            for key in ("mean", "std")
        )
        and min(value["std"]) > 0
    )


def _is_architecture(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"name", "arguments"}
        and _is_text(value["name"])
        and isinstance(value["arguments"], dict)
    )


def _is_files(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and "model.safetensors" in value
        and all(
            _NAME.fullmatch(name)
            and isinstance(facts, dict)
            and set(facts) == {"bytes", "sha256"}
            and _is_count(facts["bytes"])
            and _is_text(facts["sha256"])
            and _SHA256.fullmatch(facts["sha256"])
            for name, facts in value.items()
        )
    )


def _is_metric(row: Any) -> bool:
    """Say whether `row` is a result with its provenance, as on the ledger."""
    return (
        isinstance(row, dict)
        and _is_text(row.get("key"))
        and _is_number(row.get("value"))
        and _is_count(row.get("n"))
        and _is_text(row.get("data"))
        and bool(row["data"].strip())
        and isinstance(row.get("baselines"), dict)
        and all(_is_number(v) for v in row["baselines"].values())
        and (
            row.get("interval") is None
            or (
                isinstance(row["interval"], list)
                and len(row["interval"]) == 2
                and all(_is_number(end) for end in row["interval"])
            )
        )
    )


_FIELDS: Mapping[str, tuple[Any, str]] = {
    "package": (
        lambda v: (
            isinstance(v, dict)
            and v.get("name") == "sevenlessons"
            and _is_text(v.get("version"))
        ),
        "the package's name, 'sevenlessons', and version",
    ),
    "python": (_is_text, "a version as text"),
    "torch": (_is_text, "a version as text"),
    "task": (lambda v: v == "classification", "'classification'"),
    "classes": (
        _is_classes,
        "at least two different names, of whole characters",
    ),
    "input": (
        _is_input,
        "size, channels, mode ('RGB' with 3, 'L' with 1), resize, and a mean "
        "and a positive std a channel",
    ),
    "architecture": (_is_architecture, "a name and arguments"),
    "views": (_is_views, "different numbers from 0 to 7, at least one"),
    "fused": (lambda v: isinstance(v, bool), "true or false"),
    "files": (
        _is_files,
        "plain file names, model.safetensors among them, with bytes and "
        "sha256",
    ),
    "metrics": (
        lambda v: isinstance(v, list) and all(map(_is_metric, v)),
        "rows with key, value, n, data and baselines, as `record` takes "
        "them, and an interval of two numbers or none",
    ),
    "threshold": (_is_threshold, "a number from 0 to 1, or null"),
    "card": (
        lambda v: (
            isinstance(v, dict)
            and all(_is_text(k) and _is_text(t) for k, t in v.items())
        ),
        "texts by heading",
    ),
    "created_at": (_is_text, "a date as text"),
}


def find_fault(settings: Mapping[str, Any], where: str) -> str | None:
    """Return what is wrong with the first wrong field, None if all are fine.

    Parameters
    ----------
    settings
        What `bundle.json` holds.
    where
        What the sentence calls it.

    Examples
    --------
    >>> find_fault({"package": "mine"}, "x")
    "x: 'package' should be the package's name, 'sevenlessons', and version..."

    """
    for field, (fits, expected) in _FIELDS.items():
        if field not in settings:
            return f"{where} has no {field!r}; expected {expected}"
        if not fits(settings[field]):
            text = repr(settings[field])
            text = text if len(text) <= 200 else text[:200] + " ..."
            return f"{where}: {field!r} should be {expected}, got {text}"
    return None
