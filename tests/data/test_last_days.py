import numpy as np
import pandas as pd
import pytest

from sevenlessons.data.last_days import last_days


def shops(**spans):
    """Return one row a shop and day, newest first."""
    rows = [
        {"shop": shop, "date": day}
        for shop, (start, end) in spans.items()
        for day in pd.date_range(start, end)
    ]
    return pd.DataFrame(rows).sort_values("date", ascending=False)


def test_counts_calendar_days_and_cuts_all_shops_at_once():
    table = shops(
        a=("2015-01-01", "2015-01-31"), b=("2015-01-20", "2015-01-26")
    )
    train, valid = last_days(table, days=7, group="shop")
    assert valid["date"].min() == pd.Timestamp("2015-01-25")
    assert train["date"].max() == pd.Timestamp("2015-01-24")
    assert valid.groupby("shop").size().to_dict() == {"a": 7, "b": 2}
    assert sorted([*train.index, *valid.index]) == sorted(table.index)
    assert train["date"].is_monotonic_decreasing  # old order


def test_a_time_of_day_does_not_cut_a_day():
    hours = pd.date_range("2015-01-01 06:00", "2015-01-03 18:00", freq="6h")
    train, valid = last_days(pd.DataFrame({"date": hours}), days=1)
    assert set(valid["date"].dt.day) == {3}
    assert 3 not in set(train["date"].dt.day)


@pytest.mark.parametrize(
    "table, options, kind, words",
    [
        (shops(a=("2015-01-01", "2015-01-05")), {"days": 0}, ValueError,
         "whole number from 1 on, got 0"),
        (shops(a=("2015-01-01", "2015-01-05")), {"days": True}, ValueError,
         "got True"),
        (shops(a=("2015-01-01", "2015-01-05")), {"days": 5}, ValueError,
         "no more than 5 days"),
        (shops(a=("2015-01-01", "2015-01-05")), {"date": "when"}, ValueError,
         "no column 'when'; the table has shop, date"),
        (pd.DataFrame({"date": ["2015-01-01"]}), {}, TypeError,
         "must hold dates, got .*; use pd.to_datetime"),
        (pd.DataFrame({"date": pd.to_datetime([None, "2015-01-01"])}), {},
         ValueError, "got 2 rows, 1 without one"),
        (
            shops(a=("2015-01-01", "2015-01-31"),
                  b=("2015-01-01", "2015-01-09")),
            {"days": 7, "group": "shop"}, ValueError,
            "1 of 2 values of 'shop' have no row within .* such as 'b'",
        ),
        (
            shops(a=("2015-01-01", "2015-01-31"),
                  b=("2015-01-30", "2015-01-31")),
            {"days": 7, "group": "shop"}, ValueError,
            "have no row before the last 7 days, such as 'b'",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_cut_is_refused(table, options, kind, words):
    with pytest.raises(kind, match=words):
        last_days(table, **options)


def test_a_number_of_numpy_counts_days():
    table = shops(a=("2015-01-01", "2015-01-05"))
    _, valid = last_days(table, days=np.int64(2))
    assert len(valid) == 2
