"""GRU and stacked layers equal torch; mistakes show."""

import pytest
import torch

from sevenlessons.parity import gates
from sevenlessons.parity.compare import limit, measure
from sevenlessons.parity.gates import gate_pieces

PIECES = gate_pieces()
CASES = [(piece, dtype) for piece in PIECES for dtype in piece.dtypes]


def worst(name):
    piece = next(piece for piece in gate_pieces() if piece.name == name)
    return max(measure(piece, torch.float64).values())


@pytest.mark.parametrize(
    ("piece", "dtype"), CASES, ids=lambda case: getattr(case, "name", None)
)
def test_each_piece_equals_its_reference(piece, dtype):
    assert max(measure(piece, dtype).values()) <= limit(dtype)


def test_gates_in_another_order_are_found(monkeypatch):
    right = gates.gru_step

    def swapped(x, hidden, *weights):
        parts = [
            torch.cat([update, reset, new])
            for reset, update, new in (w.chunk(3) for w in weights)
        ]
        return right(x, hidden, *parts)

    monkeypatch.setattr(gates, "gru_step", swapped)
    assert worst("GRU cell") > 0.1


def test_a_reset_before_the_product_is_found(monkeypatch):
    def older(x, hidden, weight_ih, weight_hh, bias_ih, bias_hh):
        products = x @ weight_ih.T + bias_ih
        both = (products + hidden @ weight_hh.T + bias_hh).chunk(3, 1)
        reset, update = both[0].sigmoid(), both[1].sigmoid()
        new = (reset * hidden) @ weight_hh.chunk(3)[2].T
        new = (products.chunk(3, 1)[2] + new + bias_hh.chunk(3)[2]).tanh()
        return update * hidden + (1 - update) * new

    monkeypatch.setattr(gates, "gru_step", older)
    assert worst("GRU cell") > 0.01


def test_a_layer_left_out_is_found(monkeypatch):
    right = gates.gru_layer
    calls = []

    def once(x, *weights, hoisted=False):
        calls.append(1)
        return right(x, *weights) if len(calls) % 2 else (x, None)

    monkeypatch.setattr(gates, "gru_layer", once)
    assert worst("two layers of GRU") > 0.1
