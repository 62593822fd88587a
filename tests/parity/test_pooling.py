"""Pooling equals torch, and mistakes show."""

import pytest
import torch

from sevenlessons.parity import pooling
from sevenlessons.parity.compare import limit, measure
from sevenlessons.parity.pooling import pooling_pieces

PIECES = pooling_pieces()
CASES = [(piece, dtype) for piece in PIECES for dtype in piece.dtypes]


def named(name):
    return next(piece for piece in PIECES if piece.name == name)


@pytest.mark.parametrize(
    ("piece", "dtype"), CASES, ids=lambda case: getattr(case, "name", None)
)
def test_each_piece_equals_its_reference(piece, dtype):
    assert max(measure(piece, dtype).values()) <= limit(dtype)


def test_a_gradient_that_equals_share_is_found(monkeypatch):
    right = pooling.pooling.max_pool2d

    def shared(x, *args, **how):  # the same values
        both = x + x.detach().flip(3).flip(3)
        return right(both, *args, **how) / 2

    monkeypatch.setattr(pooling.pooling, "max_pool2d", shared)
    found = measure(named("max pooling"), torch.float64)
    assert found["ties: value"] == 0
    assert found["ties: gradient of input 1"] > 0.1


def test_the_last_of_equals_is_found(monkeypatch):
    right = pooling.pooling.max_pool2d_with_indices

    def last(x, **how):
        values, indices = right(x.flip(2, 3), **how)
        return values.flip(2, 3), x[0, 0].numel() - 1 - indices.flip(2, 3)

    monkeypatch.setattr(pooling.pooling, "max_pool2d_with_indices", last)
    found = measure(named("places of the largest"), torch.float64)
    assert max(found.values()) > 0.01


def test_a_mean_that_forgets_the_border_is_found(monkeypatch):
    right = pooling.pooling.avg_pool2d

    def bare(x, **how):
        return right(x, **how | {"count_include_pad": False})

    monkeypatch.setattr(pooling.pooling, "avg_pool2d", bare)
    assert max(measure(named("average pooling"), torch.float64).values()) > 0.1
