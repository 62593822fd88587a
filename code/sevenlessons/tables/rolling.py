"""Sums over a shop's last days, by the calendar, never ahead.

`lag` says how fresh the newest day of the sum is: 0 is the day of the row
itself, for what is known on its morning; 1 is yesterday. Who forecasts six
weeks ahead knows no sales fresher than 42 days.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .checks import as_numbers, check_table, check_whole
from .days import DayIndex

__all__ = ["rolling_sum"]


def rolling_sum(
    table: pd.DataFrame,
    column: str,
    *,
    days: int = 7,
    lag: int = 1,
    date: str = "date",
    group: str = "store",
) -> pd.Series:
    """Return the sum over the `days` days that end `lag` days before.

    Parameters
    ----------
    table
        One row a group and day, in any order. A day that is missing, such as
        those before a shop's first row, adds nothing.
    column
        The numbers or truth values to add.
    days
        Calendar days of the sum, at least 1.
    lag
        How many days before the row the sum ends; 0 includes the row's own
        day, a negative number would look ahead and is refused.
    date, group
        The columns with the day and with what belongs together.

    Returns
    -------
    pandas.Series
        float64, under the index of `table`.

    Raises
    ------
    ValueError
        If `lag` is negative, a number is missing, or a group has two rows
        on one day.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "store": 1,
    ...     "date": pd.date_range("2015-01-01", periods=4),
    ...     "sales": [1, 2, 4, 8],
    ... })
    >>> rolling_sum(table, "sales", days=2).tolist()
    [0.0, 1.0, 3.0, 6.0]

    """
    check_whole("days", days, 1, "a sum over no day is no sum")
    check_whole("lag", lag, 0, "a sum that ends later looks ahead")
    check_table(table, [column])
    values = as_numbers(table, column)
    index = DayIndex(table, date=date, group=group)
    total = np.zeros(len(table))
    for back in range(lag + days - 1, lag - 1, -1):  # the oldest day first
        place = index.earlier(back)
        total += np.where(place >= 0, values[place], 0)
    name = f"{column}_last_{days}_days"
    return pd.Series(total, table.index, name=name)
