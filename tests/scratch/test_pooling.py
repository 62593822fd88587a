import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from sevenlessons.scratch.pooling import (
    avg_pool2d,
    max_pool2d,
    max_pool2d_with_indices,
)

both = st.tuples(st.integers(1, 3), st.integers(1, 3))
sizes = st.tuples(st.integers(1, 7), st.integers(1, 7))
cases = given(
    st.integers(0, 2), sizes, both, both, st.booleans(), st.booleans()
)


def numbers(*shape, levels=None):
    generator = torch.Generator().manual_seed(0)
    if levels:  # few different numbers: many ties
        return torch.randint(levels, shape, generator=generator).double()
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def by_torch(pool, x, kernel, stride, padding, how):
    """Return torch's answer; None where it finds no window."""
    try:
        return pool(x, kernel, stride, padding, **how)
    except RuntimeError as error:
        assert "too small" in str(error)
        return None


@settings(max_examples=60, deadline=None)
@cases
def test_max_is_torchs_also_with_ties(n, size, kernel, stride, edge, up):
    padding = tuple(k // 2 for k in kernel) if edge else (0, 0)
    x = numbers(n, 2, *size, levels=3)
    how = dict(ceil_mode=up, return_indices=True)
    theirs = by_torch(functional.max_pool2d, x, kernel, stride, padding, how)
    if theirs is None:
        with pytest.raises(ValueError, match="take a smaller kernel"):
            max_pool2d(x, kernel, stride, padding, ceil_mode=up)
        return
    ours = max_pool2d_with_indices(x, kernel, stride, padding, ceil_mode=up)
    assert torch.equal(ours[0], theirs[0])
    assert torch.equal(ours[1], theirs[1])


@settings(max_examples=60, deadline=None)
@cases
def test_mean_is_torchs(n, size, kernel, stride, count, up):
    padding = tuple(k // 2 for k in kernel)
    x = numbers(n, 2, *size)
    how = dict(ceil_mode=up, count_include_pad=count)
    theirs = by_torch(functional.avg_pool2d, x, kernel, stride, padding, how)
    if theirs is None:
        with pytest.raises(ValueError, match="take a smaller kernel"):
            avg_pool2d(x, kernel, stride, padding, **how)
        return
    torch.testing.assert_close(
        avg_pool2d(x, kernel, stride, padding, **how),
        theirs,
        rtol=0,
        atol=1e-12,
    )


def test_a_window_larger_than_the_picture():
    x = numbers(2, 1, 1, 1).requires_grad_()
    for ours, theirs in (
        (max_pool2d, functional.max_pool2d),
        (avg_pool2d, functional.avg_pool2d),
    ):
        one, two = (f(x, 2, 2, ceil_mode=True) for f in (ours, theirs))
        torch.testing.assert_close(one, two)
        found, wanted = (torch.autograd.grad(y.sum(), x) for y in (one, two))
        torch.testing.assert_close(found, wanted)


def test_dilation_and_a_stride_of_the_kernel():
    x = numbers(2, 3, 9, 8)
    for how in ({"dilation": 2}, {"dilation": (1, 3), "padding": 1}):
        ours = max_pool2d(x, (3, 2), **how)
        assert torch.equal(ours, functional.max_pool2d(x, (3, 2), **how))


def test_one_of_equals_gets_the_whole_gradient():
    x = torch.ones(1, 1, 2, 2, dtype=torch.float64, requires_grad=True)
    max_pool2d(x, 2).sum().backward()
    assert x.grad.flatten().tolist() == [1, 0, 0, 0]


def test_infinite_numbers_count():
    x = torch.tensor([[[[-torch.inf, -torch.inf], [1.0, torch.inf]]]])
    values, indices = max_pool2d_with_indices(x, (1, 2))
    assert values.flatten().tolist() == [-torch.inf, torch.inf]
    assert indices.flatten().tolist() == [0, 3]


def test_gradcheck():
    x = numbers(1, 2, 5, 4).requires_grad_()
    for pool in (max_pool2d, avg_pool2d):
        assert torch.autograd.gradcheck(
            lambda t, pool=pool: pool(t, 3, 2, 1, ceil_mode=True), (x,)
        )


def test_refuses_what_does_not_fit():
    x = torch.zeros(1, 1, 4, 4)
    with pytest.raises(ValueError, match=r"got shape \(1, 4, 4\); add an ax"):
        max_pool2d(x[0], 2)
    with pytest.raises(ValueError, match="at most half the kernel size"):
        avg_pool2d(x, 3, padding=2)
    with pytest.raises(ValueError, match="take a smaller kernel"):
        max_pool2d(x, 5)
    with pytest.raises(ValueError, match="of at least 1"):
        max_pool2d(x, 2, 0)
    with pytest.raises(ValueError, match="beside the picture"):
        max_pool2d(torch.zeros(1, 1, 2, 2), 2, 1, 1, 3)
