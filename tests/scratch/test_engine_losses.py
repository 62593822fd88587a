import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from sevenlessons.scratch.autograd import Node
from sevenlessons.scratch.engine_losses import (
    mean_squared_error,
    softmax_cross_entropy,
)

few = settings(max_examples=25, deadline=None)


def numbers(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def agree(ours, theirs, values, target):
    node = Node(values.clone(), requires_grad=True)
    tensor = values.clone().requires_grad_()
    one, two = ours(node, target), theirs(tensor, target)
    near = {"rtol": 1e-6, "atol": 1e-6}
    if values.dtype == torch.float64:
        near = {"rtol": 1e-12, "atol": 1e-12}
    torch.testing.assert_close(one.value, two.detach(), **near)
    one.backward()
    two.backward()
    torch.testing.assert_close(node.grad, tensor.grad, **near)


@few
@given(st.lists(st.integers(1, 4), max_size=3), st.integers(0, 99))
def test_mean_squared_error(shape, seed):
    agree(
        mean_squared_error,
        functional.mse_loss,
        numbers(*shape, seed=seed),
        numbers(*shape, seed=seed + 1),
    )


@few
@given(
    st.integers(1, 6),
    st.integers(1, 5),
    st.sampled_from([1.0, 30.0, 1e4]),
    st.integers(0, 99),
)
def test_softmax_cross_entropy(rows, classes, scale, seed):
    generator = torch.Generator().manual_seed(seed)
    agree(
        softmax_cross_entropy,
        functional.cross_entropy,
        scale * numbers(rows, classes, seed=seed),
        torch.randint(classes, (rows,), generator=generator),
    )


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_extreme_scores_stay_finite(dtype):
    rows = [[1e4, -1e4, 0.0], [-1e4, -1e4, -1e4], [1e4, 1e4, 1e4]]
    agree(
        softmax_cross_entropy,
        functional.cross_entropy,
        torch.tensor(rows, dtype=dtype),
        torch.tensor([1, 2, 0]),
    )


def test_a_shift_changes_nothing():
    scores, target = numbers(4, 3), torch.tensor([0, 1, 2, 0])
    one = softmax_cross_entropy(Node(scores), target).value
    two = softmax_cross_entropy(Node(scores + 100), target).value
    torch.testing.assert_close(one, two)


@pytest.mark.parametrize("shapes", [((3, 1), (3,)), ((0,), (0,))])
def test_shapes_of_numbers_must_agree(shapes):
    predicted, target = (torch.zeros(shape) for shape in shapes)
    with pytest.raises(ValueError, match=r"of one shape, not empty, got \("):
        mean_squared_error(Node(predicted), target)


@pytest.mark.parametrize(
    ("scores", "target", "words"),
    [
        (torch.zeros(3), torch.zeros(3).long(), r"\(N, K\).* got \(3,\)"),
        (torch.zeros(3, 2), torch.zeros(3, 1).long(), r"and \(3, 1\)"),
        (
            torch.zeros(0, 2),
            torch.zeros(0).long(),
            "at least one row .* got none",
        ),
        (torch.zeros(2, 2), torch.tensor([0, 2]), r"in \[0, 2\), got 2"),
        (torch.zeros(2, 2), torch.tensor([-1, 1]), r"got -1; count"),
    ],
)
def test_odd_classes_are_refused(scores, target, words):
    with pytest.raises(ValueError, match=words):
        softmax_cross_entropy(Node(scores), target)


def test_classes_are_whole():
    with pytest.raises(TypeError, match=r"float32; turn them with target\.l"):
        softmax_cross_entropy(Node(torch.zeros(3, 2)), torch.zeros(3))


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int32])
def test_short_class_numbers_are_no_mask(dtype):
    scores, target = numbers(3, 3), torch.tensor([2, 1, 2])
    torch.testing.assert_close(
        softmax_cross_entropy(Node(scores), target.to(dtype)).value,
        functional.cross_entropy(scores, target),
    )
