import numpy as np
import pandas as pd
import pytest

from sevenlessons.tables.days import DayIndex, day_numbers


def days(*texts, **more):
    return pd.DataFrame(
        {"date": pd.to_datetime(list(texts), format="ISO8601"), **more}
    )


def test_numbers_count_from_1970():
    table = days("1969-12-31", "1970-01-01", "2000-03-01")
    assert day_numbers(table, "date").tolist() == [-1, 0, 11_017]


@pytest.mark.parametrize(
    "table, kind, words",
    [
        (pd.DataFrame({"date": ["x"]}), TypeError, "got 'x' in row 0; turn"),
        (pd.DataFrame({"date": [5]}), TypeError, "must hold dates, got 5"),
        (days("2015-01-01", None), ValueError, "no date in 1 of 2 rows"),
        (days("2015-01-01", "2015-01-02 03:00"), ValueError, "in row 1; use"),
        (days("2015-01-01T00:00Z"), ValueError, "without time or time zone"),
        (days("2015-01-01")[:0], ValueError, "no rows"),
        (pd.DataFrame({"day": [1]}), ValueError, "lacks 1 of 1 columns: date"),
    ],
)
def test_what_is_no_day_is_refused(table, kind, words):
    with pytest.raises(kind, match=words):
        day_numbers(table, "date")


@pytest.mark.parametrize("seed", range(5))
def test_earlier_is_the_row_that_a_search_finds(seed):
    rng = np.random.default_rng(seed)
    every = pd.MultiIndex.from_product(
        [["b", "a", "c"], pd.date_range("2015-01-01", periods=30)],
        names=["store", "date"],
    ).to_frame(index=False)
    table = every.iloc[rng.permutation(90)[:60]].reset_index(drop=True)
    index = DayIndex(table)
    places = table.set_index(["store", "date"]).assign(i=range(60))["i"]
    for back in (0, 1, 7, 29, 40, -3):
        wanted = [
            places.get((row.store, row.date - pd.Timedelta(days=back)), -1)
            for row in table.itertuples()
        ]
        assert index.earlier(back).tolist() == wanted
    for _, rows in table.iloc[index.order].groupby("store", sort=False):
        assert rows["date"].is_monotonic_increasing


@pytest.mark.parametrize(
    "stores, words",
    [
        ([1, 1], "'store' 1 has more than one row on 2015-01-01; keep one"),
        ([1, None], "'store' is missing in row 1; say whose"),
    ],
)
def test_a_day_must_belong_to_one_row(stores, words):
    with pytest.raises(ValueError, match=words):
        DayIndex(days("2015-01-01", "2015-01-01", store=stores))
