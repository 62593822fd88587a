import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from sevenlessons.scratch.cross_entropy import (
    cross_entropy,
    cross_entropy_gradient,
    nll,
)


def numbers(*shape, seed=0, dtype=torch.float64, scale=1.0):
    draw = torch.Generator().manual_seed(seed)
    return scale * torch.randn(*shape, generator=draw, dtype=dtype)


def both_ways(function, logits, *args, **options):
    x = logits.clone().requires_grad_()
    value = function(x, *args, **options)
    uneven = torch.linspace(-1, 2, value.numel(), dtype=value.dtype)
    (value.flatten() * uneven).sum().backward()
    return value.detach(), x.grad


def assert_equal(logits, target, **options):
    for a, b in zip(
        both_ways(cross_entropy, logits, target, **options),
        both_ways(functional.cross_entropy, logits, target, **options),
        strict=True,
    ):
        torch.testing.assert_close(a, b, equal_nan=True)


@settings(max_examples=80, deadline=None)
@given(
    st.integers(0, 5),
    st.integers(1, 5),
    st.sampled_from([0.0, 0.1, 1.0]),
    st.sampled_from(["mean", "sum", "none"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from([1.0, 1e4]),
    st.sampled_from([torch.float32, torch.float64]),
    st.integers(0, 999),
)
def test_equal_to_torch(
    rows, classes, smoothing, reduction, weighted, shares, holes, scale,
    dtype, seed,
):  # fmt: skip
    logits = numbers(rows, classes, seed=seed, dtype=dtype, scale=scale)
    weight = numbers(classes, seed=seed + 1, dtype=dtype).exp()
    draw = torch.Generator().manual_seed(seed)
    target = torch.randint(classes, (rows,), generator=draw)
    options = {"label_smoothing": smoothing, "reduction": reduction}
    if weighted:
        options["weight"] = weight
    if holes and rows:
        target[0] = -100
    if shares:
        target = numbers(rows, classes, seed=seed, dtype=dtype).softmax(1)
    assert_equal(logits, target, **options)


@pytest.mark.parametrize("ignored", [0, 2, -1])
def test_another_ignored_class(ignored):
    target = torch.tensor([0, 2, 1, ignored, 2])
    assert_equal(numbers(5, 3), target, ignore_index=ignored)


def test_only_ignored_rows_have_no_mean():
    target = torch.tensor([-100, -100])
    assert cross_entropy(numbers(2, 3), target).isnan()
    assert_equal(numbers(2, 3), target, reduction="sum")


def test_hostile_scores():
    logits = torch.tensor(
        [[1e4, -1e4], [1e4, -1e4], [0.0, -torch.inf], [5.0, 5.0]]
    )
    target = torch.tensor([0, 1, 0, 1])
    assert_equal(logits, target)
    assert cross_entropy(logits, target).isfinite()


def test_a_certain_truth_is_a_look_up():
    logits, target = numbers(6, 4), torch.tensor([0, 3, 1, 1, 2, 0])
    one_hot = torch.eye(4, dtype=torch.float64)[target]
    torch.testing.assert_close(
        cross_entropy(logits, target), cross_entropy(logits, one_hot)
    )
    log_p = logits.log_softmax(1)
    torch.testing.assert_close(
        nll(log_p, target).mean(), functional.nll_loss(log_p, target)
    )


def test_gradients_by_finite_differences():
    target = torch.tensor([2, 0, -100])
    weight = torch.tensor([0.5, 2.0, 1.0], dtype=torch.float64)
    assert torch.autograd.gradcheck(
        lambda x: cross_entropy(x, target, weight=weight, label_smoothing=0.2),
        numbers(3, 3).requires_grad_(),
    )


@pytest.mark.parametrize("scale", [1, 1e4])
@pytest.mark.parametrize("shares", [False, True])
def test_the_gradient_is_what_autograd_finds(scale, shares):
    logits = numbers(5, 4, scale=scale)
    target = torch.tensor([0, 3, 1, 1, 2])
    if shares:
        target = numbers(5, 4, seed=1).softmax(1)
    _, found = both_ways(
        lambda x, t: 1 - functional.cross_entropy(x, t), logits, target
    )  # the uneven sum of one number is minus that number
    torch.testing.assert_close(cross_entropy_gradient(logits, target), found)


@pytest.mark.parametrize(
    "logits, target, error, words",
    [
        (torch.zeros(3), torch.tensor([0]), ValueError, r"logits\[None\]"),
        (torch.zeros(3, 0), torch.zeros(3).long(), ValueError, r"\(3, 0\)"),
        (torch.zeros(2, 3), torch.tensor([0, 3]), ValueError, "got 3; count"),
        (torch.zeros(2, 3), torch.tensor([0, -1]), ValueError, "got -1"),
        (
            torch.zeros(2, 3),
            torch.tensor([0]),
            ValueError,
            r"and \(1,\); give",
        ),
        (torch.zeros(2, 3), torch.zeros(2, 1).long(), ValueError, r"\(2, 1\)"),
        (torch.zeros(2, 3), torch.zeros(2), ValueError, "must be whole"),
        (torch.zeros(2, 3), torch.ones(2, 3), ValueError, "divide it by"),
        (torch.zeros(2, 3), torch.ones(2).bool(), TypeError, "torch.bool"),
        (torch.zeros(2, 3).long(), torch.zeros(2).long(), TypeError, "float"),
    ],
)
@pytest.mark.parametrize("function", [cross_entropy, cross_entropy_gradient])
def test_bad_input(function, logits, target, error, words):
    with pytest.raises(error, match=words):
        function(logits, target)


def test_negative_probabilities():
    target = torch.tensor([[0.5, 0.5], [1.5, -0.5]])
    with pytest.raises(ValueError, match=r"got row \[1.5, -0.5\]"):
        cross_entropy(torch.zeros(2, 2), target)


@pytest.mark.parametrize(
    "option, words",
    [
        ({"weight": torch.ones(2)}, r"each of 3 classes, got shape \(2,\)"),
        ({"label_smoothing": 1.5}, r"lie in \[0, 1\], got 1.5; 0.1"),
        ({"reduction": "max"}, "'sum' or 'none', got 'max'"),
    ],
)
def test_bad_options(option, words):
    with pytest.raises(ValueError, match=words):
        cross_entropy(torch.zeros(1, 3), torch.tensor([0]), **option)


def test_nll_needs_rows():
    with pytest.raises(ValueError, match="rows of scores"):
        nll(torch.zeros(3), torch.tensor([0]))


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int32])
def test_short_class_numbers_are_no_mask(dtype):
    logits, target = numbers(3, 3), torch.tensor([2, 1, 2])
    weight = torch.tensor([0.5, 2.0, 1.0], dtype=torch.float64)
    for options in ({}, {"weight": weight}, {"ignore_index": 1}):
        torch.testing.assert_close(
            cross_entropy(logits, target.to(dtype), **options),
            functional.cross_entropy(logits, target, **options),
        )
    log_p = logits.log_softmax(1)
    assert torch.equal(nll(log_p, target.to(dtype)), nll(log_p, target))
    assert torch.equal(
        cross_entropy_gradient(logits, target.to(dtype)),
        cross_entropy_gradient(logits, target),
    )
