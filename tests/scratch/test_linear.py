import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from sevenlessons.scratch.linear import (
    Linear,
    linear_backward,
    linear_forward,
)

few = settings(max_examples=30, deadline=None)
leading = st.lists(st.integers(0, 3), max_size=3)


def numbers(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


@few
@given(leading, st.integers(1, 4), st.integers(1, 4), st.booleans())
def test_forward_and_backward_are_torchs(shape, inside, outside, with_bias):
    x = numbers(*shape, inside).requires_grad_()
    weight = numbers(outside, inside, seed=1).requires_grad_()
    bias = numbers(outside, seed=2).requires_grad_()
    used = bias if with_bias else None
    theirs = functional.linear(x, weight, used)
    ours = linear_forward(x, weight, used)
    torch.testing.assert_close(ours, theirs)
    grad = numbers(*shape, outside, seed=3)
    theirs.backward(grad)
    with torch.no_grad():
        found = linear_backward(grad, x, weight)
    torch.testing.assert_close(found[0], x.grad)
    torch.testing.assert_close(found[1], weight.grad)
    if with_bias:
        torch.testing.assert_close(found[2], bias.grad)


def test_a_transposed_view_is_as_good():
    x, weight = numbers(4, 3).T, numbers(4, 2, seed=1).T
    torch.testing.assert_close(
        linear_forward(x, weight), functional.linear(x, weight)
    )
    grad = numbers(2, 3, seed=2).T
    torch.testing.assert_close(linear_backward(grad, x, weight)[1], grad.T @ x)


def test_gradcheck():
    inputs = [numbers(3, 4), numbers(2, 4, seed=1), numbers(2, seed=2)]
    for tensor in inputs:
        tensor.requires_grad_()
    assert torch.autograd.gradcheck(linear_forward, inputs)


@pytest.mark.parametrize("bias", [True, False])
def test_the_module_starts_as_torchs(bias):
    torch.manual_seed(3)
    ours = Linear(5, 4, bias=bias)
    torch.manual_seed(3)
    theirs = nn.Linear(5, 4, bias=bias)
    assert ours.state_dict().keys() == theirs.state_dict().keys()
    for name, value in theirs.state_dict().items():
        torch.testing.assert_close(ours.state_dict()[name], value)
    x = torch.ones(2, 5)
    torch.testing.assert_close(ours(x), theirs(x))


@pytest.mark.parametrize(
    ("x", "weight", "bias", "words"),
    [
        ((3, 4), (4, 2), None, r"got \(3, 4\) and \(4, 2\); the last axis"),
        ((4,), (4,), None, r"weight of shape \(out, in\), got"),
        ((), (2, 1), None, r"x of shape"),
        ((3, 4), (2, 4), (4,), r"bias of shape \(2,\), .* got \(4,\)"),
        ((3, 4), (2, 4), (2, 1), r"got \(2, 1\)"),
    ],
)
def test_shapes_that_do_not_fit(x, weight, bias, words):
    with pytest.raises(ValueError, match=words):
        linear_forward(
            torch.zeros(x),
            torch.zeros(weight),
            None if bias is None else torch.zeros(bias),
        )


def test_a_gradient_of_another_shape():
    with pytest.raises(ValueError, match=r"gave, \(3, 2\), got \(3, 4\)"):
        linear_backward(
            torch.zeros(3, 4), torch.zeros(3, 4), torch.zeros(2, 4)
        )


@pytest.mark.parametrize("sizes", [(0, 2), (2, 0), (-1, 3)])
def test_a_layer_without_features(sizes):
    with pytest.raises(ValueError, match=r"1 or more, got"):
        Linear(*sizes)
