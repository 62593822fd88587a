"""What a table must be like before its columns are used.

Every refusal names the column, shows a value, and says what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral

import numpy as np
import pandas as pd

__all__ = [
    "as_numbers",
    "check_names",
    "check_table",
    "check_whole",
    "first_place",
    "row_name",
    "shown",
]


def check_names(columns: Sequence[str], what: str = "columns") -> list[str]:
    """Return `columns` as a list if they are different names.

    Examples
    --------
    >>> check_names(("age", "hours"))
    ['age', 'hours']

    """
    if isinstance(columns, str):
        raise TypeError(
            f"{what} must be a list of names, got the text {columns!r}; "
            f"write [{columns!r}]"
        )
    names = list(columns)
    if not all(isinstance(name, str) for name in names):
        raise TypeError(f"{what} must be names (str), got {names}")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{what} name {twice[0]!r} more than once: {names}")
    return names


def check_table(table: pd.DataFrame, columns: Sequence[str]) -> None:
    """Raise unless `table` has rows and each of `columns`, once.

    Columns that nobody asked for are left alone.

    Raises
    ------
    TypeError
        If `table` is no DataFrame.
    ValueError
        If it has no row, lacks a column, or has it twice.

    Examples
    --------
    >>> check_table(pd.DataFrame({"age": [1]}), ["age", "hours"])
    Traceback (most recent call last):
    ValueError: the table lacks 1 of 2 columns: hours; it has age; ...

    """
    if not isinstance(table, pd.DataFrame):
        raise TypeError(
            f"expected a pandas DataFrame, got {type(table).__name__}; one "
            "row is pd.DataFrame([row])"
        )
    names = list(table.columns)
    missing = [name for name in columns if name not in names]
    if missing:
        raise ValueError(
            f"the table lacks {len(missing)} of {len(columns)} columns: "
            f"{', '.join(missing)}; it has "
            f"{', '.join(map(str, names)) or 'none'}; add them, or learn "
            "without them"
        )
    twice = [name for name in columns if names.count(name) > 1]
    if twice:
        raise ValueError(
            f"the table has {names.count(twice[0])} columns named "
            f"{twice[0]!r}; keep one"
        )
    if not len(table):
        raise ValueError("the table has no rows; give at least one")


def check_whole(name: str, value: object, least: int, why: str) -> None:
    """Raise unless `value` is a whole number of at least `least`.

    Whole numbers of NumPy count, truth values do not.

    Raises
    ------
    ValueError
        Names it, and says why it must be so.

    Examples
    --------
    >>> check_whole("days", np.int64(7), 1, "a sum over no day is no sum")

    """
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not whole or value < least:  # type: ignore[operator]
        raise ValueError(
            f"{name} must be a whole number from {least} on, got {value}; "
            f"{why}"
        )


def as_numbers(
    table: pd.DataFrame, column: str, *, missing: bool = False
) -> np.ndarray:
    """Return a column as float64.

    Parameters
    ----------
    table
        Checked by `check_table`.
    column
        Its numbers; truth values count as 0 and 1.
    missing
        Whether a value may be missing; it becomes NaN.

    Raises
    ------
    TypeError
        If the column holds anything but numbers.
    ValueError
        If a number is infinite, or missing where it may not be.

    Examples
    --------
    >>> as_numbers(pd.DataFrame({"age": [30, None]}), "age", missing=True)
    array([30., nan])

    """
    series = table[column]
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(object)
    kind = series.dtype.kind if hasattr(series.dtype, "kind") else "O"
    if kind not in "iufb":
        found = pd.to_numeric(series, errors="coerce")
        texts = series.map(lambda v: isinstance(v, str | bytes))
        wrong = (found.isna() & series.notna()) | texts
        if kind in "mM" or wrong.any():
            i = first_place(np.ones(len(series)) if kind in "mM" else wrong)
            raise TypeError(
                f"column {column!r} must hold numbers, got "
                f"{shown(series, i)}; turn it into numbers (pd.to_numeric), "
                "or list it among the categories"
            )
        series = found
    values = series.to_numpy(dtype="float64", na_value=np.nan)
    if np.isinf(values).any():
        i = first_place(np.isinf(values))
        raise ValueError(
            f"column {column!r} is infinite in row {row_name(series, i)}; "
            "correct it, or make it missing (NaN)"
        )
    gaps = np.isnan(values)
    if gaps.any() and not missing:
        raise ValueError(
            f"column {column!r} is missing in {gaps.sum()} of {len(values)} "
            f"rows, first in row {row_name(series, first_place(gaps))}; "
            "fill it with FillMissing before"
        )
    return values


def first_place(flags: np.ndarray | pd.Series) -> int:
    """Return the place of the first true value.

    Examples
    --------
    >>> first_place(np.array([False, True, True]))
    1

    """
    return int(np.asarray(flags).argmax())


def row_name(rows: pd.Series | pd.DataFrame, i: int) -> str:
    """Return the name of the row at place `i`, for a message.

    Examples
    --------
    >>> row_name(pd.Series([1, 2], index=[4, 7]), 1)
    '7'

    """
    return repr(rows.index[[i]].tolist()[0])


def shown(series: pd.Series, i: int) -> str:
    """Return the value at place `i` with the name of its row.

    Examples
    --------
    >>> shown(pd.Series(["a", 2]), 1)
    '2 in row 1'

    """
    value = series.iloc[[i]].tolist()[0]
    return f"{value!r} in row {row_name(series, i)}"
