import pandas as pd
import pytest

from sevenlessons.tables.look_ahead import look_ahead_columns
from sevenlessons.tables.rolling import rolling_sum

DAYS = pd.date_range("2015-01-01", periods=10)
TABLE = pd.DataFrame(
    {"store": [1] * 10 + [2] * 10, "date": [*DAYS, *DAYS]}
).assign(sales=range(20), rain=False)


def honest(table):
    return rolling_sum(table, "sales", days=3).to_frame()


def leaks(table):
    by_shop = table.groupby("store")["sales"]
    return honest(table).assign(
        next_day=by_shop.shift(-1),
        centered=by_shop.transform(lambda s: s.rolling(3, center=True).sum()),
        of_all=by_shop.transform("mean"),
        scaled=table["sales"] / table["sales"].std(),
        rain_soon=table.groupby("store")["rain"].shift(-1),
        weekday=table["date"].dt.day_of_week,
    )


def test_leaks_are_found_and_nothing_else():
    found = look_ahead_columns(
        leaks, TABLE, ["sales", "rain"], day="2015-01-05"
    )
    wanted = ["next_day", "centered", "of_all", "scaled", "rain_soon"]
    assert found == wanted
    assert not look_ahead_columns(honest, TABLE, ["sales"], day="2015-01-05")


def test_leaks_are_found_in_numbers_with_a_comma():
    table = TABLE.astype({"sales": "float64"})
    before = table.copy()
    found = look_ahead_columns(leaks, table, ["sales"], day="2015-01-05")
    assert found == ["next_day", "centered", "of_all", "scaled"]
    pd.testing.assert_frame_equal(table, before)
    table["sales"] = float("nan")
    later = look_ahead_columns(
        lambda t: t[["sales"]].shift(-1), table, ["sales"], day="2015-01-05"
    )
    assert later == ["sales"]


def test_a_question_about_tomorrow_is_found():
    table = pd.DataFrame({"store": range(50), "sales": 5, "rain": False})
    days = [table.assign(date=day) for day in DAYS[:2]]
    both = pd.concat(days, ignore_index=True)

    def above(table):
        return (table.groupby("store")["sales"].shift(-1) > 0).to_frame()

    assert look_ahead_columns(above, both, ["sales"], day=DAYS[0]) == ["sales"]


def test_what_is_known_before_may_be_used():
    found = look_ahead_columns(leaks, TABLE, ["sales"], day="2015-01-05")
    assert "rain_soon" not in found


@pytest.mark.parametrize("lag", [1, 2, 3, 4])
def test_a_forecast_of_three_days_knows_sales_of_three_days_ago(lag):
    def features(table):
        return rolling_sum(table, "sales", days=2, lag=lag).to_frame()

    found = look_ahead_columns(
        features, TABLE, ["sales"], day="2015-01-05", horizon=3
    )
    assert found == (["sales_last_2_days"] if lag < 3 else [])


@pytest.mark.parametrize("horizon", [-1, 1.5, True])
def test_a_horizon_without_sense_is_refused(horizon):
    with pytest.raises(ValueError, match=f"from 0 on, got {horizon}; it"):
        look_ahead_columns(
            honest, TABLE, ["sales"], day="2015-01-05", horizon=horizon
        )


def test_the_table_is_not_changed():
    before = TABLE.copy()

    def careless(table):
        table["sales"] = 0
        return honest(table)

    look_ahead_columns(careless, TABLE, ["sales"], day="2015-01-05")
    pd.testing.assert_frame_equal(TABLE, before)


@pytest.mark.parametrize(
    "features, day, words",
    [
        (honest, "2015-01-10", "got all 20 up to it and none after it"),
        (honest, "2014-12-31", "got all 20 after it and none up to it"),
        (lambda t: honest(t)[1:], "2015-01-05", "20 rows.* got one of 19"),
        (lambda t: t["sales"], "2015-01-05", "got Series"),
        (
            lambda t: honest(t).sort_values("sales_last_3_days"),
            "2015-01-05",
            r"in its order, got another; use reindex",
        ),
        (
            lambda t: honest(t).reset_index(drop=True).set_index(t["date"]),
            "2015-01-05",
            r"in its order, got another; use reindex",
        ),
        (
            lambda t: pd.DataFrame({t["sales"].iloc[-1]: t["sales"]}),
            "2015-01-05",
            "same columns each time",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(features, day, words):
    with pytest.raises(ValueError, match=words):
        look_ahead_columns(features, TABLE, ["sales"], day=day)
