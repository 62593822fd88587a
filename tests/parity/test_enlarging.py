import pytest
import torch

from sevenlessons.parity import enlarging
from sevenlessons.parity.compare import limit, measure
from sevenlessons.parity.enlarging import enlarging_pieces

PIECES = enlarging_pieces()
CASES = [(piece, dtype) for piece in PIECES for dtype in piece.dtypes]


def named(name):
    return next(piece for piece in PIECES if piece.name == name)


@pytest.mark.parametrize(
    ("piece", "dtype"), CASES, ids=lambda case: getattr(case, "name", None)
)
def test_each_piece_equals_its_reference(piece, dtype):
    assert max(measure(piece, dtype).values()) <= limit(dtype)


@pytest.mark.parametrize("name", ["pixel_shuffle", "pixel_unshuffle"])
def test_rows_and_columns_swapped_are_found(monkeypatch, name):
    right = getattr(enlarging.pixel_shuffle, name)

    def swapped(x, factor):  # reads the square column by column
        return right(x.mT, factor).mT

    monkeypatch.setattr(enlarging.pixel_shuffle, name, swapped)
    found = measure(named(name.replace("_", " ")), torch.float64)
    assert found["factor 1: value"] == 0
    assert found["factor 2: value"] > 0.1


def test_shares_over_the_wrong_axis_are_found(monkeypatch):
    def wrong(self, maps):
        asked = self.query(maps).flatten(2).mT
        return (asked @ self.key(maps).flatten(2)).softmax(dim=1)

    layer = enlarging.self_attention.MapAttention
    monkeypatch.setattr(layer, "shares", wrong)
    found = measure(named("self-attention of maps"), torch.float64)
    assert max(found.values()) > 0.01
