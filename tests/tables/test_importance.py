import numpy as np
import pandas as pd
import pytest
from sklearn.inspection import permutation_importance as reference
from sklearn.linear_model import LinearRegression

from sevenlessons.tables.importance import permutation_importance

RNG = np.random.default_rng(0)
TABLE = pd.DataFrame(RNG.normal(size=(2000, 3)), columns=["a", "b", "c"])
TABLE["y"] = 3 * TABLE["a"] + TABLE["b"] + 0.1 * RNG.normal(size=2000)
MODEL = LinearRegression().fit(TABLE[["a", "b", "c"]], TABLE["y"])


def score(table):
    return MODEL.score(table[["a", "b", "c"]], table["y"])


def test_agrees_with_scikit_learn():
    found = permutation_importance(score, TABLE, ["a", "b", "c"], repeats=8)
    theirs = reference(
        MODEL, TABLE[["a", "b", "c"]], TABLE["y"], n_repeats=8, random_state=0
    )
    ours = found.loc[["a", "b", "c"], "mean"]
    assert ours.tolist() == pytest.approx(
        theirs.importances_mean.tolist(), abs=0.03
    )
    assert found.index[0] == "a"
    assert (found["lowest"] <= found["mean"]).all()
    assert (found["mean"] <= found["highest"]).all()


def test_columns_are_shuffled_together():
    seen = []

    def keep(table):
        seen.append(table)
        return 0.0

    before = TABLE.copy()
    found = permutation_importance(keep, TABLE, [["a", "b"]], repeats=1)
    assert found.index.tolist() == ["a + b"]
    pairs = set(zip(TABLE["a"], TABLE["b"], strict=True))
    shuffled = seen[1]
    assert set(zip(shuffled["a"], shuffled["b"], strict=True)) == pairs
    assert not shuffled["a"].equals(TABLE["a"])
    assert shuffled["y"].equals(TABLE["y"])
    pd.testing.assert_frame_equal(TABLE, before)


def test_the_same_seed_gives_the_same():
    one, two, other = (
        permutation_importance(score, TABLE, ["a", "b"], seed=seed)
        for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(one, two)
    assert not one.equals(other)


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="at least 1, got 0"):
        permutation_importance(score, TABLE, ["a"], repeats=0)
    with pytest.raises(ValueError, match="lacks 1 of 1 columns: z"):
        permutation_importance(score, TABLE, ["z"])
    with pytest.raises(ValueError, match="'a' more than once"):
        permutation_importance(score, TABLE, ["a", ["a", "b"]])
