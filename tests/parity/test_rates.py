"""Schedules equal torch, and mistakes show."""

import pytest
import torch

from sevenlessons.parity import rates
from sevenlessons.parity.compare import limit, measure
from sevenlessons.parity.rates import rate_pieces

PIECES = rate_pieces()
CASES = [(piece, dtype) for piece in PIECES for dtype in piece.dtypes]


def named(name):
    return next(piece for piece in PIECES if piece.name == name)


@pytest.mark.parametrize(
    ("piece", "dtype"), CASES, ids=lambda case: getattr(case, "name", None)
)
def test_each_piece_equals_its_reference(piece, dtype):
    assert max(measure(piece, dtype).values()) <= limit(dtype)


def test_a_schedule_one_step_late_is_found(monkeypatch):
    right = rates.curves.cosine

    def late(start, end):
        curve = right(start, end)
        return lambda step, n: curve(max(step - 1, 0), n)

    monkeypatch.setattr(rates.curves, "cosine", late)
    found = measure(named("half a cosine"), torch.float64)
    assert found["rates"] > 1e-3
