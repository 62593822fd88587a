import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference
from torch.nn import functional as F

from sevenlessons.training.errors import (
    MAE,
    MSE,
    RMSE,
    RMSPE,
)

ALL = [MAE, MSE, RMSE, RMSPE]


def numbers(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(2, *shape, generator=generator)


def percentage(target, prediction):
    shares = (target - prediction) / target
    return math.sqrt((shares**2).mean())


REFERENCES = {
    MAE: reference.mean_absolute_error,
    MSE: reference.mean_squared_error,
    RMSE: reference.root_mean_squared_error,
    RMSPE: percentage,
}


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("shape", [(30,), (30, 1), (30, 4)])
def test_equals_scikit_learn(measure, kind, shape):
    prediction, target = numbers(*shape)
    expected = REFERENCES[kind](
        target.double().numpy().ravel(), prediction.double().numpy().ravel()
    )
    ours = measure(kind(), prediction, target)
    assert ours == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("kind", ALL)
@settings(deadline=None)  # machines differ
@given(cuts=st.sets(st.integers(1, 29)))
def test_does_not_depend_on_the_batches(measure, kind, cuts):
    prediction, target = numbers(30, 2)
    whole = measure(kind(), prediction, target)
    parts = measure(kind(), prediction, target, cuts)
    assert parts == pytest.approx(whole, rel=1e-12)


def test_the_root_is_no_mean_of_roots(measure):
    prediction, target = numbers(30)
    roots = [F.mse_loss(p, t).sqrt() for p, t in zip(
        prediction.split(10), target.split(10), strict=True
    )]  # fmt: skip
    wrong = torch.stack(roots).mean().item()
    ours = measure(RMSE(), prediction, target, cuts={10, 20})
    assert ours != pytest.approx(wrong, rel=1e-3)


def test_rmspe_leaves_out_targets_of_zero(measure):
    prediction, target = numbers(30)
    target[::3] = 0
    kept = target != 0
    expected = percentage(
        target[kept].double().numpy(), prediction[kept].double().numpy()
    )
    assert measure(RMSPE(), prediction, target) == pytest.approx(expected)
    with pytest.raises(RuntimeError, match="RMSPE has nothing to average"):
        measure(RMSPE(), prediction, torch.zeros(30))


def test_a_prediction_of_nan_is_seen(measure):
    prediction, target = numbers(30)
    prediction[3] = math.nan
    for kind in ALL:
        assert math.isnan(measure(kind(), prediction, target))


def test_reset_forgets(measure):
    prediction, target = numbers(30)
    for kind in ALL:
        metric = kind()
        measure(metric, prediction * 100, target)
        metric.reset()
        again = measure(metric, prediction, target)
        assert again == measure(kind(), prediction, target)


def test_messages():
    for kind in ALL:
        with pytest.raises(ValueError, match="give both one shape"):
            kind().update(torch.ones(8, 1), torch.ones(8))
        with pytest.raises(RuntimeError, match="has nothing to average"):
            kind().compute()
