import pytest
import torch

from sevenlessons.parity.compare import limit, measure
from sevenlessons.parity.optimizer_steps import compare_steps
from sevenlessons.parity.optimizers import optimizer_pieces
from sevenlessons.parity.pieces import Piece
from sevenlessons.scratch.adam import Adam

PIECES = optimizer_pieces()
DTYPES = (torch.float32, torch.float64)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.name)
def test_equals_torch(piece, dtype):
    assert max(measure(piece, dtype).values()) <= limit(dtype)


class EpsilonInside(Adam):
    """The mistake: eps below the root instead of beside it."""

    def update(self, i, p, grad):
        beta1, beta2 = self.betas
        first, second, t = self.first[i], self.second[i], self.steps[i]
        first += (1 - beta1) * (grad - first)
        second += (1 - beta2) * (grad**2 - second)
        square = second / (1 - beta2**t)
        p -= self.lr * first / (1 - beta1**t) / (square + self.eps).sqrt()


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_a_planted_mistake_is_found(dtype):
    settings = {"plain": {"lr": 0.01}}
    piece = Piece(
        "Adam",
        "scratch/adam",
        "torch.optim.Adam",
        "w",
        "",
        lambda dtype, seed: compare_steps(
            EpsilonInside, torch.optim.Adam, settings, dtype, seed
        ),
    )
    coarse = {"plain": {"lr": 0.01, "eps": 1e-3}}
    if dtype == torch.float32:  # at 1e-8 the mistake is below a rounding
        settings.update(coarse)
    assert max(measure(piece, dtype).values()) > limit(dtype)
