import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch.nn import functional

from sevenlessons.scratch.im2col import (
    conv2d_backward,
    conv2d_by_columns,
    fold,
    unfold,
)

both = st.tuples(st.integers(1, 3), st.integers(1, 3))
edges = st.tuples(st.integers(0, 2), st.integers(0, 2))
sizes = st.tuples(st.integers(1, 6), st.integers(1, 6))


def numbers(*shape, dtype=torch.float64, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=dtype)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 3), sizes, both, both, edges, both)
def test_unfold_and_fold_are_torchs(n, size, kernel, stride, edge, gap):
    assume(
        all(size[a] + 2 * edge[a] > gap[a] * (kernel[a] - 1) for a in (0, 1))
    )
    how = dict(stride=stride, padding=edge, dilation=gap)
    x = numbers(n, 2, *size)
    columns = unfold(x, kernel, **how)
    assert torch.equal(columns, functional.unfold(x, kernel, **how))
    back = fold(columns, size, kernel, **how)
    theirs = functional.fold(columns, size, kernel, **how)
    torch.testing.assert_close(back, theirs, rtol=0, atol=1e-12)


def test_fold_is_the_transpose_of_unfold():
    how = dict(stride=(2, 1), dilation=(1, 2), padding=(0, 1))
    x = numbers(1, 2, 5, 4)
    seen = unfold(x, (2, 3), **how)
    columns = numbers(*seen.shape, seed=1)
    back = fold(columns, (5, 4), (2, 3), **how)
    torch.testing.assert_close((seen * columns).sum(), (x * back).sum())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 3), st.integers(1, 2), sizes, both, both, edges, both)
def test_convolution_is_torchs(n, groups, size, kernel, stride, edge, gap):
    assume(
        all(size[a] + 2 * edge[a] > gap[a] * (kernel[a] - 1) for a in (0, 1))
    )
    how = dict(stride=stride, padding=edge, dilation=gap, groups=groups)
    x = numbers(n, 2 * groups, *size)
    weight, bias = numbers(3 * groups, 2, *kernel), numbers(3 * groups)
    torch.testing.assert_close(
        conv2d_by_columns(x, weight, bias, **how),
        functional.conv2d(x, weight, bias, **how),
        rtol=0,
        atol=1e-10,
    )


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"stride": 2, "padding": 1},
        {"dilation": 2, "padding": (2, 0), "stride": (1, 2)},
    ],
)
def test_gradients_by_hand_are_those_of_autograd(how):
    x, weight = numbers(2, 3, 6, 7), numbers(4, 3, 2, 3)
    bias = numbers(4)
    for t in (x, weight, bias):
        t.requires_grad_()
    answer = functional.conv2d(x, weight, bias, **how)
    grad = numbers(*answer.shape, seed=1)
    expected = torch.autograd.grad(answer, (x, weight, bias), grad)
    found = conv2d_backward(grad, x.detach(), weight.detach(), **how)
    for ours, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-10)


def test_gradcheck():
    x = numbers(1, 2, 4, 3).requires_grad_()
    weight = numbers(2, 2, 2, 2).requires_grad_()
    assert torch.autograd.gradcheck(
        lambda *t: conv2d_by_columns(*t, stride=2, padding=1), (x, weight)
    )


def test_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match=r"add an axis with x\[None\]"):
        unfold(torch.zeros(3, 4, 4), 2)
    with pytest.raises(ValueError, match=r"\(N, C \* 4, 9\) for pictures of"):
        fold(torch.zeros(1, 4, 8), (4, 4), 2)
    with pytest.raises(ValueError, match=r"got shape \(1, 5, 9\)"):
        fold(torch.zeros(1, 5, 9), (4, 4), 2)
    with pytest.raises(ValueError, match="with groups=2"):
        conv2d_by_columns(
            torch.zeros(1, 2, 4, 4), torch.zeros(2, 2, 2, 2), groups=2
        )
    with pytest.raises(ValueError, match="shape"):
        conv2d_backward(
            torch.zeros(1, 1, 9, 9),
            torch.zeros(1, 1, 4, 4),
            torch.zeros(1, 1, 2, 2),
        )
