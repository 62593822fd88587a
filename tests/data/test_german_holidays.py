from datetime import date

import pytest

from sevenlessons.data.cache import is_present
from sevenlessons.data.german_holidays import (
    STATES,
    easter,
    public_holidays,
)
from sevenlessons.data.rossmann import load

EASTERS = {  # as calendars print them, the rare early and late ones too
    1818: (3, 22),
    1943: (4, 25),
    1954: (4, 18),
    1981: (4, 19),
    2000: (4, 23),
    2008: (3, 23),
    2011: (4, 24),
    2013: (3, 31),
    2014: (4, 20),
    2015: (4, 5),
    2038: (4, 25),
    2049: (4, 18),
    2076: (4, 19),
}


@pytest.mark.parametrize("year", EASTERS)
def test_easter(year):
    assert easter(year) == date(year, *EASTERS[year])


def test_easter_is_a_sunday_in_its_range():
    for year in range(1583, 2600):
        sunday = easter(year)
        assert sunday.weekday() == 6
        assert date(year, 3, 22) <= sunday <= date(year, 4, 25)


@pytest.mark.parametrize("year", [1582, 10_000])
def test_other_calendars_are_refused(year):
    with pytest.raises(ValueError, match=f"9999\\], got {year}; the rule"):
        easter(year)


def test_moving_days_of_2014():
    table = public_holidays([2014], ["SN"]).set_index("holiday")["date"]
    found = {name: f"{day:%m-%d}" for name, day in table.items()}
    assert found["Good Friday"] == "04-18"
    assert found["Ascension Day"] == "05-29"
    assert found["Whit Monday"] == "06-09"
    assert found["Day of Repentance"] == "11-19"
    assert table.is_monotonic_increasing


def test_every_state_has_nine_and_each_day_once():
    table = public_holidays(range(2013, 2016))
    assert set(table["state"]) == set(STATES)
    assert not table.duplicated(["state", "date"]).any()
    assert table.groupby("state").size().min() == 27


@pytest.mark.parametrize(
    "years, states, words",
    [
        ([2015], ["XX"], "unknown state 'XX'; expected one of BB"),
        ([2017], ["BE"], r"in \[1995, 2016\], got 2017"),
    ],
)
def test_what_is_not_known_is_refused(years, states, words):
    with pytest.raises(ValueError, match=words):
        public_holidays(years, states)


@pytest.mark.skipif(
    not is_present("rossmann"), reason="rossmann is not fetched"
)
def test_closed_doors_agree():
    """On working days a shop that ever closes on Sundays tells holidays."""
    days = load()
    sunday = days["date"].dt.day_of_week == 6
    rests = days[sunday].groupby("store")["open"].mean() == 0
    days = days[days["store"].map(rests) & ~sunday]
    closed = (~days["open"]).groupby([days["state"], days["date"]]).mean()
    ours = public_holidays(range(2013, 2016), days["state"].unique())
    keys = set(ours[["state", "date"]].itertuples(index=False, name=None))
    known = closed.index.map(lambda key: key in keys)
    assert closed[known].min() >= 0.5
    assert (closed[known] == 1).mean() > 0.95
    # what else is closed: single shops, and parts of Thuringia
    assert closed[~known].max() <= 0.5


def test_two_holidays_on_one_day_are_both_named():
    table = public_holidays([2008], ["HH"])
    names = table.loc[table["date"] == "2008-05-01", "holiday"].tolist()
    assert names == ["Labor Day, Ascension Day"]
