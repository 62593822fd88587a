"""Whether `bundle.json` is complete, and whether its version fits.

The rules of versions: a `format` that this package does not know and another
major version of the package are refused; another minor version is told as a
`VersionWarning`; another patch is nothing to talk about.
"""

from __future__ import annotations

import warnings
from typing import Any

import sevenlessons

from .fields import find_fault

__all__ = ["BundleError", "VersionWarning", "check_settings"]

FORMAT = 1  # goes up when an older package could misread the file


class BundleError(ValueError):
    """A bundle that cannot be used; the message says what to do."""


class VersionWarning(UserWarning):
    """A bundle was written by another minor version of the package."""


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
    fault = find_fault(settings, where)
    if fault is not None:
        raise BundleError(fault)
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
