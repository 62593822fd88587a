"""Cut a table in time: learn from the past, judge by its last days.

`splits.time_split` cuts off a share of the rows. Who forecasts knows how far
ahead instead: six weeks, say. Then the last six weeks are what to judge by.
"""

from numbers import Integral

import pandas as pd

__all__ = ["last_days"]


def last_days(
    table: pd.DataFrame,
    date: str = "date",
    *,
    days: int = 42,
    group: str | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the earlier rows to learn from, the last days to judge by.

    The cut is one day for all rows, so that nothing learned from one shop
    comes from days that are judged in another.

    Parameters
    ----------
    table
        One row a day, or one a shop and day; old index and order stay.
    date
        The column with the days.
    days
        Calendar days to judge by, the last day of the table included.
    group
        If given, each value of this column must have rows on both sides.

    Raises
    ------
    ValueError
        If a side, or the side of a group, would be empty; or a date is
        missing.

    Examples
    --------
    >>> week = pd.date_range("2015-07-25", "2015-07-31")
    >>> train, valid = last_days(pd.DataFrame({"date": week}), days=2)
    >>> len(train), str(valid["date"].min().date())
    (5, '2015-07-30')

    """
    if not isinstance(days, Integral) or isinstance(days, bool) or days < 1:
        raise ValueError(
            f"days must be a whole number from 1 on, got {days}; on no day "
            "nothing could be judged"
        )
    for name in [date] + ([] if group is None else [group]):
        if name not in table:
            raise ValueError(
                f"no column {name!r}; the table has "
                f"{', '.join(map(str, table.columns))}"
            )
    column = table[date]
    if not pd.api.types.is_datetime64_any_dtype(column.dtype):
        raise TypeError(
            f"column {date!r} must hold dates, got {column.dtype}; use "
            "pd.to_datetime"
        )
    if not len(table) or column.isna().any():
        raise ValueError(
            f"expected a date in each row of {date!r}, got {len(table)} rows, "
            f"{int(column.isna().sum())} without one; leave those out"
        )
    own = column.dt.normalize()
    is_valid = own > own.max() - pd.Timedelta(days=int(days))
    train, valid = table[~is_valid], table[is_valid]
    if not len(train):
        raise ValueError(
            f"the table spans no more than {days} days; nothing is left to "
            "learn from: judge by fewer days"
        )
    if group is not None:
        everyone = set(table[group])
        for words, side in (("before", train), ("within", valid)):
            without = sorted(everyone - set(side[group]), key=str)
            if without:
                raise ValueError(
                    f"{len(without)} of {len(everyone)} values of {group!r} "
                    f"have no row {words} the last {days} days, such as "
                    f"{without[0]!r}; leave them out, or choose other days"
                )
    return train, valid
