"""Thresholds a group: enough are found, and one row less would not do."""

import numpy as np
import pytest

from sevenlessons.tables.group_thresholds import (
    decide,
    true_positive_thresholds,
)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("rate", [0.1, 0.5, 0.7, 1.0])
def test_within_one_row_from_above(seed, rate):
    rng = np.random.default_rng(seed)
    scores, truth = rng.random(150), rng.random(150) < 0.4
    group = rng.choice(["a", "b"], size=150)
    found = true_positive_thresholds(scores, truth, group, rate)
    called = decide(scores, group, found)
    for name in ("a", "b"):
        yes = truth & (group == name)
        reached = called[yes].sum()
        assert reached >= rate * yes.sum() - 1e-9
        assert reached - 1 < rate * yes.sum() - 1e-9


def test_the_lowest_and_the_highest():
    scores, truth = [0.1, 0.4, 0.8], [1, 0, 1]
    found = true_positive_thresholds(scores, truth, list("aaa"), 1.0)
    assert found == {"a": 0.1}
    found = true_positive_thresholds(scores, truth, list("aaa"), 1e-6)
    assert found == {"a": 0.8}


def test_rounding_asks_for_no_row_more():
    scores = np.linspace(1, 0, 30)
    found = true_positive_thresholds(scores, np.ones(30), ["a"] * 30, 0.1)
    assert decide(scores, ["a"] * 30, found).sum() == 3


def test_ties_fall_on_one_side():
    scores = [0.5, 0.5, 0.5, 0.2]
    found = true_positive_thresholds(scores, [1, 1, 1, 1], list("aaaa"), 0.5)
    assert decide(scores, list("aaaa"), found).tolist() == [True] * 3 + [False]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (([0.5], [1, 0], ["a"], 0.5), "same shape"),
        (([float("nan")], [1], ["a"], 0.5), "finite, got 1"),
        (([0.5], [1], ["a"], 0.0), r"rate must be in \(0, 1\], got 0.0"),
        (([0.5, 1], [2, 1], ["a"] * 2, 0.5), "ones and zeros, got 2"),
        (([0.5, 1], [np.nan, 1], ["a"] * 2, 0.5), "ones and zeros, got nan"),
        (([0.5], [None], ["a"], 0.5), "ones and zeros, got None"),
        (([0.5], [0], ["a"], 0.5), "group 'a' has no row whose target is 1"),
    ],
)
def test_bad_input(args, words):
    with pytest.raises(ValueError, match=words):
        true_positive_thresholds(*args)


def test_bad_decisions():
    with pytest.raises(ValueError, match="no threshold for group 'b'"):
        decide([0.5], ["b"], {"a": 0.5})
    with pytest.raises(ValueError, match="finite, got 1 that are not; leave"):
        decide([float("nan")], ["a"], {"a": 0.5})
    with pytest.raises(ValueError, match=r"got \(2,\) and \(1,\)"):
        decide([0.5, 0.2], ["a"], {"a": 0.5})
