import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.autograd import gradcheck

from sevenlessons.scratch.dropout import Dropout, dropout


def draw(seed=0):
    return torch.Generator().manual_seed(seed)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=4),
    st.floats(0, 1),
    st.integers(0, 99),
)
def test_equals_torch_from_the_same_seed(shape, p, seed):
    x = torch.randn(shape, generator=draw(seed), dtype=torch.float64)
    sides = []
    for function in (dropout, nn.functional.dropout):
        torch.manual_seed(seed)
        sides.append(function(x, p))
    torch.testing.assert_close(*sides, rtol=1e-12, atol=0)


def test_the_share_and_the_mean():
    x = torch.ones(200_000)
    y = dropout(x, 0.3, generator=draw())
    assert (y == 0).float().mean().item() == pytest.approx(0.3, abs=0.005)
    assert y.mean().item() == pytest.approx(1, abs=0.01)
    assert y.max().item() == pytest.approx(1 / 0.7)


def test_nothing_happens_while_predicting():
    x = torch.randn(5, 3)
    layer = Dropout(0.9)
    assert torch.equal(layer.eval()(x), x)
    assert not torch.equal(layer.train()(x), x)
    assert dropout(x, 0.0) is x


def test_everything_goes_with_probability_one():
    x = torch.randn(5, 3, requires_grad=True)
    y = dropout(x, 1.0)
    y.sum().backward()
    assert not y.any()
    assert not x.grad.any()


def test_gradient():
    x = torch.randn(
        4, 3, generator=draw(), dtype=torch.float64, requires_grad=True
    )
    assert gradcheck(lambda x: dropout(x, 0.4, generator=draw(1)), x)


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_a_chance_outside_its_range_is_refused(p):
    with pytest.raises(ValueError, match=rf"in \[0, 1\], got {p}"):
        dropout(torch.ones(2), p)
    with pytest.raises(ValueError, match=rf"in \[0, 1\], got {p}"):
        Dropout(p)
