from itertools import pairwise

import pytest
import torch
from torch import nn
from torch.nn import functional

from sevenlessons.scratch.layered import (
    LayeredNetwork,
    LinearLayer,
    ReLULayer,
)


def both(*sizes, seed=0):
    """Our network, and torch's with the same weights."""
    torch.manual_seed(seed)
    ours, theirs = [], []
    for place, (one, two) in enumerate(pairwise(sizes)):
        if place:
            ours.append(ReLULayer())
            theirs.append(nn.ReLU())
        layer = nn.Linear(one, two, dtype=torch.float64)
        theirs.append(layer)
        copies = (p.detach().clone() for p in (layer.weight, layer.bias))
        ours.append(LinearLayer(*copies))
    return LayeredNetwork(ours), nn.Sequential(*theirs)


def batch(rows, inside, classes, seed=1):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(rows, inside, generator=generator, dtype=torch.float64)
    return x, torch.randint(classes, (rows,), generator=generator)


@pytest.mark.parametrize("sizes", [(5, 3), (6, 4, 3), (4, 1, 2), (3, 5, 4, 2)])
def test_loss_and_gradients_are_torchs(sizes):
    ours, theirs = both(*sizes)
    x, target = batch(7, sizes[0], sizes[-1])
    loss = functional.cross_entropy(theirs(x), target)
    loss.backward()
    torch.testing.assert_close(ours.loss(x, target), loss.detach())
    ours.backward()
    assert len(ours.parameters) == len(ours.gradients)
    for found, p in zip(ours.gradients, theirs.parameters(), strict=True):
        torch.testing.assert_close(found, p.grad)


def test_scores_far_out():
    ours, theirs = both(3, 2)
    for p in ours.parameters:
        p *= 1e5
    x, target = batch(4, 3, 2)
    with torch.no_grad():
        for p in theirs.parameters():
            p *= 1e5
    assert ours.loss(x, target).isfinite()
    ours.backward()
    functional.cross_entropy(theirs(x), target).backward()
    torch.testing.assert_close(ours.gradients[0], theirs[0].weight.grad)


def test_it_learns_a_few_examples_by_heart():
    ours, _ = both(5, 32, 4)
    x, target = batch(10, 5, 4)
    for _ in range(500):
        loss = ours.loss(x, target)
        ours.backward()
        for p, g in zip(ours.parameters, ours.gradients, strict=True):
            p -= 0.3 * g
    assert loss < 0.01
    assert (ours.forward(x).argmax(dim=1) == target).all()


def test_backward_needs_a_loss_each_time():
    ours, _ = both(5, 3)
    with pytest.raises(RuntimeError, match="none; call loss"):
        ours.backward()
    ours.loss(*batch(2, 5, 3))
    ours.backward()
    with pytest.raises(RuntimeError, match="none; call loss"):
        ours.backward()


@pytest.mark.parametrize(
    "layer", [ReLULayer(), LinearLayer(torch.zeros(2, 3), torch.zeros(2))]
)
def test_a_layer_that_saw_nothing(layer):
    name = type(layer).__name__
    with pytest.raises(RuntimeError, match=f"{name} has not seen an input"):
        layer.backward(torch.zeros(1, 2))


def test_a_network_has_layers():
    with pytest.raises(ValueError, match="at least one layer, got none"):
        LayeredNetwork([])
