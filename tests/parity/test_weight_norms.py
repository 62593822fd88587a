import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations
from torch.nn.utils.parametrize import register_parametrization

from sevenlessons.parity.compare import deviation, limit, measure
from sevenlessons.parity.sides import compare_modules
from sevenlessons.parity.weight_norms import weight_norm_pieces
from sevenlessons.scratch.spectral_norm import SpectralNorm
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


def test_vectors_that_move_in_evaluation_are_seen(monkeypatch):
    right = SpectralNorm.forward

    def always_training(self, weight):
        was, self.training = self.training, True
        try:
            return right(self, weight)
        finally:
            self.training = was

    monkeypatch.setattr(SpectralNorm, "forward", always_training)
    piece = next(p for p in weight_norm_pieces() if p.name == "Spectral norm")
    found = measure(piece, torch.float64)
    wrong = {what for what, far in found.items() if far > 1e-10}
    assert wrong
    assert all("eval" in what for what in wrong)
