"""The planted flaw is where it is said to be; a bend is found."""

import pytest
import torch
from torch import nn

from sevenlessons.exercises.lesson5_backprop_cases import (
    bend_without_tanh,
    flawed_layers,
)

RIGHT, WRONG = {}, {}  # no exercises of its own
X = torch.linspace(-1, 1, 50)[:, None]


@pytest.mark.parametrize("kind", ["sign", "one", "scale"])
@pytest.mark.parametrize("wrong", range(5))
def test_only_the_named_layer_is_wrong(wrong, kind):
    generator = torch.Generator().manual_seed(wrong)
    x = torch.randn(3, 4, generator=generator, dtype=torch.float64)
    found = []
    for place, (forward, backward) in enumerate(
        flawed_layers(wrong, kind, generator)
    ):
        tracked = x.clone().requires_grad_()
        y = forward(tracked)
        y.backward(torch.ones_like(y))
        if not torch.allclose(backward(torch.ones_like(y), x), tracked.grad):
            found.append(place)
        x = y.detach()
    assert found == [wrong]


def test_linear_layers_and_tanh_leave_a_line_and_the_network_as_it_was():
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 8), nn.Tanh(),
        nn.Linear(8, 1),
    )  # fmt: skip
    before = network(X)
    assert bend_without_tanh(network, X) < 1e-5
    assert torch.equal(network(X), before)


@pytest.mark.parametrize("other", [nn.ReLU, nn.GELU, nn.SiLU, nn.Sigmoid])
def test_another_activation_is_seen(other):
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Linear(1, 32), other(), nn.Linear(32, 4), nn.Tanh(),
        nn.Linear(4, 1),
    )  # fmt: skip
    assert bend_without_tanh(network, 3 * X) > 1e-3


def test_hooks_go_when_the_network_fails():
    tanh = nn.Tanh()
    network = nn.Sequential(nn.Linear(2, 1), tanh)
    with pytest.raises(RuntimeError, match="shapes"):
        bend_without_tanh(network, X)
    assert not tanh._forward_hooks
