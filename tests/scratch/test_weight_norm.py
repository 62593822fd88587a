import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.autograd import gradcheck
from torch.nn.utils.parametrize import register_parametrization

from sevenlessons.scratch.weight_norm import (
    WeightNorm,
    length_except,
    weight_norm,
)


def numbers(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=4),
    st.data(),
)
def test_lengths_are_those_of_torch(shape, data):
    dim = data.draw(st.none() | st.integers(0, len(shape) - 1))
    v = numbers(*shape)
    theirs = torch.norm_except_dim(v, 2, -1 if dim is None else dim)
    torch.testing.assert_close(length_except(v, dim), theirs)


def test_a_negative_axis_counts_from_the_end():
    v = numbers(3, 4)
    assert torch.equal(length_except(v, -1), length_except(v, 1))


@pytest.mark.parametrize("dim", [0, 1, None])
def test_gradient(dim):
    v = numbers(3, 4).requires_grad_()
    g = length_except(v.detach(), dim).requires_grad_()
    assert gradcheck(lambda g, v: weight_norm(g, v, dim), (g, v))


def test_the_length_of_v_does_not_matter():
    v = numbers(3, 4)
    g = numbers(3, 1, seed=1)
    torch.testing.assert_close(weight_norm(g, v), weight_norm(g, 1e4 * v))
    torch.testing.assert_close(
        length_except(weight_norm(g, v)), g.abs(), rtol=1e-12, atol=0
    )


def test_the_gradient_of_v_is_at_right_angles_to_it():
    v = numbers(3, 4).requires_grad_()
    g = numbers(3, 1, seed=1)
    (weight_norm(g, v) * numbers(3, 4, seed=2)).sum().backward()
    assert (v * v.grad).sum(dim=1).abs().max() < 1e-12


def test_a_layer_computes_what_it_did_before():
    layer, x = nn.Conv2d(2, 3, 2).double(), numbers(1, 2, 4, 4)
    before = layer(x).detach()
    register_parametrization(layer, "weight", WeightNorm())
    torch.testing.assert_close(layer(x), before)


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match=r"2 axes of shape \(3, 4\), got 2"):
        length_except(numbers(3, 4), 2)
