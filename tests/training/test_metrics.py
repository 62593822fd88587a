"""Each metric against scikit-learn's, and against itself cut differently."""

import copy
from functools import partial

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference
from torch import nn

from sevenlessons.training.metrics import (
    BatchMean,
    Metric,
    accuracy,
    as_metric,
    error_rate,
    in_double,
    multilabel_accuracy,
    top_k_accuracy,
    weighted_mean,
)


def scores_and_classes(samples=50, num_classes=7, seed=0):
    generator = torch.Generator().manual_seed(seed)
    scores = torch.randn(samples, num_classes, generator=generator)
    return scores, torch.randint(num_classes, (samples,), generator=generator)


def test_accuracy_equals_scikit_learn():
    scores, target = scores_and_classes()
    expected = reference.accuracy_score(target, scores.argmax(1))
    assert accuracy(scores, target).item() == pytest.approx(expected)
    assert error_rate(scores, target).item() == pytest.approx(1 - expected)


@pytest.mark.parametrize("k", [1, 2, 5, 6])
def test_top_k_accuracy_equals_scikit_learn(k):
    scores, target = scores_and_classes()
    expected = reference.top_k_accuracy_score(
        target, scores, k=k, labels=range(7)
    )
    assert top_k_accuracy(scores, target, k=k).item() == pytest.approx(
        expected
    )


def test_accuracy_of_pixels_is_that_of_all_pixels():
    scores, target = torch.randn(2, 5, 3, 4), torch.randint(5, (2, 3, 4))
    flat = scores.movedim(1, -1).reshape(-1, 5), target.flatten()
    for function in (accuracy, partial(top_k_accuracy, k=2)):
        torch.testing.assert_close(function(scores, target), function(*flat))


def test_multilabel_accuracy_equals_one_minus_the_hamming_loss():
    scores = torch.randn(20, 4)
    target = torch.randint(2, (20, 4))
    for threshold in (0.2, 0.5):
        answers = (scores.sigmoid() > threshold).int()
        expected = 1 - reference.hamming_loss(target, answers)
        ours = multilabel_accuracy(scores, target, threshold)
        assert ours.item() == pytest.approx(expected)
        ours = multilabel_accuracy(scores, target.float(), threshold)
        assert ours.item() == pytest.approx(expected)


@settings(deadline=None)  # machines differ
@given(st.sets(st.integers(1, 49)))
def test_batch_mean_does_not_depend_on_the_batches(measure, cuts):
    scores, target = scores_and_classes()
    for function in (accuracy, nn.functional.cross_entropy):
        whole = measure(BatchMean(function), scores, target)
        parts = measure(BatchMean(function), scores, target, cuts)
        assert parts == pytest.approx(whole, rel=1e-6)  # float32 means


def test_batch_mean_takes_numbers_and_modules_and_keeps_no_graph(measure):
    prediction = torch.ones(4, requires_grad=True)
    metric = BatchMean(nn.MSELoss())
    metric.update(prediction, torch.zeros(4))
    assert metric.compute() == 1.0
    assert not metric._sum.requires_grad
    metric = BatchMean(lambda p, t: 0.25)
    assert measure(metric, torch.ones(4), torch.ones(4)) == 0.25


def test_a_long_mean_keeps_its_digits():
    metric = BatchMean(lambda p, t: torch.tensor(0.1))
    for _ in range(2000):
        metric.update(torch.ones(7), torch.ones(7))
    expected = torch.tensor(0.1).item()
    assert metric.compute() == pytest.approx(expected, rel=1e-12)


def test_as_metric_gives_a_fresh_one():
    metric = BatchMean(accuracy)
    metric.update(*scores_and_classes())
    before = copy.deepcopy(vars(metric))
    fresh = as_metric(metric)
    assert fresh is not metric and type(fresh) is BatchMean
    with pytest.raises(RuntimeError, match="call update first"):
        fresh.compute()
    assert vars(metric) == before
    assert as_metric(accuracy) is not as_metric(accuracy)


def test_as_metric_refuses_what_is_none():
    with pytest.raises(TypeError, match=r"got the class Metric; write Metric"):
        as_metric(Metric)
    with pytest.raises(TypeError, match="must be a Metric object or a func"):
        as_metric("accuracy")


def test_a_metric_must_say_all_three():
    class Nothing(Metric):
        def reset(self): ...

    with pytest.raises(NotImplementedError, match=r"Metric needs reset\(\)"):
        Metric()
    metric = Nothing()
    with pytest.raises(NotImplementedError, match=r"Nothing needs update\(\)"):
        metric.update(torch.ones(1), torch.ones(1))
    with pytest.raises(NotImplementedError, match="Nothing needs compute"):
        metric.compute()


def test_a_function_must_return_one_number():
    def per_sample(prediction, target):
        return prediction - target

    metric = BatchMean(per_sample)
    message = r"per_sample must return one number.*returned 4 in shape \(4,\)"
    with pytest.raises(ValueError, match=message):
        metric.update(torch.ones(4), torch.ones(4))


@settings(deadline=None)  # machines differ
@given(
    st.lists(st.tuples(st.floats(-1e3, 1e3), st.integers(1, 100)), min_size=1)
)
def test_weighted_mean_is_the_mean_of_all_samples(batches):
    values, sizes = zip(*batches, strict=True)
    samples = [value for value, size in batches for _ in range(size)]
    expected = sum(samples) / len(samples)
    assert weighted_mean(values, sizes) == pytest.approx(expected, abs=1e-9)


def test_weighted_mean_refuses_no_samples():
    with pytest.raises(ValueError, match="no samples to average"):
        weighted_mean([], [])
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        weighted_mean([1.0, 2.0], [1])


def test_in_double():
    assert in_double(torch.ones(2)).dtype == torch.float64


def test_top_k_needs_so_many_classes():
    scores, target = scores_and_classes()
    for k in (0, 8):
        with pytest.raises(ValueError, match=rf"k must be in \[1, 7\].*{k}"):
            top_k_accuracy(scores, target, k=k)


def test_shapes_are_checked():
    scores, target = scores_and_classes()
    for function in (accuracy, error_rate, top_k_accuracy):
        with pytest.raises(ValueError, match="expected prediction of shape"):
            function(scores, target[:, None])
    with pytest.raises(ValueError, match="give both one shape"):
        multilabel_accuracy(scores, target)
