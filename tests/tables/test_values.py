import numpy as np
import pandas as pd
import pytest

from sevenlessons.tables.values import plain_value, plain_values


@pytest.mark.parametrize(
    "value, expected",
    [
        ("text", "text"),
        ("", ""),
        (np.str_("text"), "text"),
        (np.int64(7), 7),
        (7.0, 7),
        (np.float32(-2.0), -2),
        (np.bool_(True), True),
        (None, None),
        (float("nan"), None),
        (np.float64("nan"), None),
        (pd.NA, None),
        (pd.NaT, None),
    ],
)
def test_each_kind_becomes_plain(value, expected):
    found = plain_value(value)
    assert found == expected and type(found) is type(expected)


@pytest.mark.parametrize("value", [1.5, float("inf"), [1], 1 + 2j])
def test_what_is_no_category_is_refused(value):
    with pytest.raises(TypeError, match="belong to the numeric columns, or"):
        plain_value(value)
    table = pd.DataFrame({"a": pd.Series([value], dtype=object)})
    with pytest.raises(TypeError, match="'a' must hold text, whole numbers"):
        plain_values(table, "a")


def test_a_column_keeps_its_rows_and_mixes_nothing():
    table = pd.DataFrame({"a": [True, None, 3]}, index=[5, 2, 9])
    found = plain_values(table, "a")
    assert found.index.tolist() == [5, 2, 9] and found.dtype == object
    assert found.tolist() == [True, None, 3]
    codes = pd.Series(["x", None], dtype="category").to_frame("a")
    assert plain_values(codes, "a").tolist() == ["x", None]
