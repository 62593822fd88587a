"""Days as whole numbers, and where a shop's other days stand in the table.

Features in time ask "what was seven days before?" A row seven places above
need not be it: days may be missing, rows may be in any order, and the row
above may belong to another shop. `DayIndex` finds rows by shop and day.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .checks import check_table, first_place, row_name, shown

__all__ = ["DayIndex", "day_numbers"]


def day_numbers(table: pd.DataFrame, column: str) -> np.ndarray:
    """Return each date as the number of days since January 1, 1970.

    Raises
    ------
    TypeError
        If the column holds no dates.
    ValueError
        If a date is missing, or has a time of day or a time zone.

    Examples
    --------
    >>> days = pd.DataFrame({"date": pd.to_datetime(["1970-01-11"])})
    >>> day_numbers(days, "date")
    array([10])

    """
    check_table(table, [column])
    series = table[column]
    if series.isna().any():
        raise ValueError(
            f"column {column!r} has no date in {series.isna().sum()} of "
            f"{len(series)} rows, first in row "
            f"{row_name(series, first_place(series.isna()))}; fill them, or "
            "leave these rows out"
        )
    if not pd.api.types.is_datetime64_any_dtype(series.dtype):
        raise TypeError(
            f"column {column!r} must hold dates, got {shown(series, 0)}; "
            "turn it into dates (pd.to_datetime)"
        )
    if series.dt.tz is not None or (series != series.dt.normalize()).any():
        wrong = series != series.dt.normalize()
        raise ValueError(
            f"column {column!r} must hold days without time or time zone, "
            f"got {shown(series, first_place(wrong))}; use "
            ".dt.tz_localize(None).dt.normalize()"
        )
    found: np.ndarray = series.to_numpy().astype("datetime64[D]")
    return found.astype("int64")


class DayIndex:
    """Where the row of each shop and day stands.

    Parameters
    ----------
    table
        One row a group and day, in any order, days may be missing.
    date
        The column with the days.
    group
        The column that says what belongs together, such as the shop.

    Attributes
    ----------
    days
        The day number of each row.
    groups
        The number of the group of each row.
    order
        The places of the rows, group by group, each in order of time.

    Raises
    ------
    ValueError
        If a group is missing, or has two rows on one day.

    Examples
    --------
    >>> dates = pd.to_datetime(["2015-01-03", "2015-01-01", "2015-01-03"])
    >>> table = pd.DataFrame({"date": dates, "store": [7, 7, 8]})
    >>> DayIndex(table).earlier(2)
    array([ 1, -1, -1])

    """

    def __init__(
        self, table: pd.DataFrame, *, date: str = "date", group: str = "store"
    ) -> None:
        check_table(table, [date, group])
        self.days = day_numbers(table, date)
        if table[group].isna().any():
            i = first_place(table[group].isna())
            raise ValueError(
                f"column {group!r} is missing in row "
                f"{row_name(table, i)}; say whose day it is, or leave it out"
            )
        self.groups = pd.factorize(table[group])[0].astype("int64")
        self._span = int(np.ptp(self.days)) + 1
        self._keys = self.groups * self._span + self.days - self.days.min()
        self.order = np.argsort(self._keys, kind="stable")
        self._sorted = self._keys[self.order]
        again = self._sorted[1:] == self._sorted[:-1]
        if again.any():
            i = int(self.order[first_place(again) + 1])
            raise ValueError(
                f"{group!r} {table[group].iloc[[i]].tolist()[0]!r} has more "
                "than one row on "
                f"{table[date].iloc[i]:%Y-%m-%d}; keep one row a day"
            )

    def earlier(self, days: int) -> np.ndarray:
        """Return the place of each row's group `days` days before, or -1."""
        wanted = self._keys - days
        found = np.searchsorted(self._sorted, wanted)
        found = found.clip(max=len(wanted) - 1)
        places = self.order[found]
        there = self._sorted[found] == wanted
        there &= self.groups[places] == self.groups
        return np.where(there, places, -1)
