"""Signals equal their libraries; mistakes show."""

import pytest
import torch

from sevenlessons.parity import signals
from sevenlessons.parity.compare import limit, measure
from sevenlessons.parity.signals import signal_pieces

PIECES = signal_pieces()
CASES = [(piece, dtype) for piece in PIECES for dtype in piece.dtypes]


def named(name):
    return next(piece for piece in PIECES if piece.name == name)


@pytest.mark.parametrize(
    ("piece", "dtype"), CASES, ids=lambda case: getattr(case, "name", None)
)
def test_each_piece_equals_its_reference(piece, dtype):
    assert max(measure(piece, dtype).values()) <= limit(dtype)


def test_a_window_of_the_other_form_is_found(monkeypatch):
    monkeypatch.setattr(
        signals,
        "hann_window",
        lambda n: torch.hann_window(n, periodic=False, dtype=torch.float64),
    )
    found = measure(named("fading window"), torch.float64)
    assert found["7 samples"] > 0.01


def test_components_of_rows_with_their_mean_are_found(monkeypatch):
    class Unmoved:
        def __init__(self, rows, count):
            _, spreads, directions = torch.linalg.svd(rows + 1)
            self.directions = directions[:count]
            self.share = (spreads**2 / (spreads**2).sum())[:count]

        def transform(self, rows):
            return rows @ self.directions.T

    monkeypatch.setattr(signals, "pca", Unmoved)
    found = measure(named("principal components"), torch.float64)
    assert found["shares"] > 1e-3
