import math

import numpy as np
import pandas as pd
import pytest

from sevenlessons.tables.elapsed import days_since, days_until


def shops(rng, rows=80):
    """Return days of three shops with gaps, in random order."""
    every = pd.MultiIndex.from_product(
        [[7, 3, 5], pd.date_range("2015-01-01", periods=40)],
        names=["store", "date"],
    ).to_frame(index=False)
    table = every.iloc[rng.permutation(120)[:rows]]
    return table.assign(promo=rng.random(rows) < 0.15)


def search(table, sign):
    """Return the distance by looking at every row for every row."""
    found = []
    for row in table.itertuples():
        own = table[(table["store"] == row.store) & table["promo"]]
        gaps = (row.date - own["date"]).dt.days * sign
        found.append(gaps[gaps >= 0].min())
    return np.array(found, "float64")


@pytest.mark.parametrize("seed", range(8))
def test_both_ways_equal_a_search(seed):
    table = shops(np.random.default_rng(seed))
    for function, sign in ((days_since, 1), (days_until, -1)):
        found = function(table, "promo")
        assert found.index.equals(table.index)
        np.testing.assert_array_equal(found, search(table, sign))


def test_no_way_across_the_border_of_a_shop():
    table = pd.DataFrame(
        {
            "store": [1, 1, 2, 2],
            "date": pd.to_datetime(["2015-01-01", "2015-01-02"] * 2),
            "promo": [0, 1, 0, 0],
        }
    )
    since, until = days_since(table, "promo"), days_until(table, "promo")
    assert since.name == "days_since_promo"
    assert [math.isnan(v) for v in since] == [True, False, True, True]
    assert [math.isnan(v) for v in until] == [False, False, True, True]


@pytest.mark.parametrize(
    "values, kind, words",
    [
        ([0, 2], ValueError, "must be true or false .* got 2 in row 1"),
        ([True, None], ValueError, "true or false in each row, got None"),
        (["a", "b"], TypeError, "must hold numbers, got 'a'"),
    ],
)
def test_what_is_no_event_is_refused(values, kind, words):
    table = pd.DataFrame({"store": 1, "promo": values})
    table["date"] = pd.date_range("2015-01-01", periods=2)
    with pytest.raises(kind, match=words):
        days_since(table, "promo")


def test_two_rows_on_a_day_are_refused():
    table = pd.DataFrame({"store": [1, 1], "promo": [0, 1]})
    table["date"] = pd.Timestamp("2015-01-01")
    with pytest.raises(ValueError, match="more than one row on 2015-01-01"):
        days_until(table, "promo")
    table["date"] = pd.date_range("2015-01-01", periods=2)
    with pytest.raises(ValueError, match="lacks 1 of 1 columns: sale"):
        days_until(table, "sale")
