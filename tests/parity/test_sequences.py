"""LSTM and attention equal torch; mistakes show."""

import pytest
import torch

from sevenlessons.parity import sequences
from sevenlessons.parity.compare import limit, measure
from sevenlessons.parity.sequences import sequence_pieces

PIECES = sequence_pieces()
CASES = [(piece, dtype) for piece in PIECES for dtype in piece.dtypes]


def named(name):
    return next(piece for piece in PIECES if piece.name == name)


@pytest.mark.parametrize(
    ("piece", "dtype"), CASES, ids=lambda case: getattr(case, "name", None)
)
def test_each_piece_equals_its_reference(piece, dtype):
    assert max(measure(piece, dtype).values()) <= limit(dtype)


def test_gates_in_another_order_are_found(monkeypatch):
    right = sequences.lstm_step

    def swapped(x, state, *weights):
        parts = [torch.cat(w.chunk(4)[::-1]) for w in weights]
        return right(x, state, *parts)

    monkeypatch.setattr(sequences, "lstm_step", swapped)
    assert max(measure(named("LSTM cell"), torch.float64).values()) > 0.1


def test_attention_without_its_root_is_found(monkeypatch):
    right = sequences.attention
    monkeypatch.setattr(
        sequences, "attention", lambda q, k, v, mask: right(2 * q, k, v, mask)
    )
    assert measure(named("attention"), torch.float64)["causal: value"] > 0.01


def test_a_map_that_learns_nothing_is_found(monkeypatch):
    class Frozen(sequences.MultiHeadAttention):
        def __init__(self, *sizes):
            super().__init__(*sizes)
            self.value.weight.requires_grad_(False)

    monkeypatch.setattr(sequences, "MultiHeadAttention", Frozen)
    found = measure(named("attention with several heads"), torch.float64)
    assert found["1 heads: gradient of in_proj_weight"] == float("inf")
    assert found["1 heads: value"] <= 1e-10
