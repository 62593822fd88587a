import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.autograd import gradcheck

from sevenlessons.scratch.spectral_norm import (
    SpectralNorm,
    as_matrix,
    power_iteration,
)


def draw(seed=0):
    return torch.Generator().manual_seed(seed)


def numbers(*shape, seed=0):
    return torch.randn(*shape, generator=draw(seed), dtype=torch.float64)


def with_values(*singular, seed=0):
    """Return a matrix with these singular values."""
    size = len(singular)
    left = torch.linalg.qr(numbers(size, size, seed=seed))[0]
    right = torch.linalg.qr(numbers(size, size, seed=seed + 1))[0]
    return left @ torch.tensor(singular, dtype=torch.float64).diag() @ right


@settings(max_examples=20, deadline=None)
@given(st.floats(0.1, 1e4), st.integers(0, 99))
def test_sigma_is_the_largest_singular_value(largest, seed):
    matrix = with_values(largest, 0.6 * largest, 0.1 * largest, seed=seed)
    norm = SpectralNorm(matrix, num_steps=60, generator=draw(seed))
    sigma = (matrix / norm(matrix)).mean().item()
    assert sigma == pytest.approx(largest, rel=1e-8)


def test_the_vectors_are_the_singular_vectors():
    matrix = with_values(3.0, 1.0, 0.5)
    u, v = power_iteration(matrix, numbers(3), numbers(3, seed=1), steps=60)
    left, _, right = torch.linalg.svd(matrix)
    torch.testing.assert_close((u @ left[:, 0]).abs().item(), 1.0)
    torch.testing.assert_close((v @ right[0]).abs().item(), 1.0)


def test_only_training_moves_the_vectors():
    weight = numbers(4, 3)
    norm = SpectralNorm(weight, generator=draw())
    norm.eval()
    before = norm.u.clone()
    norm(weight)
    assert torch.equal(norm.u, before)
    norm.train()
    norm(numbers(4, 3, seed=9))
    assert not torch.equal(norm.u, before)


def test_gradient():
    weight = numbers(4, 3).requires_grad_()
    norm = SpectralNorm(weight, generator=draw()).eval()
    assert gradcheck(norm, (weight,))


def test_no_stretch_of_a_linear_layer_is_above_one():
    layer = nn.Linear(6, 5).double()
    weight = layer.weight.detach()
    bounded = SpectralNorm(weight, num_steps=200, generator=draw())(weight)
    x = numbers(50, 6)
    stretched = (x @ bounded.T).norm(dim=1) / x.norm(dim=1)
    assert stretched.max() <= 1 + 1e-6


def test_a_convolution_may_stretch_more():
    weight = torch.ones(4, 3, 3, 3).double()
    bounded = SpectralNorm(weight, num_steps=50, generator=draw())(weight)
    assert torch.linalg.matrix_norm(as_matrix(bounded), ord=2) <= 1 + 1e-6
    x = torch.ones(1, 3, 9, 9).double()
    y = torch.nn.functional.conv2d(x, bounded, padding=1)
    assert y.norm() / x.norm() > 2  # each pixel is in nine windows


def test_an_axis_comes_first():
    weight = numbers(2, 3, 4)
    assert as_matrix(weight, 1).shape == (3, 8)
    assert torch.equal(as_matrix(weight, 1)[2], weight[:, 2].flatten())


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="at least 1, got 0"):
        SpectralNorm(numbers(2, 2), num_steps=0)
    with pytest.raises(ValueError, match=r"got shape \(3,\) and dim=0"):
        as_matrix(numbers(3))
    with pytest.raises(ValueError, match="and dim=5"):
        as_matrix(numbers(3, 3), 5)
