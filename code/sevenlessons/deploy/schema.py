"""What `bundle.json` must hold, field by field, and which versions fit.

The rules of versions: a `format` that this package does not know and another
major version of the package are refused; another minor version is told as a
`VersionWarning`; another patch is nothing to talk about.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Mapping
from typing import Any

import sevenlessons

__all__ = ["BundleError", "VersionWarning", "check_settings"]

FORMAT = 1  # goes up when an older package could misread the file
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


class BundleError(ValueError):
    """A bundle that cannot be used; the message says what to do."""


class VersionWarning(UserWarning):
    """A bundle was written by another minor version of the package."""


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 1


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)


def _is_classes(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) >= 2
        and all(isinstance(name, str) and name.strip() for name in value)
        and len(set(value)) == len(value)
    )


def _is_views(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) >= 1
        and all(type(view) is int and 0 <= view < 8 for view in value)
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
    "classes": (_is_classes, "at least two different names"),
    "input": (
        _is_input,
        "size, channels, mode ('RGB' with 3, 'L' with 1), resize, and a mean "
        "and std a channel",
    ),
    "architecture": (_is_architecture, "a name and arguments"),
    "views": (_is_views, "numbers from 0 to 7, at least one"),
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


def check_settings(settings: Any, where: str = "bundle.json") -> None:
    """Refuse settings of a bundle that this package cannot rely on.

    Parameters
    ----------
    settings
        What `bundle.json` holds.
    where
        What an error calls it.

    Raises
    ------
    BundleError
        At the first field that is missing or wrong, or for a version that
        does not fit.

    Examples
    --------
    >>> check_settings({"format": 99})
    Traceback (most recent call last):
    sevenlessons.deploy.schema.BundleError: bundle.json has format 99, and...

    """
    if not isinstance(settings, dict):
        raise BundleError(
            f"{where} should hold an object in braces, got "
            f"{type(settings).__name__}; export the model again"
        )
    found = settings.get("format")
    if type(found) is not int or found != FORMAT:
        raise BundleError(
            f"{where} has format {found!r}, and this package (sevenlessons "
            f"{sevenlessons.__version__}) reads format {FORMAT}; update the "
            "package, or export the model again with this one"
        )
    for field, (fits, expected) in _FIELDS.items():
        if field not in settings:
            raise BundleError(f"{where} has no {field!r}; expected {expected}")
        if not fits(settings[field]):
            text = repr(settings[field])
            text = text if len(text) <= 200 else text[:200] + " ..."
            raise BundleError(
                f"{where}: {field!r} should be {expected}, got {text}"
            )
    _check_version(settings["package"]["version"], where)


def _check_version(text: str, where: str) -> None:
    """Compare the writer's version with ours, by the rules above."""
    ours = sevenlessons.__version__
    try:
        theirs, mine = (
            [int(part) for part in version.split(".")[:2]]
            for version in (text, ours)
        )
    except ValueError as error:
        raise BundleError(
            f"{where}: expected a package version such as {ours}, got {text!r}"
        ) from error
    if theirs[:1] != mine[:1]:
        raise BundleError(
            f"{where} was written by sevenlessons {text}, and this is {ours}, "
            f"another major version; install sevenlessons {text}, or export "
            "the model again with this one"
        )
    if theirs != mine:
        warnings.warn(
            f"{where} was written by sevenlessons {text}, and this is {ours}; "
            "check its answers on photos that you know",
            VersionWarning,
            stacklevel=2,
        )
