"""Bytes for the way back equal a count by hand."""

import pytest
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from sevenlessons.training.saved_memory import saved_bytes


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_chain_keeps_what_each_layer_must_remember(dtype):
    model = nn.Sequential(
        nn.Conv2d(2, 3, 3, padding=1), nn.ReLU(), nn.Conv2d(3, 4, 1)
    ).to(dtype)
    x = torch.zeros(5, 2, 6, 6, dtype=dtype)
    # the first convolution keeps its input, which is there anyway; ReLU and
    # the second convolution keep the same maps
    assert saved_bytes(model, x) == 5 * 3 * 6 * 6 * dtype.itemsize


def test_a_batch_norm_keeps_its_input_and_two_numbers_a_channel():
    model = nn.Sequential(nn.Conv2d(1, 3, 1, bias=False), nn.BatchNorm2d(3))
    x = torch.randn(2, 1, 5, 5)
    kept = saved_bytes(model, x)
    assert 2 * 3 * 25 * 4 <= kept <= 2 * 3 * 25 * 4 + 4 * 3 * 4


def test_computing_again_keeps_less():
    layers = nn.Sequential(*[nn.Linear(8, 8) for _ in range(6)])

    class Again(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = layers

        def forward(self, x):
            return checkpoint(self.layers, x, use_reentrant=False)

    x = torch.randn(4, 8)
    assert saved_bytes(layers, x) == 5 * 4 * 8 * 4
    assert saved_bytes(Again(), x) < saved_bytes(layers, x)


def test_the_model_and_its_mode_stay_as_they_are():
    model = nn.Sequential(nn.Linear(2, 2), nn.Dropout()).eval()
    saved_bytes(model, torch.zeros(1, 2))
    assert not model.training
    assert model[0].weight.grad is None


def test_no_input_is_refused():
    with pytest.raises(ValueError, match=r"got no input; pass a batch"):
        saved_bytes(nn.Linear(2, 2))


def test_switched_off_gradients_are_refused():
    with torch.no_grad(), pytest.raises(ValueError, match="switched off"):
        saved_bytes(nn.Linear(2, 2), torch.zeros(1, 2))
