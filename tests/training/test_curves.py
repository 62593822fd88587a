import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.optim import lr_scheduler

from sevenlessons.training import curves


def torch_rates(make, steps, lr=0.1):
    """Return the rates of a scheduler of torch, one a step."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    scheduler = make(optimizer)
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


def ours(curve, steps):
    return [curve(step, steps) for step in range(steps)]


@pytest.mark.parametrize("steps", [2, 7, 100])
def test_cosine_is_torchs(steps):
    expected = torch_rates(
        lambda o: lr_scheduler.CosineAnnealingLR(o, steps - 1, eta_min=0.01),
        steps,
    )
    got = ours(curves.cosine(0.1, 0.01), steps)
    assert got == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("steps", [2, 7, 100])
def test_linear_is_torchs(steps):
    expected = torch_rates(
        lambda o: lr_scheduler.LinearLR(o, 1.0, 0.2, total_iters=steps - 1),
        steps,
    )
    got = ours(curves.linear(0.1, 0.02), steps)
    assert got == pytest.approx(expected, rel=1e-9)


def test_exponential_is_torchs():
    gamma = (1e-4 / 0.1) ** (1 / 49)
    expected = torch_rates(lambda o: lr_scheduler.ExponentialLR(o, gamma), 50)
    got = ours(curves.exponential(0.1, 1e-4), 50)
    assert got == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("step_size", [1, 3, 10])
def test_triangular_is_cyclic_lr(step_size):
    expected = torch_rates(
        lambda o: lr_scheduler.CyclicLR(
            o, 0.01, 0.2, step_size_up=step_size, cycle_momentum=False
        ),
        50,
    )
    got = ours(curves.triangular(0.01, 0.2, step_size), 50)
    assert got == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("first, factor", [(1, 1), (5, 1), (4, 2), (3, 3)])
def test_restarts_are_torchs(first, factor):
    expected = torch_rates(
        lambda o: lr_scheduler.CosineAnnealingWarmRestarts(
            o, first, factor, eta_min=0.003
        ),
        60,
    )
    got = ours(curves.cosine_restarts(0.1, 0.003, first, factor), 60)
    assert got == pytest.approx(expected, rel=1e-12)


def test_constant_and_a_single_step():
    assert ours(curves.constant(0.3), 3) == [0.3] * 3
    assert ours(curves.linear(0.3, 0.1), 1) == [0.3]


def test_combined_runs_each_part_over_its_own_steps():
    curve = curves.combined(
        [
            (0.3, curves.linear(0.0, 1.0)),
            (0.5, curves.constant(1.0)),
            (0.2, curves.cosine(1.0, 0.0)),
        ]
    )
    got = ours(curve, 10)
    assert got == pytest.approx([0, 0.5, 1, 1, 1, 1, 1, 1, 1, 0])


@pytest.mark.parametrize("steps", [20, 120, 157])
def test_constants_in_a_row_are_multi_step_lr(steps):
    drops = [round(0.6 * steps), round(0.85 * steps)]
    expected = torch_rates(
        lambda o: lr_scheduler.MultiStepLR(o, drops, gamma=0.1), steps
    )
    rates = [(0.6, 0.1), (0.25, 0.01), (0.15, 0.001)]
    parts = [(share, curves.constant(rate)) for share, rate in rates]
    assert ours(curves.combined(parts), steps) == pytest.approx(expected)


@given(
    steps=st.integers(1, 200),
    shares=st.lists(st.floats(0.05, 1), min_size=1, max_size=5),
)
def test_combined_never_leaves_the_range_of_its_parts(steps, shares):
    total = math.fsum(shares)
    parts = [(share / total, curves.linear(0.2, 0.8)) for share in shares]
    for value in ours(curves.combined(parts), steps):
        assert 0.2 - 1e-12 <= value <= 0.8 + 1e-12


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda: curves.constant(-1), "value must be a finite number"),
        (lambda: curves.linear(0.1, math.nan), "end must be a finite"),
        (lambda: curves.exponential(0.0, 1.0), "must be above 0"),
        (lambda: curves.triangular(0, 1, 0), "step_size must be a whole"),
        (lambda: curves.cosine_restarts(1, 0, 2, 0), "factor must be a whole"),
        (lambda: curves.cosine_restarts(1, 0, 2.5), "first must be a whole"),
        (lambda: curves.combined([]), "add up to 1, got"),
        (
            lambda: curves.combined([(0.5, curves.constant(1))]),
            r"add up to 1, got \[0.5\]",
        ),
    ],
)
def test_bad_curves_are_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()
