"""Earlier pieces equal torch, and mistakes show."""

import pytest
import torch

from sevenlessons.parity import earlier
from sevenlessons.parity.compare import limit, measure
from sevenlessons.parity.earlier import earlier_pieces

PIECES = earlier_pieces()
CASES = [(piece, dtype) for piece in PIECES for dtype in piece.dtypes]


def named(name):
    return next(piece for piece in PIECES if piece.name == name)


@pytest.mark.parametrize(
    ("piece", "dtype"), CASES, ids=lambda case: getattr(case, "name", None)
)
def test_each_piece_equals_its_reference(piece, dtype):
    assert max(measure(piece, dtype).values()) <= limit(dtype)


def test_a_forgotten_two_is_found(monkeypatch):
    right = earlier.descent.mse_gradient
    monkeypatch.setattr(
        earlier.descent, "mse_gradient", lambda *t: right(*t) / 2
    )
    found = measure(named("gradient of the squared error"), torch.float64)
    assert found["gradient"] > 0.1


def test_a_loss_that_overflows_is_found(monkeypatch):
    def naive(z, y):
        p = 1 / (1 + torch.exp(-z))
        return -(y * p.log() + (1 - y) * (1 - p).log()).mean()

    monkeypatch.setattr(earlier.losses, "bce_with_logits", naive)
    piece = named("binary cross-entropy of scores")
    assert measure(piece, torch.float64)["far out: value"] == float("inf")
