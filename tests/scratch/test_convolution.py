import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch.nn.functional import conv2d as reference

from sevenlessons.scratch.convolution import conv2d

both = st.tuples(st.integers(1, 3), st.integers(1, 3))


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 3),  # pictures: also none
    st.integers(1, 2),
    st.integers(1, 3),
    st.tuples(st.integers(1, 6), st.integers(1, 6)),
    both,
    both,
    st.tuples(st.integers(0, 2), st.integers(0, 2)),
    both,
    st.sampled_from([torch.float32, torch.float64]),
)
def test_equals_torch(n, groups, per, size, kernel, stride, edge, gap, dtype):
    assume(
        all(size[a] + 2 * edge[a] > gap[a] * (kernel[a] - 1) for a in (0, 1))
    )
    generator = torch.Generator().manual_seed(0)

    def numbers(*shape):
        return torch.randn(*shape, generator=generator, dtype=dtype)

    x = numbers(n, groups * per, *size)
    weight, bias = numbers(groups * 2, per, *kernel), numbers(groups * 2)
    options = dict(stride=stride, padding=edge, dilation=gap, groups=groups)
    ours = conv2d(x, weight, bias, **options)
    theirs = reference(x, weight, bias, **options)
    assert ours.dtype == theirs.dtype
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-5)


def test_gradients():
    torch.manual_seed(0)
    x, weight, bias = (
        torch.randn(*shape, dtype=torch.float64, requires_grad=True)
        for shape in ((2, 2, 4, 3), (2, 1, 2, 2), (2,))
    )
    assert torch.autograd.gradcheck(
        lambda *t: conv2d(*t, stride=2, padding=1, groups=2),
        (x, weight, bias),
    )


def test_huge_and_missing_numbers_go_where_they_belong():
    x = torch.zeros(1, 1, 3, 3)
    x[0, 0, 0, 0], x[0, 0, 2, 2] = torch.nan, torch.inf
    ours = conv2d(x, torch.ones(1, 1, 2, 2))
    assert ours[0, 0].isnan().tolist() == [[True, False], [False, False]]
    assert ours[0, 0, 1, 1] == torch.inf


@pytest.mark.parametrize(
    ("x", "weight", "bias", "groups", "words"),
    [
        ((3, 8, 8), (4, 3, 3, 3), None, 1, "expected pictures"),
        ((1, 3, 8, 8), (4, 3, 3), None, 1, "expected pictures"),
        ((1, 3, 8, 8), (0, 3, 3, 3), None, 1, "no empty axis"),
        ((1, 3, 8, 8), (4, 2, 3, 3), None, 1, r"got \(4, 2, 3, 3\)"),
        ((1, 3, 8, 8), (4, 3, 3, 3), None, 3, "with groups=3"),
        ((1, 4, 8, 8), (3, 2, 3, 3), None, 2, "2 equal groups"),
        ((1, 3, 8, 8), (4, 3, 3, 3), (3,), 1, r"bias of shape \(4,\)"),
        ((1, 3, 2, 8), (4, 3, 3, 3), None, 1, "covers 3 pixels"),
    ],
)
def test_refuses_what_does_not_fit(x, weight, bias, groups, words):
    bias = None if bias is None else torch.zeros(bias)
    with pytest.raises(ValueError, match=words):
        conv2d(torch.zeros(x), torch.zeros(weight), bias, groups=groups)


@pytest.mark.parametrize("name", ["stride", "dilation"])
def test_refuses_a_step_of_zero(name):
    x, weight = torch.zeros(1, 1, 4, 4), torch.zeros(1, 1, 2, 2)
    with pytest.raises(ValueError, match="of at least 1"):
        conv2d(x, weight, **{name: 0})
