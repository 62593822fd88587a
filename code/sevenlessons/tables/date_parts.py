"""A date taken apart: thirteen columns that a model can read.

A model that gets a date as one number cannot see Saturdays, the week before
Christmas, or the end of a month. Each part is plain arithmetic on the number
of the day. Only `week` needs a thought: week 1 is the one with the year's
first Thursday (ISO 8601), so the last days of December can belong to week 1,
and some years have a week 53.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .days import day_numbers

__all__ = ["date_parts"]

PARTS = (
    "year",
    "month",
    "week",
    "day",
    "weekday",
    "day_of_year",
    "is_month_end",
    "is_month_start",
    "is_quarter_end",
    "is_quarter_start",
    "is_year_end",
    "is_year_start",
    "day_number",
)


def date_parts(
    table: pd.DataFrame, column: str = "date", *, prefix: str = ""
) -> pd.DataFrame:
    """Return the thirteen parts of a column of dates.

    Parameters
    ----------
    table
        With a column of days; it is not changed.
    column
        The name of this column.
    prefix
        Stands before the names of the new columns.

    Returns
    -------
    pandas.DataFrame
        The columns `PARTS`, under the index of `table`. `weekday` is 0 for
        Monday and 6 for Sunday, `day_number` counts from January 1, 1970.

    Raises
    ------
    TypeError
        If the column holds no dates.
    ValueError
        If a date is missing, or has a time of day or a time zone.

    Examples
    --------
    >>> new_year = pd.DataFrame({"date": pd.to_datetime(["2016-01-01"])})
    >>> parts = date_parts(new_year)
    >>> parts[["year", "week", "weekday"]].iloc[0].tolist()
    [2016, 53, 4]

    """
    today = day_numbers(table, column)
    weekday = (today + 3) % 7  # day 0 was a Thursday
    thursday = today - weekday + 3  # of the same week
    parts = {
        **_calendar(today),
        "week": (thursday - _begin(thursday, "Y")) // 7 + 1,
        "weekday": weekday,
        "day_of_year": today - _begin(today, "Y") + 1,
        **{f"is_{name}_start": at for name, at in _starts(today).items()},
        **{f"is_{name}_end": at for name, at in _starts(today + 1).items()},
        "day_number": today,
    }
    return pd.DataFrame(
        {prefix + name: parts[name] for name in PARTS}, index=table.index
    )


def _begin(days: np.ndarray, unit: str) -> np.ndarray:
    """Return the first day of the month ("M") or year ("Y") of each day."""
    start = days.astype("datetime64[D]").astype(f"datetime64[{unit}]")
    found: np.ndarray = start.astype("datetime64[D]").astype("int64")
    return found


def _calendar(days: np.ndarray) -> dict[str, np.ndarray]:
    """Return year, month and day of the month."""
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    number = months.astype("int64")  # since January 1970
    return {
        "year": 1970 + number // 12,
        "month": number % 12 + 1,
        "day": days - _begin(days, "M") + 1,
    }


def _starts(days: np.ndarray) -> dict[str, np.ndarray]:
    """Tell which days begin a month, a quarter, a year."""
    calendar = _calendar(days)
    first, month = calendar["day"] == 1, calendar["month"]
    return {
        "month": first,
        "quarter": first & (month % 3 == 1),
        "year": first & (month == 1),
    }
