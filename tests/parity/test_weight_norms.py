import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations
from torch.nn.utils.parametrize import register_parametrization

from sevenlessons.parity.compare import deviation, limit, measure
from sevenlessons.parity.sides import compare_modules
from sevenlessons.parity.weight_norms import (
    random_numbers,
    random_parameters,
    weight_norm_pieces,
)
from sevenlessons.scratch.weight_norm import WeightNorm

TYPES = (torch.float32, torch.float64)


@pytest.mark.parametrize("dtype", TYPES, ids=str)
@pytest.mark.parametrize("piece", weight_norm_pieces(), ids=lambda p: p.name)
def test_each_piece_equals_its_reference(piece, dtype):
    assert max(measure(piece, dtype).values()) <= limit(dtype)


class Detached(WeightNorm):
    """The planted mistake: the length of v takes no part in the gradient."""

    def forward(self, g, v):
        return g * v / v.detach().norm(dim=1, keepdim=True)


def test_a_gradient_that_forgets_the_length_is_seen():
    torch.manual_seed(0)
    ours, theirs = nn.Linear(5, 4), nn.Linear(5, 4)
    register_parametrization(ours, "weight", Detached())
    parametrizations.weight_norm(theirs)
    found = {
        p.what: deviation(p)
        for p in compare_modules(ours, theirs, [torch.ones(2, 5)])
    }
    assert found["value"] <= limit(torch.float32)
    assert max(found.values()) > 100 * limit(torch.float32)


def test_random_numbers_come_from_the_generator():
    def draw():
        return torch.Generator().manual_seed(3)

    one = random_numbers((2, 3), torch.float64, draw())
    assert one.shape == (2, 3)
    assert torch.equal(one, random_numbers((2, 3), torch.float64, draw()))
    layers = [nn.Linear(2, 2), nn.Linear(2, 2)]
    for layer in layers:
        random_parameters(layer, torch.float64, draw())
    assert torch.equal(layers[0].weight, layers[1].weight)
    assert layers[0].bias.dtype == torch.float64
