import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import fbeta_score

from sevenlessons.training.fbeta import FBeta

each_beta = pytest.mark.parametrize("beta", [0.5, 1, 2])


def labels(samples=40, num_labels=6, seed=0):
    generator = torch.Generator().manual_seed(seed)
    scores = torch.randn(samples, num_labels, generator=generator)
    target = torch.randint(2, scores.shape, generator=generator)
    target[:3], scores[:2] = 0, -9.0  # nothing there, nothing predicted
    return scores, target


def classes(samples=40, num_classes=5, seed=0):
    generator = torch.Generator().manual_seed(seed)
    scores = torch.randn(samples, num_classes, generator=generator)
    return scores, torch.randint(num_classes, (samples,), generator=generator)


@each_beta
@pytest.mark.parametrize("average", ["macro", "micro", "samples"])
@pytest.mark.parametrize(
    "threshold", [0.2, 0.5, [0.2, 0.3, 0.4, 0.5, 0.6, 0.7]]
)
@pytest.mark.parametrize("zero_division", [0.0, 1.0, math.nan])
def test_labels_equal_scikit_learn(
    measure, beta, average, threshold, zero_division
):
    scores, target = labels()
    answers = scores.sigmoid() > torch.tensor(threshold)
    expected = fbeta_score(
        target,
        answers.int(),
        beta=beta,
        average=average,
        zero_division=zero_division,
    )
    metric = FBeta(beta, threshold, average, zero_division=zero_division)
    assert measure(metric, scores, target) == pytest.approx(expected)


@each_beta
@pytest.mark.parametrize("average", ["macro", "micro"])
def test_classes_equal_scikit_learn(measure, beta, average):
    scores, target = classes()
    target[target == 2], scores[:, 2] = 1, -9.0  # a class nobody meets
    expected = fbeta_score(
        target, scores.argmax(1), beta=beta, average=average
    )
    metric = FBeta(beta, average=average)
    assert measure(metric, scores, target) == pytest.approx(expected)


@each_beta
def test_one_label_equals_scikit_learn(measure, beta):
    scores, target = classes(num_classes=2)
    scores = scores[:, 1]
    expected = fbeta_score(target, scores > 0, beta=beta)
    assert measure(FBeta(beta), scores, target) == pytest.approx(expected)
    table = scores[:, None], target[:, None].float()
    assert measure(FBeta(beta), *table) == pytest.approx(expected)


@pytest.mark.parametrize("average", ["macro", "micro", "samples"])
@settings(deadline=None)  # machines differ
@given(cuts=st.sets(st.integers(1, 39)))
def test_does_not_depend_on_the_batches(measure, average, cuts):
    whole = measure(FBeta(2, 0.3, average), *labels())
    parts = measure(FBeta(2, 0.3, average), *labels(), cuts)
    assert parts == pytest.approx(whole, rel=1e-12)


def test_reset_forgets(measure):
    for average in FBeta.averages:
        metric = FBeta(average=average)
        measure(metric, *labels(seed=1))
        metric.reset()
        expected = measure(FBeta(average=average), *labels())
        assert measure(metric, *labels()) == expected


def test_a_large_beta_is_recall_a_small_one_is_precision(measure):
    scores = torch.tensor([9.0, 9.0, 9.0, 9.0])
    target = torch.tensor([1, 0, 0, 0])
    assert measure(FBeta(1000), scores, target) == pytest.approx(1, abs=1e-5)
    assert measure(FBeta(0.001), scores, target) == pytest.approx(
        0.25, abs=1e-5
    )


def test_messages():
    for beta in (0, -1, math.inf, math.nan):
        with pytest.raises(ValueError, match="beta must be positive"):
            FBeta(beta)
    with pytest.raises(ValueError, match="one of macro, micro, samples, got"):
        FBeta(average="weighted")
    with pytest.raises(ValueError, match="use 'macro' or 'micro'"):
        FBeta(average="samples").update(*classes())
    with pytest.raises(ValueError, match="give both one shape"):
        FBeta(average="samples").update(torch.ones(8, 3), torch.ones(8, 2))
    for average in FBeta.averages:
        with pytest.raises(RuntimeError, match="call update first"):
            FBeta(average=average).compute()
