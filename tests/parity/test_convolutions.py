"""Convolutions equal torch, and mistakes show."""

import pytest
import torch

from sevenlessons.parity import convolutions
from sevenlessons.parity.compare import limit, measure
from sevenlessons.parity.convolutions import convolution_pieces

PIECES = convolution_pieces()
CASES = [(piece, dtype) for piece in PIECES for dtype in piece.dtypes]


def named(name):
    return next(piece for piece in PIECES if piece.name == name)


@pytest.mark.parametrize(
    ("piece", "dtype"), CASES, ids=lambda case: getattr(case, "name", None)
)
def test_each_piece_equals_its_reference(piece, dtype):
    assert max(measure(piece, dtype).values()) <= limit(dtype)


def test_a_kernel_that_is_turned_around_is_found(monkeypatch):
    right = convolutions.im2col.conv2d_by_columns

    def turned(x, weight, bias, **how):
        return right(x, weight.flip(2, 3), bias, **how)

    monkeypatch.setattr(convolutions.im2col, "conv2d_by_columns", turned)
    piece = next(
        p for p in convolution_pieces() if p.name == "convolution by columns"
    )
    assert max(measure(piece, torch.float64).values()) > 0.1


def test_a_gradient_without_the_border_is_found(monkeypatch):
    right = convolutions.im2col.fold

    def cut(columns, size, kernel_size, **how):
        x = right(columns, size, kernel_size, **how).clone()
        x[:, :, -1] = 0
        return x

    monkeypatch.setattr(convolutions.im2col, "fold", cut)
    piece = named("gradients of a convolution by hand")
    found = measure(piece, torch.float64)
    wrong = {name for name, far in found.items() if far > 1e-3}
    assert wrong and all("gradient of input" in name for name in wrong)
