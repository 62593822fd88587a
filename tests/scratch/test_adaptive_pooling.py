import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from sevenlessons.scratch.adaptive_pooling import (
    adaptive_avg_pool2d,
    adaptive_max_pool2d,
)

sizes = st.tuples(st.integers(1, 8), st.integers(1, 8))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2), sizes, sizes)
def test_equal_torch_also_where_the_answer_is_larger(n, size, output):
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(n, 2, *size, generator=generator, dtype=torch.float64)
    torch.testing.assert_close(
        adaptive_avg_pool2d(x, output),
        functional.adaptive_avg_pool2d(x, output),
        rtol=0,
        atol=1e-12,
    )
    assert torch.equal(
        adaptive_max_pool2d(x, output),
        functional.adaptive_max_pool2d(x, output),
    )


def test_one_place_is_the_mean_of_the_picture():
    x = torch.randn(2, 3, 5, 7)
    torch.testing.assert_close(
        adaptive_avg_pool2d(x, 1)[:, :, 0, 0], x.mean(dim=(2, 3))
    )


def test_gradcheck():
    x = torch.linspace(-1, 1, 30, dtype=torch.float64).sin()
    x = x.view(1, 2, 5, 3).requires_grad_()
    for pool in (adaptive_avg_pool2d, adaptive_max_pool2d):
        assert torch.autograd.gradcheck(
            lambda t, pool=pool: pool(t, (3, 2)), (x,)
        )


@pytest.mark.parametrize("pool", [adaptive_avg_pool2d, adaptive_max_pool2d])
@pytest.mark.parametrize(
    ("shape", "output"),
    [
        ((3, 4, 4), 1),
        ((1, 3, 0, 4), 1),
        ((0, 3, 0, 4), 1),
        ((1, 0, 4, 4), 1),
        ((1, 3, 4, 4), 0),
    ],
)
def test_refuses_what_does_not_fit(pool, shape, output):
    with pytest.raises(ValueError, match="an output size of at least 1"):
        pool(torch.zeros(shape), output)
