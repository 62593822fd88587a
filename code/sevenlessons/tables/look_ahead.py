"""A test for features that know the future.

Change what happens after a day, make the features again, and compare the
rows up to that day. A feature that moved has seen tomorrow, and will not be
there when the forecast is made. Who forecasts six weeks compares the rows of
those weeks, too: they must not know each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from .checks import as_numbers, check_names, check_table, check_whole
from .days import day_numbers

__all__ = ["look_ahead_columns"]

Features = Callable[[pd.DataFrame], pd.DataFrame]


def look_ahead_columns(
    features: Features,
    table: pd.DataFrame,
    unknown: Sequence[str],
    *,
    day: str | pd.Timestamp,
    horizon: int = 0,
    date: str = "date",
    seed: int = 0,
) -> list[str]:
    """Return the features that changed although only the future did.

    Parameters
    ----------
    features
        Makes the features of a table: one row a row, under its index and
        in its order.
    table
        The rows; `features` gets it twice, the second time changed.
    unknown
        Columns of numbers or truth values that nobody knows before their
        day. After `day` each gets another value: larger, or 0.
    day
        The last day that stays as it is: the evening of the forecast.
    horizon
        How many days after it are forecast then; their rows are compared,
        too.
    date
        The column with the days.
    seed
        Of the other values.

    Returns
    -------
    list of str
        Names of the features that changed. One that only asks whether
        tomorrow is above some threshold changes where the new values cross
        it: compare many rows, or several seeds.

    Raises
    ------
    ValueError
        If no row comes after `day`, none up to it, the horizon is negative,
        or the features do not have the index of the rows.

    Examples
    --------
    >>> days = pd.date_range("2015-01-01", periods=4)
    >>> table = pd.DataFrame({"date": days, "sales": [1, 2, 4, 8]})
    >>> def features(table):
    ...     before, after = table["sales"].shift(1), table["sales"].shift(-1)
    ...     return pd.DataFrame({"yesterday": before, "tomorrow": after})
    >>> look_ahead_columns(features, table, ["sales"], day="2015-01-02")
    ['tomorrow']

    """
    names = check_names(unknown, "unknown")
    check_table(table, [*names, date])
    today = np.datetime64(pd.Timestamp(day), "D").astype("int64")
    check_whole("horizon", horizon, 0, "it counts the days to forecast")
    days = day_numbers(table, date)
    later = days > today
    if later.all() or not later.any():
        missing, found = (
            ("up to", "after") if later.all() else ("after", "up to")
        )
        raise ValueError(
            f"expected rows up to {pd.Timestamp(day):%Y-%m-%d} and after it, "
            f"got all {len(table)} {found} it and none {missing} it; choose "
            "another day"
        )
    changed = table.copy()
    rng = np.random.default_rng(seed)
    for name in names:
        values = as_numbers(table, name, missing=True).copy()
        old = np.nan_to_num(values[later])
        if table[name].dtype == bool:
            values[later] = 1 - old
        else:
            more = old + rng.integers(1, 1000, later.sum())
            to_zero = (old != 0) & (rng.random(later.sum()) < 0.5)
            values[later] = np.where(to_zero, 0, more)
        changed[name] = values.astype(table[name].dtype)
    first, second = features(table.copy()), features(changed)
    for found in (first, second):
        if not isinstance(found, pd.DataFrame) or len(found) != len(table):
            raise ValueError(
                f"features must return a table of {len(table)} rows, one a "
                f"row of the table given, got {_kind(found)}"
            )
        if not found.index.equals(table.index):
            raise ValueError(
                "features must have the index of the table given, in its "
                "order, got another; use reindex(table.index)"
            )
    if list(first) != list(second):
        raise ValueError(
            "features must return the same columns each time, got "
            f"{list(first)} and then {list(second)}"
        )
    asked = days <= today + horizon
    return [
        str(name)
        for name in first
        if not first.loc[asked, name].equals(second.loc[asked, name])
    ]


def _kind(found: object) -> str:
    if isinstance(found, pd.DataFrame):
        return f"one of {len(found)}"
    return type(found).__name__
