import pandas as pd
import pytest

from sevenlessons.tables.date_parts import PARTS, date_parts


def reference(dates):
    """Return the same by pandas."""
    at = dates.dt
    names = [name for name in PARTS if name.startswith("is_")]
    return pd.DataFrame(
        {
            "year": at.year,
            "month": at.month,
            "week": at.isocalendar()["week"].astype("int64"),
            "day": at.day,
            "weekday": at.day_of_week,
            "day_of_year": at.day_of_year,
            **{name: getattr(at, name) for name in names},
            "day_number": (dates - pd.Timestamp(0)).dt.days,
        }
    )


def test_thirteen_parts_as_pandas_has_them():
    dates = pd.Series(pd.date_range("1965-12-25", "2036-01-05"))
    found = date_parts(pd.DataFrame({"date": dates}))
    assert tuple(found) == PARTS
    assert len(PARTS) == 13
    wanted = reference(dates)[list(PARTS)]
    pd.testing.assert_frame_equal(found, wanted, check_dtype=False)


@pytest.mark.parametrize(
    "day, week",
    [
        ("2015-12-31", 53),
        ("2016-01-03", 53),
        ("2016-01-04", 1),
        ("2014-12-29", 1),
        ("2012-01-01", 52),
        ("2000-02-29", 9),
    ],
)
def test_weeks_at_the_edge_of_a_year(day, week):
    table = pd.DataFrame({"date": pd.to_datetime([day])})
    assert date_parts(table)["week"].tolist() == [week]


def test_index_prefix_and_table_stay():
    table = pd.DataFrame({"day": pd.to_datetime(["2015-04-01"])}, index=[9])
    found = date_parts(table, "day", prefix="day_")
    assert found.index.tolist() == [9]
    assert found["day_is_quarter_start"].tolist() == [True]
    assert list(table) == ["day"]


def test_no_date_is_refused():
    with pytest.raises(TypeError, match=r"got '1.4.'.*pd.to_datetime"):
        date_parts(pd.DataFrame({"date": ["1.4."]}))
