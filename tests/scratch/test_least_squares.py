import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sevenlessons.scratch.descent import gradient_descent, make_line
from sevenlessons.scratch.least_squares import (
    largest_stable_lr,
    least_squares,
)


@given(st.integers(5, 50), st.integers(1, 5), st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_equals_lstsq(n, p, seed):
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(n, p, generator=generator, dtype=torch.float64)
    target = torch.randn(n, generator=generator, dtype=torch.float64)
    reference = torch.linalg.lstsq(inputs, target[:, None]).solution[:, 0]
    ours = least_squares(inputs, target)
    # normal equations square the condition number, here below 1e3
    assert torch.allclose(ours, reference, rtol=1e-8, atol=1e-8)


@given(st.integers(2, 50), st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_below_the_limit_it_arrives_above_it_flies(n, seed):
    inputs, target = make_line(n, seed=seed)
    best, limit = least_squares(inputs, target), largest_stable_lr(inputs)
    start = best + 1.0
    for share, arrives in [(0.99, True), (1.01, False)]:
        path = gradient_descent(
            inputs, target, start, lr=share * limit, steps=300
        )
        away = (path[-1] - best).norm()
        fastest = torch.linalg.eigh(inputs.T @ inputs)[1][:, -1]
        along = abs((path[-1] - best) @ fastest)
        first = abs((start - best) @ fastest)
        assert (along < first) == arrives
        assert away.isfinite()


def test_expected_curvature_of_even_points():
    inputs, _ = make_line(100_000)
    # x evenly from -1 to 1: curvatures 2/3 and 2, so the limit is 1
    assert abs(largest_stable_lr(inputs) - 1) < 0.01


def test_messages():
    twice = torch.ones(5, 2)
    with pytest.raises(ValueError, match="only 1 different directions"):
        least_squares(twice, torch.zeros(5))
    with pytest.raises(ValueError, match="all inputs are 0"):
        largest_stable_lr(torch.zeros(5, 2))
