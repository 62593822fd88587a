import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch.nn import functional

from sevenlessons.scratch.toeplitz import (
    conv2d_by_matrix,
    conv_transpose2d,
    toeplitz_matrix,
)

both = st.tuples(st.integers(1, 3), st.integers(1, 3))
edges = st.tuples(st.integers(0, 2), st.integers(0, 2))
sizes = st.tuples(st.integers(1, 5), st.integers(1, 5))


def numbers(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2), st.integers(1, 2), sizes, both, both, edges, both)
def test_convolution_is_torchs(n, groups, size, kernel, stride, edge, gap):
    assume(
        all(size[a] + 2 * edge[a] > gap[a] * (kernel[a] - 1) for a in (0, 1))
    )
    how = dict(stride=stride, padding=edge, dilation=gap, groups=groups)
    x = numbers(n, 2 * groups, *size)
    weight, bias = numbers(groups, 2, *kernel), numbers(groups)
    agree(conv2d_by_matrix, functional.conv2d, x, weight, bias, how)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 2), sizes, both, both, edges, both, edges)
def test_transposed_is_torchs(groups, size, kernel, stride, edge, gap, more):
    larger = [
        (size[a] - 1) * stride[a] - 2 * edge[a] + gap[a] * (kernel[a] - 1) + 1
        for a in (0, 1)
    ]
    assume(all(larger[a] + more[a] > 0 for a in (0, 1)))
    assume(all(more[a] < max(stride[a], gap[a]) for a in (0, 1)))
    how = dict(
        stride=stride,
        padding=edge,
        output_padding=more,
        dilation=gap,
        groups=groups,
    )
    x = numbers(2, 2 * groups, *size)
    weight, bias = numbers(2 * groups, 2, *kernel), numbers(2 * groups)
    agree(conv_transpose2d, functional.conv_transpose2d, x, weight, bias, how)


def agree(ours, theirs, *inputs_and_how):
    *inputs, how = inputs_and_how
    inputs = [t.requires_grad_() for t in inputs]
    one, two = (f(*inputs, **how) for f in (ours, theirs))
    uneven = torch.linspace(-1, 2, two.numel()).double().view(two.shape)
    for found, wanted in zip(
        [one, *torch.autograd.grad((one * uneven).sum(), inputs)],
        [two, *torch.autograd.grad((two * uneven).sum(), inputs)],
        strict=True,
    ):
        torch.testing.assert_close(found, wanted, rtol=0, atol=1e-10)


def test_output_padding_of_the_stride_and_more():
    x, weight = numbers(1, 1, 2, 3), numbers(1, 1, 2, 2)
    how = dict(dilation=3, output_padding=(1, 2), stride=1)
    agree(conv_transpose2d, functional.conv_transpose2d, x, weight, how)


def test_the_border_alone_still_depends_on_the_weight():
    x, weight = numbers(1, 1, 1, 1), numbers(1, 1, 1, 2)
    how = dict(padding=(0, 1), dilation=2, stride=2)
    agree(conv2d_by_matrix, functional.conv2d, x, weight, how)


def test_a_row_of_pixels_gives_equal_diagonals():
    matrix = toeplitz_matrix(numbers(1, 1, 1, 3), (1, 7))
    assert matrix.shape == (5, 7)
    assert torch.equal(matrix[1:, 1:], matrix[:-1, :-1])


def test_gradcheck():
    x = numbers(1, 2, 3, 3).requires_grad_()
    weight = numbers(2, 2, 2, 2).requires_grad_()
    for function in (conv2d_by_matrix, conv_transpose2d):
        assert torch.autograd.gradcheck(
            lambda *t, f=function: f(*t, stride=2, padding=1), (x, weight)
        )


def test_refuses_what_does_not_fit():
    x, weight = torch.zeros(1, 2, 3, 3), torch.zeros(2, 1, 2, 2)
    with pytest.raises(ValueError, match=r"weights of shape \(O, 2 / groups"):
        conv2d_by_matrix(x, weight)
    with pytest.raises(ValueError, match=r"weights \(C, O / groups"):
        conv_transpose2d(x, weight[:1])
    with pytest.raises(ValueError, match=r"bias of shape \(1,\)"):
        conv_transpose2d(x, weight, torch.zeros(2))
    with pytest.raises(ValueError, match="less than the stride"):
        conv_transpose2d(x, weight, output_padding=1)
    with pytest.raises(ValueError, match="into groups=3 equal parts, got"):
        conv_transpose2d(x, weight, groups=3)
