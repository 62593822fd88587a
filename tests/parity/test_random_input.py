import torch
from torch import nn

from sevenlessons.parity.random_input import random_numbers, random_parameters


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
