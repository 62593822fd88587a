"""Rates of groups as text: each with its interval, or "too few".

A rate of twelve people says little, and on a card it looks as firm as one of
four thousand. So a rate is written only with the interval around it, and
not at all below a smallest number of people.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from .group_rates import COLUMNS

__all__ = ["stated_rates"]

Interval = Callable[[int, int], tuple[float, float]]


def stated_rates(
    rates: pd.DataFrame, interval: Interval, *, fewest: int = 30
) -> pd.DataFrame:
    """Return the rates as text, each with both ends of its interval.

    Parameters
    ----------
    rates
        What `group_rates` returns.
    interval
        From hits and trials to low and high end, such as
        `sevenlessons.page.intervals.wilson`.
    fewest
        A rate counted on fewer rows becomes "too few", with their number;
        at least 1.

    Returns
    -------
    pandas.DataFrame
        Same rows and columns; counts stay numbers.

    Raises
    ------
    ValueError
        If a column of `group_rates` is missing, or `fewest` is below 1.

    Examples
    --------
    >>> from sevenlessons.tables.group_rates import group_rates
    >>> found = group_rates([1] * 40 + [0], [1] * 30 + [0] * 11, ["a"] * 41)
    >>> made = stated_rates(found, lambda hits, n: (hits / n, 1.0))
    >>> made.loc["a", "false_negative_rate"]
    '0.250 (0.250 to 1.000)'
    >>> made.loc["a", "false_positive_rate"]
    'too few (1)'

    """
    missing = [column for column in COLUMNS if column not in rates.columns]
    if missing:
        raise ValueError(
            f"expected the columns of group_rates, {', '.join(missing)} "
            "missing; hand over what group_rates returned"
        )
    if fewest < 1:
        raise ValueError(f"fewest must be at least 1, got {fewest}")
    made = rates.astype(object)
    for column, counted in _counted_on(rates).items():
        made[column] = [
            _cell(rate, int(n), interval, fewest)
            for rate, n in zip(rates[column], counted, strict=True)
        ]
    return made


def _counted_on(rates: pd.DataFrame) -> dict[str, pd.Series]:
    """Return for each rate how many rows it is a share of."""
    people, positives = rates["people"], rates["positives"]
    return {
        "base_rate": people,
        "chosen": people,
        "error": people,
        "false_positive_rate": people - positives,
        "false_negative_rate": positives,
        "precision": (rates["chosen"] * people).round(),
    }


def _cell(rate: float, count: int, interval: Interval, fewest: int) -> str:
    if count < fewest:
        return f"too few ({count})"
    low, high = interval(round(rate * count), count)
    return f"{rate:.3f} ({low:.3f} to {high:.3f})"
