import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import StandardScaler

from sevenlessons.tables.columns import Categorify, FillMissing, Standardize


def frame(seed, rows=60):
    """Return random numbers with gaps and categories, one col. constant."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "a": np.where(
                rng.random(rows) < 0.2, np.nan, rng.normal(5, 3, rows)
            ),
            "b": rng.integers(0, 9, rows),
            "same": 7.0,
            "kind": rng.choice(list("xyz"), rows),
            "level": rng.integers(1, 4, rows),
        },
        index=rng.permutation(1000)[:rows],
    )


# FillMissing


@pytest.mark.parametrize("seed", range(4))
def test_gaps_get_the_median_of_the_training_rows(seed):
    train, later = frame(seed), frame(seed + 10, rows=7)
    fill = FillMissing(["a", "b", "same"]).fit(train)
    assert fill.medians_["a"] == train["a"].median()
    for table in (train, later):
        found = fill.transform(table)
        assert found["a"].equals(table["a"].fillna(train["a"].median()))
        assert found["a_missing"].equals(table["a"].isna().rename("a_missing"))
        assert (found["b"] == table["b"]).all()
        assert found.index.equals(table.index)
    assert fill.flags_ == ["a"] and "b_missing" not in found


def test_filling_twice_changes_nothing():
    train = frame(0)
    fill = FillMissing(["a", "b"]).fit(train)
    once = fill.transform(train)
    pd.testing.assert_frame_equal(fill.transform(once), once)
    assert FillMissing(["a"]).fit(once).flags_ == []


def test_later_rows_do_not_change_what_was_learned():
    train, later = frame(0), frame(1)
    later["a"] = 1e9
    fill = FillMissing(["a"]).fit(train)
    before, learned = fill.transform(train), fill.state_dict()
    fill.transform(later)
    pd.testing.assert_frame_equal(fill.transform(train), before)
    assert fill.state_dict() == learned


def test_a_gap_where_training_had_none_is_filled_without_a_note():
    fill = FillMissing(["b"]).fit(pd.DataFrame({"b": [1, 2, 9]}))
    found = fill.transform(pd.DataFrame({"b": [None, 4.0]}))
    assert found["b"].tolist() == [2.0, 4.0] and list(found) == ["b"]


def test_what_cannot_be_filled_is_refused():
    with pytest.raises(ValueError, match="missing in all 2 training rows"):
        FillMissing(["a"]).fit(pd.DataFrame({"a": [None, None]}, dtype=float))
    with pytest.raises(TypeError, match="'kind' must hold numbers, got"):
        FillMissing(["kind"]).fit(frame(0))
    taken = pd.DataFrame({"a": [1.0, None], "a_missing": ["no", "yes"]})
    with pytest.raises(ValueError, match="holds no truth values; rename it"):
        FillMissing(["a"]).fit_transform(taken)


# Categorify


@pytest.mark.parametrize("seed", range(4))
def test_codes_are_those_of_pandas_plus_one(seed):
    train, later = frame(seed), frame(seed + 10, rows=9)
    numbered = Categorify(["kind", "level"]).fit(train)
    for table in (train, later):
        found = numbered.transform(table)
        for column in ("kind", "level"):
            known = pd.Categorical(train[column]).categories
            codes = known.get_indexer(table[column]) + 1
            assert found[column].tolist() == codes.tolist()
            assert found[column].dtype == "int64"
    assert numbered.sizes_ == {"kind": 4, "level": 4}


def test_unseen_and_missing_values_get_number_0():
    train = pd.DataFrame({"kind": ["b", "a", "b"]})
    numbered = Categorify(["kind"]).fit(train)
    later = pd.DataFrame({"kind": ["new", None, np.nan, "b", "a"]})
    assert numbered.transform(later)["kind"].tolist() == [0, 0, 0, 2, 1]
    assert numbered.categories_ == {"kind": ["a", "b"]}  # nothing added
    nothing = pd.DataFrame({"kind": [None]})
    assert numbered.transform(nothing)["kind"].tolist() == [0]


def test_rare_categories_count_as_unseen():
    train = pd.DataFrame({"kind": [*"aaabbc"]})
    numbered = Categorify(["kind"], min_count=2).fit(train)
    assert numbered.transform(train)["kind"].tolist() == [1, 1, 1, 2, 2, 0]
    assert numbered.sizes_ == {"kind": 3}


def test_an_ordered_category_keeps_its_order():
    kind = pd.CategoricalDtype(["low", "mid", "high"], ordered=True)
    train = pd.DataFrame({"kind": pd.Series(["high", "low"], dtype=kind)})
    assert Categorify(["kind"]).fit(train).categories_["kind"] == [
        "low",
        "high",
    ]


def test_whole_numbers_that_became_floats_are_still_known():
    numbered = Categorify(["level"]).fit(pd.DataFrame({"level": [3, 1]}))
    later = pd.DataFrame({"level": [1.0, None, 3.0]})
    assert numbered.transform(later)["level"].tolist() == [1, 0, 2]
    flags = pd.DataFrame({"level": [True, False]})
    assert Categorify(["level"]).fit_transform(flags)["level"].tolist() == [
        2,
        1,
    ]


@pytest.mark.parametrize(
    "train, later, error, words",
    [
        (["a", "b"], [3], TypeError, "held str .* such as 'a'; got 3 in row"),
        ([1, 2], ["1"], TypeError, "held int .* got '1' in row 0; convert"),
        ([1.5, 2], [1], TypeError, "got 1.5; numbers with fractions"),
        ([True, 1], [1], TypeError, "mixes bool and int; make it one kind"),
        (["a", 1], ["a"], TypeError, "mixes int and str; make it one"),
        ([None], [1], ValueError, "no category that comes 1 times in the 1"),
        ([["a"]], [1], TypeError, "must hold text, whole numbers or truth"),
    ],
)
def test_wrong_types_are_refused(train, later, error, words):
    with pytest.raises(error, match=words):
        Categorify(["c"]).fit(
            pd.DataFrame({"c": pd.Series(train, dtype=object)})
        ).transform(pd.DataFrame({"c": later}))


def test_a_minimum_below_1_is_refused():
    with pytest.raises(ValueError, match="at least 1, got 0"):
        Categorify(["c"], min_count=0)


# Standardize


@pytest.mark.parametrize("seed", range(4))
def test_equal_to_scikit_learn(seed):
    columns = ["b", "level", "same"]
    train, later = frame(seed), frame(seed + 10, rows=9)
    scaler = StandardScaler().fit(train[columns])
    normalize = Standardize(columns).fit(train)
    for table in (train, later):
        np.testing.assert_allclose(
            normalize.transform(table)[columns],
            scaler.transform(table[columns]),
            atol=1e-12,
        )
    assert (normalize.transform(train)["same"] == 0).all()


def test_a_constant_fraction_is_constant():
    train = pd.DataFrame({"a": [0.1] * 10})
    assert Standardize(["a"]).fit(train).stds_ == {"a": 1.0}


def test_gaps_are_refused_with_the_remedy():
    with pytest.raises(ValueError, match="fill it with FillMissing before"):
        Standardize(["a"]).fit(frame(0))
