import numpy as np
import pandas as pd
import pytest

from sevenlessons.tables.checks import (
    as_numbers,
    check_names,
    check_table,
    check_whole,
    first_place,
)


@pytest.mark.parametrize(
    "values, expected",
    [
        ([1, 2], [1, 2]),
        ([1.5, None], [1.5, np.nan]),
        ([True, False], [1, 0]),
        (pd.array([3, None], dtype="Int64"), [3, np.nan]),
        (pd.Series([3, 4], dtype="category"), [3, 4]),
        (pd.Series([3, None, 2.5], dtype=object)[:2], [3, np.nan]),
    ],
)
def test_all_kinds_of_numbers(values, expected):
    table = pd.DataFrame({"a": values})
    found = as_numbers(table, "a", missing=True)
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    "values, error, words",
    [
        (["1", "2"], TypeError, "got '1' in row 0; turn it into numbers"),
        ([1, "two"], TypeError, "got 'two' in row 1"),
        (pd.to_datetime(["2020-01-01"]), TypeError, "list it among the cat"),
        ([[1], 2], TypeError, r"got \[1\] in row 0"),
        ([1, np.inf], ValueError, "is infinite in row 1; correct it"),
        ([1, 2, None], ValueError, "missing in 1 of 3 rows, first in row 2"),
    ],
)
def test_what_is_no_number_is_refused(values, error, words):
    table = pd.DataFrame({"a": pd.Series(list(values))})
    with pytest.raises(error, match=words):
        as_numbers(table, "a")


@pytest.mark.parametrize(
    "table, columns, error, words",
    [
        ([1], ["a"], TypeError, r"got list; one row is pd.DataFrame\(\[row"),
        (pd.DataFrame({"b": [1]}), ["a", "c"], ValueError, "lacks 2 of 2 col"),
        (pd.DataFrame(), ["a"], ValueError, "it has none; add them"),
        (
            pd.DataFrame([[1, 2]], columns=["a", "a"]),
            ["a"],
            ValueError,
            "has 2 columns named 'a'; keep one",
        ),
        (pd.DataFrame({"a": []}), ["a"], ValueError, "no rows; give at least"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(table, columns, error, words):
    with pytest.raises(error, match=words):
        check_table(table, columns)


def test_columns_that_nobody_asked_for_are_fine():
    check_table(pd.DataFrame({"a": [1], "b": [2]}), ["a"])
    assert first_place(pd.Series([False, True], index=[7, 3])) == 1


@pytest.mark.parametrize(
    "columns, error, words",
    [
        ("age", TypeError, r"got the text 'age'; write \['age'\]"),
        ([1], TypeError, r"must be names \(str\)"),
        (["a", "b", "a"], ValueError, "name 'a' more than once"),
    ],
)
def test_names_that_make_no_sense_are_refused(columns, error, words):
    with pytest.raises(error, match=words):
        check_names(columns)


def test_whole_numbers_of_numpy_are_whole():
    check_whole("days", np.int64(3), 1, "why")
    for value in (0, 2.0, True, np.bool_(True), "3"):
        with pytest.raises(ValueError, match="whole number from 1 on, got"):
            check_whole("days", value, 1, "why")
