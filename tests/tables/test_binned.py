import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sevenlessons.tables.binned import Binned


def test_ranges_hold_equally_many_rows():
    train = pd.DataFrame({"a": np.random.default_rng(0).normal(size=1000)})
    binned = Binned(["a"], bins=10).fit(train)
    found = binned.transform(train)
    assert np.bincount(found["a_bin"]).tolist() == [0] + [100] * 10
    assert binned.sizes_ == {"a_bin": 11}
    assert found["a"].equals(train["a"])


def test_a_frequent_value_has_a_range_of_its_own():
    values = [0] * 50 + [40] * 20 + list(range(1, 31))
    train = pd.DataFrame({"a": values})
    found = Binned(["a"], bins=5).fit_transform(train)["a_bin"]
    for often in (0, 40):
        (number,) = set(found[train["a"] == often])
        assert set(train["a"][found == number]) == {often}
    rest = found[~train["a"].isin([0, 40])]
    assert rest.value_counts().tolist() == [6] * 5


def test_missing_values_and_values_out_of_reach():
    train = pd.DataFrame({"a": [1.0, 2, 3, 4, np.nan]})
    binned = Binned(["a"], bins=2).fit(train)
    later = pd.DataFrame({"a": [np.nan, -1e9, 1e9]})
    first, low, high = binned.transform(later)["a_bin"]
    assert (first, low) == (0, 1) and high == binned.sizes_["a_bin"] - 1


def test_a_constant_column():
    train = pd.DataFrame({"a": [3.0] * 9})
    assert set(Binned(["a"]).fit_transform(train)["a_bin"]) == {2}


@settings(deadline=None)
@given(
    st.lists(st.integers(-5, 30), min_size=1, max_size=80),
    st.integers(2, 12),
)
def test_a_larger_number_never_has_a_lower_range(values, bins):
    train = pd.DataFrame({"a": sorted(values)})
    binned = Binned(["a"], bins=bins).fit(train)
    found = binned.transform(train)["a_bin"]
    assert found.is_monotonic_increasing
    assert found.between(1, binned.sizes_["a_bin"] - 1).all()


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="bins must be at least 2, got 1"):
        Binned(["a"], bins=1)
    with pytest.raises(ValueError, match="missing in all 1 training rows"):
        Binned(["a"]).fit(pd.DataFrame({"a": [np.nan]}))
    with pytest.raises(TypeError, match="must hold numbers, got 'x'"):
        Binned(["a"]).fit(pd.DataFrame({"a": ["x"]}))


def test_a_column_with_the_name_of_ranges_is_refused():
    with pytest.raises(ValueError, match="'gain_bin', which is a column alr"):
        Binned(["gain_bin", "gain"])
