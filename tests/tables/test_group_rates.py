"""Rates of groups: equal to scikit-learn, undefined where nobody counts."""

import math

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, precision_score, recall_score

from sevenlessons.tables.group_rates import (
    COLUMNS,
    DecisionRates,
    decision_rates,
    group_rates,
)


@pytest.mark.parametrize("seed", range(5))
def test_equal_to_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    truth = rng.random(200) < 0.3
    called = rng.random(200) < 0.4
    found = decision_rates(truth, called)
    no, false, missed, yes = confusion_matrix(truth, called).ravel()
    assert (found.true_negatives, found.false_positives) == (no, false)
    assert (found.false_negatives, found.true_positives) == (missed, yes)
    assert found.precision == precision_score(truth, called)
    recall = recall_score(truth, called)
    assert found.false_negative_rate == pytest.approx(1 - recall)
    assert found.error == pytest.approx((truth != called).mean())
    assert found.false_positive_rate == pytest.approx(called[~truth].mean())
    assert found.base_rate == truth.mean()
    assert found.chosen == called.mean()


def test_groups_add_up_to_all():
    rng = np.random.default_rng(0)
    truth, called = rng.random((2, 300)) < 0.4
    group = rng.choice(["a", "b", "c"], size=300, p=[0.2, 0.5, 0.3])
    found = group_rates(truth, called, group)
    assert tuple(found.columns) == COLUMNS
    assert found["people"].sum() == 300
    assert found["people"].is_monotonic_decreasing
    errors = (found["people"] * found["error"]).sum()
    assert errors == pytest.approx((truth != called).sum())
    for name, row in found.iterrows():
        alone = decision_rates(truth[group == name], called[group == name])
        assert row["precision"] == alone.precision


def test_what_nobody_counts_for_is_not_a_number():
    found = decision_rates([0, 0], [0, 0])
    assert math.isnan(found.false_negative_rate)
    assert math.isnan(found.precision)
    assert found.false_positive_rate == 0
    assert math.isnan(DecisionRates(0, 0, 0, 0).base_rate)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (([1, 0], [1]), "same length"),
        (([], []), "at least 1"),
        (([1, 2], [1, 0]), "ones and zeros, got 2"),
        (([1, 0], [0.7, 0.2]), "compare probabilities with a threshold"),
        (([[1, 0]], [1, 0]), r"target must have the shape \(N,\)"),
        (([1, float("nan")], [1, 0]), "ones and zeros, got nan"),
    ],
)
def test_bad_input(args, words):
    with pytest.raises(ValueError, match=words):
        decision_rates(*args)


def test_groups_must_be_known_and_fit():
    with pytest.raises(ValueError, match="missing in 1 rows; give them"):
        group_rates([1, 0], [1, 0], ["a", None])
    with pytest.raises(ValueError, match="got 2, 2 and 1"):
        group_rates([1, 0], [1, 0], ["a"])


def test_no_row_and_missing_truths_are_told():
    with pytest.raises(ValueError, match="at least 1, got 0, 0 and 0"):
        group_rates([], [], [])
    with pytest.raises(ValueError, match=r"zeros, got None; .*leave"):
        group_rates([None, 1], [0, 1], ["a", "b"])
