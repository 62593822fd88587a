"""How many days since the last event, how many until the next.

Sales rise before a holiday and sag after it. A row alone does not know that
a holiday is near; these two columns say it. `days_until` looks ahead. That
is fair for what is announced beforehand, such as holidays or a promotion,
and for nothing else.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .checks import as_numbers, check_table, first_place, shown
from .days import DayIndex

__all__ = ["days_since", "days_until"]


def days_since(
    table: pd.DataFrame,
    event: str,
    *,
    date: str = "date",
    group: str = "store",
) -> pd.Series:
    """Return the calendar days since the group's last event.

    Parameters
    ----------
    table
        One row a group and day, in any order; days may be missing.
    event
        A column that is true (or 1) on days with the event.
    date, group
        The columns with the day and with what belongs together.

    Returns
    -------
    pandas.Series
        float64 under the index of `table`: 0 on the day of the event, NaN
        where the group had none so far.

    Raises
    ------
    ValueError
        If the event is missing or neither true nor false, or a group has
        two rows on one day.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "store": [1, 1, 1, 2],
    ...     "date": pd.to_datetime(["2015-01-05", "2015-01-01"] * 2),
    ...     "promo": [False, True, False, False],
    ... }).drop(2)
    >>> days_since(table, "promo").tolist()
    [4.0, 0.0, nan]

    """
    index = DayIndex(table, date=date, group=group)
    found = _distance(index, _happened(table, event), index.order)
    return pd.Series(found, table.index, name=f"days_since_{event}")


def days_until(
    table: pd.DataFrame,
    event: str,
    *,
    date: str = "date",
    group: str = "store",
) -> pd.Series:
    """Return the calendar days until the group's next event.

    Use it for events that are known before: otherwise tomorrow leaks into
    today.

    Parameters
    ----------
    table, event, date, group
        As in `days_since`.

    Returns
    -------
    pandas.Series
        float64 under the index of `table`: 0 on the day of the event, NaN
        where the group has none to come in this table.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "store": 1,
    ...     "date": pd.to_datetime(["2015-01-01", "2015-01-05"]),
    ...     "promo": [False, True],
    ... })
    >>> days_until(table, "promo").tolist()
    [4.0, 0.0]

    """
    index = DayIndex(table, date=date, group=group)
    found = _distance(index, _happened(table, event), index.order[::-1])
    return pd.Series(found, table.index, name=f"days_until_{event}")


def _happened(table: pd.DataFrame, event: str) -> np.ndarray:
    check_table(table, [event])
    values = as_numbers(table, event, missing=True)
    strange = ~np.isin(values, (0, 1))
    if strange.any():
        raise ValueError(
            f"event {event!r} must be true or false in each row, got "
            f"{shown(table[event], first_place(strange))}; write, for "
            f"example, table[{event!r}] > 0"
        )
    return values == 1


def _distance(
    index: DayIndex, happened: np.ndarray, order: np.ndarray
) -> np.ndarray:
    """Return the days to the last event on the way along `order`."""
    there = happened[order]
    steps = np.where(there, np.arange(len(order)), -1)
    last = np.maximum.accumulate(steps)  # where the last event stood
    place = order[last]
    same = (last >= 0) & (index.groups[place] == index.groups[order])
    gap = np.abs(index.days[order] - index.days[place]).astype("float64")
    found = np.empty(len(order))
    found[order] = np.where(same, gap, np.nan)
    return found
