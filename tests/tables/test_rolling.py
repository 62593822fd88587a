import numpy as np
import pandas as pd
import pytest

from sevenlessons.tables.rolling import rolling_sum


def shops(rng, rows=80):
    every = pd.MultiIndex.from_product(
        [[7, 3, 5], pd.date_range("2015-01-01", periods=40)],
        names=["store", "date"],
    ).to_frame(index=False)
    table = every.iloc[rng.permutation(120)[:rows]]
    return table.assign(sales=rng.integers(0, 1000, rows))


def search(table, days, lag):
    found = []
    for row in table.itertuples():
        own = table[table["store"] == row.store]
        age = (row.date - own["date"]).dt.days
        inside = (age >= lag) & (age < lag + days)
        found.append(own.loc[inside, "sales"].sum())
    return found


@pytest.mark.parametrize("days, lag", [(7, 1), (7, 0), (1, 1), (3, 14)])
@pytest.mark.parametrize("seed", range(3))
def test_equals_a_search(seed, days, lag):
    table = shops(np.random.default_rng(seed))
    found = rolling_sum(table, "sales", days=days, lag=lag)
    assert found.index.equals(table.index)
    assert found.name == f"sales_last_{days}_days"
    assert found.tolist() == search(table, days, lag)


def test_other_shops_change_not_even_the_last_bit():
    rng = np.random.default_rng(0)
    table = shops(rng).assign(sales=lambda t: t["sales"] + 0.1)
    other = table.copy()
    other.loc[other["store"] == 7, "sales"] *= 1e9
    same = table["store"] != 7
    one, two = rolling_sum(table, "sales"), rolling_sum(other, "sales")
    assert one[same].equals(two[same])


def test_truth_values_are_counted():
    table = pd.DataFrame({"store": 1, "promo": [True, False, True]})
    table["date"] = pd.to_datetime(["2015-01-01", "2015-01-02", "2015-01-09"])
    assert rolling_sum(table, "promo", lag=0).tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    "options, words",
    [
        ({"lag": -1}, "lag must be .* from 0 on, got -1; .* looks ahead"),
        ({"days": 0}, "days must be a whole number from 1 on, got 0"),
        ({"days": 2.5}, "got 2.5"),
        ({"lag": True}, "got True"),
    ],
)
def test_windows_without_sense_are_refused(options, words):
    table = shops(np.random.default_rng(0))
    with pytest.raises(ValueError, match=words):
        rolling_sum(table, "sales", **options)


def test_missing_numbers_are_refused():
    table = shops(np.random.default_rng(0), rows=4).astype({"sales": float})
    table.iloc[2, 2] = np.nan
    with pytest.raises(ValueError, match="'sales' is missing in 1 of 4"):
        rolling_sum(table, "sales")
