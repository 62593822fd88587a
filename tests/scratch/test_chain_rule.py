import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from sevenlessons.scratch.chain_rule import (
    cross_entropy_backward,
    mse_backward,
    relu_backward,
)

few = settings(max_examples=25, deadline=None)
shapes = st.lists(st.integers(1, 4), max_size=3)


def numbers(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def by_torch(function, x, grad=None):
    x = x.clone().requires_grad_()
    function(x).backward(grad)
    return x.grad


@few
@given(shapes, st.integers(0, 99))
def test_relu(shape, seed):
    x, grad = numbers(*shape, seed=seed), numbers(*shape, seed=seed + 1)
    x = x.round()  # so that some are 0
    assert torch.equal(relu_backward(grad, x), by_torch(torch.relu, x, grad))


@few
@given(shapes, st.integers(0, 99))
def test_mean_squared_error(shape, seed):
    x, target = numbers(*shape, seed=seed), numbers(*shape, seed=seed + 1)
    torch.testing.assert_close(
        mse_backward(x, target),
        by_torch(lambda x: functional.mse_loss(x, target), x),
    )


@few
@given(st.integers(1, 5), st.integers(1, 5), st.sampled_from([1.0, 1e2, 1e4]))
def test_cross_entropy(rows, classes, scale):
    scores = scale * numbers(rows, classes)
    target = torch.arange(rows) % classes
    before = scores.clone()
    torch.testing.assert_close(
        cross_entropy_backward(scores, target),
        by_torch(lambda x: functional.cross_entropy(x, target), scores),
    )
    assert torch.equal(scores, before)


def test_each_row_of_the_gradient_of_cross_entropy_sums_to_zero():
    grad = cross_entropy_backward(numbers(5, 3), torch.tensor([0, 1, 2, 2, 0]))
    torch.testing.assert_close(
        grad.sum(dim=1), torch.zeros(5, dtype=torch.float64)
    )


@pytest.mark.parametrize("function", [relu_backward, mse_backward])
@pytest.mark.parametrize("pair", [((3,), (3, 1)), ((0,), (0,))])
def test_shapes_must_agree(function, pair):
    with pytest.raises(ValueError, match=r"of one shape, not empty, got \("):
        function(*(torch.zeros(shape) for shape in pair))


@pytest.mark.parametrize(
    ("scores", "target"), [((3,), (3,)), ((3, 2), (2,)), ((3, 2), (3, 1))]
)
def test_scores_and_classes_must_fit(scores, target):
    with pytest.raises(ValueError, match=r"\(N, K\) and class numbers"):
        cross_entropy_backward(torch.zeros(scores), torch.zeros(target).long())
