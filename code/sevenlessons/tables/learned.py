"""What a processor learned, looked at when it is read back from a file.

A file can be damaged, or edited by hand. Better to refuse it than to prepare
rows wrongly without a word.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

__all__ = ["check_learned"]


def check_learned(
    name: str, value: Any, columns: Sequence[str], kind: str
) -> None:
    """Raise unless a learned attribute is what its kind says.

    Parameters
    ----------
    name, value
        The attribute.
    columns
        Those of the processor.
    kind
        ``"names"``: some of the columns. All others go from each column, in
        the order of the columns, to: a finite ``"number"``, one above 0
        (``"positive"``), a list of finite numbers that rise (``"rising"``),
        or a list of different ``"categories"`` of one type.

    Raises
    ------
    ValueError
        If it is not.

    Examples
    --------
    >>> check_learned("means_", {"age": 38.6}, ["age"], "number")
    >>> check_learned("stds_", {"age": 0}, ["age"], "positive")
    Traceback (most recent call last):
    ValueError: stds_ must hold a positive number for 'age', got 0

    """
    if kind == "names":
        if not isinstance(value, list) or value != [
            column for column in columns if column in value
        ]:
            raise ValueError(
                f"{name} must list some of the columns {list(columns)}, in "
                f"their order, got {value!r}"
            )
        return
    if not isinstance(value, dict) or list(value) != list(columns):
        got = list(value) if isinstance(value, dict) else value
        raise ValueError(
            f"{name} must hold the columns {list(columns)}, in their order, "
            f"got {got!r}"
        )
    check, words = _KINDS[kind]
    for column, one in value.items():
        if not check(one):
            raise ValueError(
                f"{name} must hold {words} for {column!r}, got {one!r}"
            )


def _number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)


def _positive(value: Any) -> bool:
    return _number(value) and value > 0


def _rising(value: Any) -> bool:
    return (
        isinstance(value, list)
        and all(map(_number, value))
        and all(one < two for one, two in pairwise(value))
    )


def _categories(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len({type(one) for one in value}) == 1
        and type(value[0]) in (str, int, bool)
        and len(set(value)) == len(value)
    )


_KINDS = {
    "number": (_number, "a finite number"),
    "positive": (_positive, "a positive number"),
    "rising": (_rising, "a list of rising numbers"),
    "categories": (_categories, "a list of different categories"),
}
