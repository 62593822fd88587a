import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from sevenlessons.training.freezing import layer_groups
from sevenlessons.training.rates import (
    parameter_groups,
    reduced_lr,
    same_lr,
    spread_lr,
)


class Small(nn.Sequential):
    """Three layers, each a group of its own."""

    def layer_groups(self):
        return list(self)


@pytest.fixture
def model():
    torch.manual_seed(0)
    return Small(nn.Linear(4, 5), nn.Linear(5, 3), nn.Linear(3, 2))


@pytest.fixture
def samples():
    return torch.randn(7, 4, generator=torch.Generator().manual_seed(0))


def test_the_three_meanings():
    assert same_lr(0.01, 3) == [0.01, 0.01, 0.01]
    assert reduced_lr(0.01, 3) == [0.001, 0.001, 0.01]
    assert reduced_lr(0.01, 1) == [0.01]
    assert spread_lr(1e-6, 1e-4, 3) == pytest.approx([1e-6, 1e-5, 1e-4])


@given(st.floats(1e-8, 1.0), st.floats(1.0, 1e4), st.integers(2, 20))
def test_spread_equals_its_closed_form(low, factor, n):
    high = low * factor
    rates = spread_lr(low, high, n)
    assert rates[0] == low and rates[-1] == high
    assert np.allclose(rates, np.geomspace(low, high, n), rtol=1e-12)


def test_one_group_gets_the_high_rate():
    assert spread_lr(1e-6, 1e-4, 1) == [1e-4]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: spread_lr(1e-3, 1e-4, 3), "low=0.001 and high=0.0001"),
        (lambda: spread_lr(0.0, 1e-4, 3), "must be positive and rise"),
        (lambda: spread_lr(-1e-4, 1e-4, 3), "must be positive and rise"),
        (lambda: same_lr(float("nan"), 3), "must be positive and rise"),
        (lambda: same_lr(0.1, 0), "n must be at least 1, got 0"),
        (lambda: reduced_lr(0.1, 3, 0.0), r"fraction must be in \(0, 1\]"),
        (lambda: reduced_lr(0.1, 3, 2.0), r"fraction must be in \(0, 1\]"),
    ],
)
def test_rates_that_cannot_be(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_each_group_gets_its_rate_and_an_optimizer_takes_them(model):
    groups = parameter_groups(model, [0.1, 0.2, 0.3], weight_decay=0.05)
    optimizer = torch.optim.AdamW(groups)
    assert [g["lr"] for g in optimizer.param_groups] == [0.1, 0.2, 0.3]
    assert {g["weight_decay"] for g in optimizer.param_groups} == {0.05}
    for group, part in zip(groups, layer_groups(model), strict=True):
        assert list(map(id, group["params"])) == list(
            map(id, part.parameters())
        )


def test_each_group_moves_by_its_own_rate(model, samples):
    lrs = [0.0, 0.001, 0.01]
    groups = parameter_groups(model, lrs, weight_decay=0.0)
    optimizer = torch.optim.SGD(groups)
    before = [[p.detach().clone() for p in g["params"]] for g in groups]
    model(samples).square().mean().backward()
    optimizer.step()
    for group, old, lr in zip(groups, before, lrs, strict=True):
        for parameter, value in zip(group["params"], old, strict=True):
            expected = value - lr * parameter.grad
            torch.testing.assert_close(parameter.detach(), expected)


def test_messages(model):
    with pytest.raises(ValueError, match=r"3 layer groups, got 2; see spread"):
        parameter_groups(model, [0.1, 0.1])
    with pytest.raises(ValueError, match="rates must not be negative"):
        parameter_groups(model, [0.1, -0.1, 0.1])
    with pytest.raises(ValueError, match="weight_decay must not be negative"):
        parameter_groups(model, [0.1] * 3, weight_decay=-1)
