import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sevenlessons.data.strata import column_values, make_strata, share_out


@given(
    st.lists(st.integers(2, 50), min_size=1, max_size=6), st.floats(0.01, 0.99)
)
def test_shares_are_rounded_and_leave_both_sides_filled(sizes, share):
    rows = share_out(sizes, share)
    for count, size in zip(rows, sizes, strict=True):
        assert 1 <= count <= size - 1
        assert abs(count - share * size) <= 1
    free = [share * size >= 1 and (1 - share) * size >= 1 for size in sizes]
    if all(free):
        assert abs(sum(rows) - share * sum(sizes)) <= 0.5 + 1e-9


def test_groups_are_listed_by_class():
    table = pd.DataFrame(
        {"g": ["x", "y", "x", "z"], "label": ["b", "a", "b", "a"]}
    )
    one = make_strata(table, "g", None, 2)
    assert [rows.tolist() for rows in one[0]] == [[0, 2], [1], [3]]
    table.loc[4] = ["w", "b"]
    two = make_strata(table, "g", "label", 2)
    assert [[rows.tolist() for rows in part] for part in two] == [
        [[1], [3]],
        [[0, 2], [4]],
    ]


def test_a_mixed_group_counts_for_its_rarest_class():
    table = pd.DataFrame({"g": [0, 0, 1, 2, 3], "label": list("abbab")})
    a, b = make_strata(table, "g", "label", 2)
    assert [rows.tolist() for rows in a] == [[0, 1], [3]]
    assert [rows.tolist() for rows in b] == [[2], [4]]


def test_values_by_name_or_one_a_row():
    table = pd.DataFrame({"g": [3, 4]}, index=[8, 9])
    for given_as in ("g", [3, 4], np.array([3, 4]), table["g"]):
        assert column_values(table, given_as, "groups").tolist() == [3, 4]
    with pytest.raises(ValueError, match="no column 'x'"):
        column_values(table, "x", "groups")
    with pytest.raises(ValueError, match="groups must have one value a row"):
        column_values(table, [1], "groups")
    with pytest.raises(ValueError, match="stratify is missing in 1 rows"):
        column_values(table, [1, None], "stratify")
