import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sevenlessons.scratch.weight_decay import (
    add_penalty_gradient,
    decay,
    l2_penalty,
    share_left,
)

STRENGTHS = st.floats(0, 2)
SHAPES = st.lists(st.integers(0, 4), min_size=0, max_size=3)


def weights(shape, seed=0, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=dtype)


@settings(max_examples=40, deadline=None)
@given(SHAPES, STRENGTHS, st.floats(0, 0.5), st.integers(0, 1000))
def test_for_sgd_penalty_and_decay_are_one(shape, strength, lr, seed):
    first, second = (weights(shape, seed).requires_grad_() for _ in range(2))
    slope = weights(shape, seed + 1)
    loss = (first * slope).sum() + l2_penalty([first], strength)
    loss.backward()
    (second * slope).sum().backward()
    decay([second], lr, strength)
    with torch.no_grad():
        first -= lr * first.grad
        second -= lr * second.grad
    assert torch.allclose(first, second, rtol=1e-12, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(SHAPES, STRENGTHS, st.sampled_from([torch.float32, torch.float64]))
def test_the_added_gradient_is_the_penaltys(shape, strength, dtype):
    weight = weights(shape, dtype=dtype).requires_grad_()
    (penalty,) = torch.autograd.grad(l2_penalty([weight], strength), weight)
    weight.grad = torch.ones_like(weight)
    add_penalty_gradient([weight], strength)
    assert weight.grad.dtype == dtype
    assert torch.allclose(weight.grad, 1 + penalty)


def test_gradcheck():
    inputs = [weights((3, 2)).requires_grad_(), weights(()).requires_grad_()]
    assert torch.autograd.gradcheck(lambda *p: l2_penalty(p, 0.7), inputs)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 1), max_size=20), st.floats(0, 1))
def test_what_is_left_is_what_decay_leaves(lrs, strength):
    weight = torch.tensor([2.0, -3.0], dtype=torch.float64)
    weight.grad = torch.zeros(2, dtype=torch.float64)
    for lr in lrs:
        decay([weight], lr, strength)
    expected = share_left(lrs, strength)
    assert weight.tolist() == pytest.approx([2 * expected, -3 * expected])
    slow = math.exp(-strength * sum(lrs))
    assert 0 <= expected <= slow + 1e-12  # 1 - x is at most exp(-x)


def test_a_parameter_without_gradient_stays():
    weight = weights((3,))
    before = weight.clone()
    decay([weight], 0.1, 0.5)
    add_penalty_gradient([weight], 0.5)
    assert torch.equal(weight, before) and weight.grad is None


def test_huge_and_tiny_weights():
    weight = torch.tensor([1e4, -1e4, 1e-8, 0.0], requires_grad=True)
    l2_penalty([weight], 0.5).backward()
    assert torch.allclose(weight.grad, 0.5 * weight.detach(), rtol=1e-6)


@pytest.mark.parametrize("bad", [-0.1, math.inf, math.nan])
def test_odd_numbers_are_refused(bad):
    weight = torch.ones(2)
    words = f"weight_decay must be a finite number of 0 or more, got {bad}"
    for call in (
        lambda: l2_penalty([weight], bad),
        lambda: add_penalty_gradient([weight], bad),
        lambda: decay([weight], 0.1, bad),
        lambda: share_left([0.1], bad),
    ):
        with pytest.raises(ValueError, match=words):
            call()
    with pytest.raises(ValueError, match=r"lr must be .* weights grow"):
        decay([weight], bad, 0.1)
    with pytest.raises(ValueError, match=f"lr must be .* got {bad}"):
        share_left([0.1, bad], 0.1)


def test_no_parameters_are_refused():
    with pytest.raises(ValueError, match=r"params is empty; pass model\."):
        l2_penalty([], 0.1)
