"""Fixtures for the vision tests: tiny networks, and weights if present."""

import pytest
import torch
from torch import nn

from sevenlessons.data.cache import is_present
from sevenlessons.vision.backbones import Backbone
from sevenlessons.vision.heads import make_head
from sevenlessons.vision.normalize import Normalize
from sevenlessons.vision.transfer import TransferModel


@pytest.fixture
def needs():
    """Skip where data is not in the cache: tests never use the network."""

    def check(*names):
        missing = " ".join(name for name in names if not is_present(name))
        if missing:
            pytest.skip(
                f"not in the cache: {missing}; fetch with "
                f"python -m sevenlessons data {missing}"
            )

    return check


def block(channels_in, channels_out):
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(),
    )


@pytest.fixture
def tiny():
    """A backbone of four blocks, with running statistics of its own."""
    torch.manual_seed(0)
    body = nn.Sequential(block(3, 4), block(4, 6), block(6, 6), block(6, 8))
    normalize = Normalize((0.5, 0.4, 0.3), (0.2, 0.3, 0.4))
    backbone = Backbone("tiny", body, 8, normalize)
    backbone(torch.rand(16, 3, 8, 8))  # moves the running statistics
    return backbone


@pytest.fixture
def model(tiny):
    return TransferModel(tiny, make_head(8, 3, hidden=5))


@pytest.fixture
def photos():
    generator = torch.Generator().manual_seed(0)
    return torch.randint(
        256, (10, 3, 8, 8), generator=generator, dtype=torch.uint8
    )
