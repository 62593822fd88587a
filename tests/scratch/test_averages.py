import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sevenlessons.scratch.averages import average_weights, moving_average

betas = st.floats(0, 0.999)
lists = st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=12)


@settings(max_examples=50, deadline=None)
@given(lists, betas, st.booleans())
def test_the_last_average_is_the_sum_with_the_weights(values, beta, corrected):
    values = torch.tensor(values, dtype=torch.float64)
    weights = average_weights(len(values), beta, corrected=corrected)
    last = moving_average(values, beta, corrected=corrected)[-1]
    assert last.item() == pytest.approx((weights @ values).item(), abs=1e-8)
    total = 1.0 if corrected else 1 - beta ** len(values)
    assert weights.sum().item() == pytest.approx(total)


@settings(max_examples=20, deadline=None)
@given(lists, st.floats(0.0, 0.99))
def test_equals_pandas(values, beta):
    theirs = pd.Series(values).ewm(alpha=1 - beta, adjust=True).mean()
    ours = moving_average(
        torch.tensor(values, dtype=torch.float64), beta, corrected=True
    )
    assert ours.tolist() == pytest.approx(theirs.tolist(), abs=1e-7)


@settings(max_examples=20, deadline=None)
@given(st.floats(-1e4, 1e4), betas, st.integers(1, 20))
def test_of_what_never_changes(value, beta, n):
    same = torch.full((n,), value, dtype=torch.float64)
    corrected = moving_average(same, beta, corrected=True)
    torch.testing.assert_close(corrected, same, rtol=1e-8, atol=1e-12)
    raw = moving_average(same, beta).tolist()
    expected = [value * (1 - beta**t) for t in range(1, n + 1)]
    assert raw == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("shape", [(0,), (1,), (5,), (4, 1), (3, 0), (0, 2)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_shape_and_dtype_stay(shape, dtype):
    values = torch.ones(shape, dtype=dtype)
    for corrected in (False, True):
        found = moving_average(values, 0.9, corrected=corrected)
        assert found.shape == shape and found.dtype == dtype


def test_gradients():
    values = torch.randn(
        5, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64
    ).requires_grad_()
    for corrected in (False, True):
        assert torch.autograd.gradcheck(
            lambda v, c=corrected: moving_average(v, 0.7, corrected=c),
            values,
        )


def test_columns_are_averaged_apart():
    values = torch.arange(10.0).view(5, 2)
    both = moving_average(values, 0.8)
    for k in (0, 1):
        assert torch.equal(both[:, k], moving_average(values[:, k], 0.8))


def test_messages():
    one = torch.ones(3)
    for beta in (1.0, -0.1, float("nan")):
        with pytest.raises(ValueError, match=rf"\[0, 1\), got {beta:g}"):
            moving_average(one, beta)
        with pytest.raises(ValueError, match="keeps nine tenths"):
            average_weights(3, beta)
    with pytest.raises(ValueError, match="at least 1, got 0"):
        average_weights(0, 0.9)
    with pytest.raises(TypeError, match=r"torch.int64 of shape \(3,\)"):
        moving_average(torch.tensor([1, 2, 3]), 0.9)
    with pytest.raises(TypeError, match=r"shape \(\)"):
        moving_average(torch.tensor(1.0), 0.9)
