"""Public holidays of the German states, by rule.

Some are fixed to a date, most others to Easter, which moves with the moon.
Only holidays of a whole state count: those of single towns, such as Corpus
Christi in parts of Saxony and Thuringia or Assumption Day in most of Bavaria,
are left out. So are Easter Sunday and Whit Sunday, holidays by law in
Brandenburg: shops are closed on Sundays anyway. `STATES` are the 16 states in
two letters.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import pandas as pd

from . import rossmann

__all__ = ["easter", "public_holidays"]

STATES = tuple(rossmann.STATES)
# days after Easter Sunday, in all states
_MOVING = {
    "Good Friday": -2,
    "Easter Monday": 1,
    "Ascension Day": 39,
    "Whit Monday": 50,
}
_FIXED = {
    "New Year": (1, 1),
    "Labor Day": (5, 1),
    "German Unity Day": (10, 3),
    "Christmas Day": (12, 25),
    "Second Christmas Day": (12, 26),
}
_EPIPHANY = frozenset({"BW", "BY", "ST"})
_CORPUS_CHRISTI = frozenset({"BW", "BY", "HE", "NW", "RP", "SL"})
_ASSUMPTION = frozenset({"SL"})
_REFORMATION = frozenset({"BB", "MV", "SN", "ST", "TH"})
_ALL_SAINTS = frozenset({"BW", "BY", "NW", "RP", "SL"})
_REPENTANCE = frozenset({"SN"})


def easter(year: int) -> date:
    """Return Easter Sunday: the Sunday after the first full moon of spring.

    The moon is the church's, a rule of whole numbers: 19 years bring the
    same phases, apart from small corrections each century.

    Parameters
    ----------
    year
        Of the Gregorian calendar, from 1583 to 9999.

    Examples
    --------
    >>> easter(2015)
    datetime.date(2015, 4, 5)

    """
    if not 1583 <= year <= 9999:
        raise ValueError(
            f"year must be in [1583, 9999], got {year}; the rule is that of "
            "the Gregorian calendar"
        )
    century = year // 100
    in_cycle = year % 19
    skipped = century - century // 4  # leap days left out
    moon_shift = (8 * century + 13) // 25
    age = (skipped - moon_shift + 19 * in_cycle + 15) % 30
    age -= age == 29 or (age == 28 and in_cycle > 10)
    full_moon = date(year, 3, 21) + timedelta(days=age)
    return full_moon + timedelta(days=(6 - full_moon.weekday()) or 7)


def public_holidays(
    years: Iterable[int], states: Iterable[str] = STATES
) -> pd.DataFrame:
    """Return the holidays, one row a state and day, in order.

    Parameters
    ----------
    years
        From 1995 to 2016; before and after, the law was another.
    states
        Two letters each, of `STATES`.

    Returns
    -------
    pandas.DataFrame
        The columns ``state``, ``date`` and ``holiday``, its name. Where two
        fall on one day, as on May 1, 2008, it has both names.

    Raises
    ------
    ValueError
        If a state is unknown, or a year outside the range.

    Examples
    --------
    >>> found = public_holidays([2015], ["BE", "NW"])
    >>> found["state"].value_counts().to_dict()
    {'NW': 11, 'BE': 9}

    """
    rows = []
    chosen = list(years)
    for state in dict.fromkeys(states):
        if state not in STATES:
            raise ValueError(
                f"unknown state {state!r}; expected one of {', '.join(STATES)}"
            )
        for year in sorted(set(chosen)):
            if not 1995 <= year <= 2016:
                raise ValueError(
                    f"year must be in [1995, 2016], got {year}; the holidays "
                    "of other years are not in this table"
                )
            days: dict[date, str] = {}
            for name, day in _of_year(year, state):
                days[day] = f"{days[day]}, {name}" if day in days else name
            rows += [(state, day, days[day]) for day in sorted(days)]
    table = pd.DataFrame(rows, columns=["state", "date", "holiday"])
    return table.astype({"date": "datetime64[us]"})


def _of_year(year: int, state: str) -> Iterator[tuple[str, date]]:
    sunday = easter(year)
    for name, (month, day) in _FIXED.items():
        yield name, date(year, month, day)
    for name, shift in _MOVING.items():
        yield name, sunday + timedelta(days=shift)
    if state in _EPIPHANY:
        yield "Epiphany", date(year, 1, 6)
    if state in _CORPUS_CHRISTI:
        yield "Corpus Christi", sunday + timedelta(days=60)
    if state in _ASSUMPTION:
        yield "Assumption Day", date(year, 8, 15)
    if state in _REFORMATION:
        yield "Reformation Day", date(year, 10, 31)
    if state in _ALL_SAINTS:
        yield "All Saints", date(year, 11, 1)
    if state in _REPENTANCE:  # the Wednesday before November 23
        last = date(year, 11, 22)
        back = (last.weekday() - 2) % 7
        yield "Day of Repentance", last - timedelta(days=back)
