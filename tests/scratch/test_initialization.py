import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from sevenlessons.scratch import initialization
from sevenlessons.scratch.initialization import (
    kaiming_normal_,
    kaiming_uniform_,
    normal_,
    uniform_,
    xavier_normal_,
    xavier_uniform_,
)

FANNED = [kaiming_normal_, kaiming_uniform_, xavier_normal_, xavier_uniform_]


def draw(seed=0):
    return torch.Generator().manual_seed(seed)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(FANNED),
    st.lists(st.integers(1, 6), min_size=2, max_size=4),
    st.sampled_from([torch.float32, torch.float64]),
    st.integers(0, 99),
)
def test_draws_are_those_of_torch(ours, shape, dtype, seed):
    theirs = getattr(nn.init, ours.__name__)
    one = ours(torch.empty(shape, dtype=dtype), generator=draw(seed))
    two = theirs(torch.empty(shape, dtype=dtype), generator=draw(seed))
    torch.testing.assert_close(one, two, rtol=1e-6, atol=0)


@pytest.mark.parametrize("fill", FANNED, ids=lambda f: f.__name__)
def test_an_empty_axis_gives_an_empty_weight(fill):
    assert fill(torch.empty(0, 3)).shape == (0, 3)


@pytest.mark.parametrize("fill", FANNED, ids=lambda f: f.__name__)
def test_the_deviation_is_as_promised(fill):
    name = fill.__name__.split("_")[0]
    weight = fill(torch.empty(200, 800), generator=draw())
    expected = getattr(initialization, f"{name}_std")(weight)
    assert weight.std().item() == pytest.approx(expected, rel=0.01)
    assert abs(weight.mean().item()) < 4 * expected / math.sqrt(160_000)
    if "uniform" in fill.__name__:
        assert weight.abs().max() <= math.sqrt(3) * expected * (1 + 1e-6)


def test_a_start_of_kaiming_keeps_the_size_through_many_relu_layers():
    x = torch.randn(256, 300, generator=draw(1))
    for layer in range(20):
        weight = kaiming_normal_(torch.empty(300, 300), generator=draw(layer))
        x = (x @ weight.T).relu()
    assert 0.5 < x.square().mean() < 2


def test_parameters_are_filled_without_a_graph():
    weight = nn.Parameter(torch.zeros(3, 2))
    assert kaiming_normal_(weight) is weight
    assert weight.requires_grad and weight.is_leaf
    assert uniform_(nn.Parameter(torch.zeros(2))).is_leaf


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="got 1 and 0; swap them"):
        uniform_(torch.empty(2), 1, 0)
    with pytest.raises(ValueError, match="0 or more, got -1"):
        normal_(torch.empty(2), 0, -1)
    with pytest.raises(ValueError, match="a bias has no fan"):
        xavier_normal_(torch.empty(2))


@pytest.mark.parametrize("fill", FANNED)
@pytest.mark.parametrize("shape", [(5, 0), (0, 5), (0, 0), (0, 3, 2, 2)])
def test_an_empty_weight_stays_empty(fill, shape):
    assert fill(torch.empty(shape)).shape == shape
