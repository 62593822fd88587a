"""Directions are as long as the filters; weights come back to the bit."""

import pytest
import torch
from torch import nn
from torch.nn.functional import mse_loss

from sevenlessons.training.landscape import (
    extra_climb,
    loss_along,
    loss_plane,
    random_direction,
)


def network():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(2, 3, 3),
        nn.BatchNorm2d(3),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(12, 2),
    ).eval()


def drawn(model, seed=0):
    return random_direction(model, torch.Generator().manual_seed(seed))


def test_each_filter_of_a_direction_is_as_long_as_the_networks():
    model = network()
    way = drawn(model)
    assert list(way) == ["0.weight", "4.weight"]
    for name, tensor in way.items():
        weight = model.get_parameter(name)
        assert tensor.shape == weight.shape
        for ours, theirs in zip(tensor, weight, strict=True):
            assert ours.norm().item() == pytest.approx(theirs.norm().item())


def test_a_direction_grows_with_its_filter_so_doubling_changes_no_slice():
    model = network().double()
    x = torch.randn(5, 2, 4, 4, dtype=torch.float64)
    model.train()(x)  # the norm remembers this batch
    model.eval()

    def loss():
        return model(x).square().mean().item()

    norm = model[1]
    norm.eps = 0.0
    walk = loss_along(model, drawn(model), [-0.5, 0.3, 1.0], loss)
    with torch.no_grad():
        model[0].weight *= 2
        model[0].bias *= 2
        norm.running_mean *= 2
        norm.running_var *= 4
    again = loss_along(model, drawn(model), [-0.5, 0.3, 1.0], loss)
    assert walk == pytest.approx(again)


def test_the_seed_decides_the_direction():
    model = network()
    one, same, other = drawn(model), drawn(model), drawn(model, seed=1)
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not torch.equal(one["0.weight"], other["0.weight"])


def test_a_slice_of_a_linear_model_is_the_parabola_of_its_formula():
    model = nn.Linear(3, 1, bias=False).double()
    x = torch.randn(20, 3, dtype=torch.float64)
    target = torch.randn(20, 1, dtype=torch.float64)
    way = drawn(model)
    places = [-1.0, -0.5, 0.0, 0.5, 2.0]
    found = loss_along(
        model, way, places, lambda: mse_loss(model(x), target).item()
    )
    for place, loss in zip(places, found, strict=True):
        weight = model.weight + place * way["weight"]
        expected = (x @ weight.T - target).square().mean().item()
        assert loss == pytest.approx(expected)


def test_a_plane_holds_its_slices():
    model = network()
    x = torch.randn(5, 2, 4, 4)
    first, second = drawn(model), drawn(model, seed=1)
    places = [-1.0, 0.0, 1.0]

    def loss():
        with torch.no_grad():
            return model(x).square().mean().item()

    plane = loss_plane(model, first, second, places, loss)
    assert plane[1] == loss_along(model, first, places, loss)
    assert [row[1] for row in plane] == loss_along(model, second, places, loss)


def test_the_weights_come_back_to_the_bit_also_after_an_error():
    model = network()
    before = {k: v.clone() for k, v in model.state_dict().items()}

    def fails():
        raise RuntimeError("no loss today")

    loss_along(model, drawn(model), [0.1, 3.0], lambda: 0.0)
    loss_plane(model, drawn(model), drawn(model), [0.1, 0.7], lambda: 0.0)
    with pytest.raises(RuntimeError, match="no loss today"):
        loss_along(model, drawn(model), [0.3], fails)
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, before[name])


@pytest.mark.parametrize(
    ("losses", "extra"),
    [
        ([3, 2, 1, 0, 1, 2], 0),
        ([3, 2, 1], 0),
        ([1, 1, 1], 0),
        ([2, 0, 2, 0, 2], 1),  # 8 up and down, 4 needed
        ([0, 1, 0], float("inf")),  # no valley at all
    ],
)
def test_extra_climb_counts_what_one_valley_does_not_need(losses, extra):
    assert extra_climb(losses) == pytest.approx(extra)
    assert extra_climb([10 * loss for loss in losses]) == pytest.approx(extra)


def test_a_direction_of_another_model_is_refused():
    with pytest.raises(ValueError, match=r"'0.weight'.*random_direction"):
        loss_along(nn.Linear(2, 2), drawn(network()), [0.0], lambda: 0.0)


def test_a_model_without_filters_is_refused():
    with pytest.raises(ValueError, match=r"BatchNorm2d with none"):
        drawn(nn.BatchNorm2d(3))


@pytest.mark.parametrize("losses", [[1.0, 2.0], [1.0, float("nan"), 2.0]])
def test_too_few_or_infinite_losses_are_refused(losses):
    with pytest.raises(ValueError, match="three finite losses"):
        extra_climb(losses)
