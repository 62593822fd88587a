import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sevenlessons.tables.joins import left_join

LEFT = pd.DataFrame(
    {"state": ["NW", "XX", "BE", "XX"], "day": [1, 1, 2, 3]},
    index=[5, 3, 8, 1],
)
RIGHT = pd.DataFrame({"state": ["BE", "NW"], "name": ["Berlin", "Westphalia"]})


def test_rows_stay_and_what_is_lacking_is_told():
    joined, lacking = left_join(LEFT, RIGHT, ["state"])
    assert joined.index.tolist() == [5, 3, 8, 1]
    assert list(joined) == ["state", "day", "name"]
    assert joined["name"].isna().tolist() == [False, True, False, True]
    assert lacking.to_dict("records") == [{"state": "XX", "rows": 2}]


def test_two_columns_can_be_the_key():
    right = pd.DataFrame({"state": ["NW", "XX"], "day": [1, 3], "up": [4, 6]})
    joined, lacking = left_join(LEFT, right, ["state", "day"])
    assert joined["up"].fillna(0).tolist() == [4, 0, 0, 6]
    assert lacking["rows"].tolist() == [1, 1]


def test_nothing_is_lacking():
    joined, lacking = left_join(LEFT[LEFT["state"] != "XX"], RIGHT, ["state"])
    assert len(lacking) == 0
    assert list(lacking) == ["state", "rows"]
    assert joined["name"].notna().all()


def test_no_name_of_a_column_is_taken():
    right = RIGHT.rename(columns={"name": "_found"})
    joined, lacking = left_join(LEFT, right, ["state"])
    assert joined["_found"].tolist()[::2] == ["Westphalia", "Berlin"]
    assert lacking["rows"].tolist() == [2]
    left = LEFT.rename(columns={"day": "_found"})
    assert left_join(left, RIGHT, ["state"])[0]["_found"].sum() == 7


@given(
    left=st.lists(st.integers(0, 9), min_size=1),
    right=st.sets(st.integers(0, 9), min_size=1),
)
def test_as_a_dictionary_would_do_it(left, right):
    table = pd.DataFrame({"key": sorted(right)}).assign(
        value=lambda t: t["key"] * 10
    )
    joined, lacking = left_join(pd.DataFrame({"key": left}), table, ["key"])
    assert joined["key"].tolist() == left
    found = [None if pd.isna(v) else int(v) for v in joined["value"]]
    assert found == [k * 10 if k in right else None for k in left]
    assert set(lacking["key"]) == set(left) - right
    assert lacking["rows"].sum() == sum(k not in right for k in left)


@pytest.mark.parametrize(
    "right, on, kind, words",
    [
        (pd.concat([RIGHT, RIGHT[:1]]), ["state"], ValueError,
         "1 keys stand .* such as {'state': 'BE'}; .* multiply rows"),
        (RIGHT.assign(day=1), ["state"], ValueError,
         "both tables have a column 'day'"),
        (RIGHT, ["day"], ValueError, "lacks 1 of 1 columns: day"),
        (RIGHT, [], ValueError, "at least one column, got none"),
        (RIGHT, ["rows"], ValueError, "must not be called 'rows'"),
        (RIGHT, "state", TypeError, "got the text 'state'"),
        (pd.DataFrame({"state": [1], "x": [2]}), ["state"], TypeError,
         "is str in the left table and int64 in the right"),
        (pd.DataFrame({"state": ["BE", None], "x": 2}), ["state"],
         ValueError, "missing in 1 of 2 rows of the right .* in row 1"),
    ],
)  # fmt: skip
def test_a_join_that_goes_wrong_is_refused(right, on, kind, words):
    with pytest.raises(kind, match=words):
        left_join(LEFT, right, on)
