import pytest
import torch
from torch import nn

from sevenlessons.parity.compare import deviation, limit, measure
from sevenlessons.parity.norms import norm_pieces
from sevenlessons.parity.sides import compare_modules
from sevenlessons.scratch.batch_norm import BatchNorm

TYPES = (torch.float32, torch.float64)


@pytest.mark.parametrize("dtype", TYPES, ids=str)
@pytest.mark.parametrize("piece", norm_pieces(), ids=lambda p: p.name)
def test_each_piece_equals_its_reference(piece, dtype):
    assert max(measure(piece, dtype).values()) <= limit(dtype)


class Biased(BatchNorm):
    """The planted mistake: the memory gets the variance over n."""

    def batch_statistics(self, x):
        mean, var = super().batch_statistics(x)
        self.running_var.mul_(0).add_(0.9 + 0.1 * var.detach())
        return mean, var


def test_a_memory_of_the_biased_variance_is_seen():
    x = torch.randn(6, 3, generator=torch.Generator().manual_seed(0))
    found = {
        p.what: deviation(p)
        for p in compare_modules(Biased(3), nn.BatchNorm1d(3), [x])
    }
    assert found["value"] <= limit(torch.float32)
    assert found["running_var"] > 100 * limit(torch.float32)


def test_the_global_random_state_stays():
    before = torch.random.get_rng_state()
    for piece in norm_pieces():
        list(piece.compare(torch.float64, 3))
    assert torch.equal(torch.random.get_rng_state(), before)
