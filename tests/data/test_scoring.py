import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from sevenlessons.data.scoring import log_loss


@given(st.integers(0, 200), st.integers(2, 6), st.integers(1, 30))
def test_log_loss_equals_scikit_learn(seed, classes, rows):
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.full(classes, 0.3), size=rows)
    target = rng.integers(0, classes, size=rows)
    reference = metrics.log_loss(target, p, labels=range(classes))
    assert log_loss(target, p) == pytest.approx(reference, rel=1e-12)
    yes = (target == 0).astype(int)
    one = np.clip(p[:, 0], 0, 1)
    reference = metrics.log_loss(yes, one, labels=[0, 1])
    assert log_loss(yes, one) == pytest.approx(reference, rel=1e-12)


def test_certain_errors_and_bounds():
    assert log_loss([1], [0.0]) == pytest.approx(-math.log(2.0**-52))
    assert log_loss([1], [0.0], bound=0) == math.inf
    assert log_loss([1], [0.0], bound=0.1) == pytest.approx(-math.log(0.1))
    assert log_loss([1, 0], [1.0, 0.0], bound=0) == 0


def test_class_frequencies_give_the_entropy():
    target = np.array([0] * 7 + [1] * 2 + [2])
    share = np.bincount(target) / len(target)
    entropy = -(share * np.log(share)).sum()
    constant = np.tile(share, (len(target), 1))
    assert log_loss(target, constant) == pytest.approx(entropy)


@pytest.mark.parametrize(
    "target, p, bound, words",
    [
        ([1], [0.5], 0.5, r"bound must be in \[0, 0.5\)"),
        ([1, 0], [0.5], 0.1, "expected N targets"),
        ([], [], 0.1, "expected N targets"),
        ([1], [1.5], 0.1, r"must be in \[0, 1\]"),
        ([1], [math.nan], 0.1, r"must be in \[0, 1\]"),
        ([2], [0.5], 0.1, r"whole numbers in \[0, 2\)"),
        ([0.5], [0.5], 0.1, r"whole numbers in \[0, 2\)"),
    ],
)
def test_log_loss_messages(target, p, bound, words):
    with pytest.raises(ValueError, match=words):
        log_loss(target, p, bound=bound)
