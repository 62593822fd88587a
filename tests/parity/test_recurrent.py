"""RNN and clipping equal torch; mistakes show."""

import pytest
import torch

from sevenlessons.parity import recurrent
from sevenlessons.parity.compare import limit, measure
from sevenlessons.parity.recurrent import recurrent_pieces

PIECES = recurrent_pieces()
CASES = [(piece, dtype) for piece in PIECES for dtype in piece.dtypes]


def named(name):
    return next(piece for piece in PIECES if piece.name == name)


@pytest.mark.parametrize(
    ("piece", "dtype"), CASES, ids=lambda case: getattr(case, "name", None)
)
def test_each_piece_equals_its_reference(piece, dtype):
    assert max(measure(piece, dtype).values()) <= limit(dtype)


def test_a_state_that_is_not_carried_is_found(monkeypatch):
    right = recurrent.rnn_layer

    def forgetful(x, *weights):
        _, last = right(x[:, :1], *weights)
        rest = [right(x[:, t : t + 1], *weights)[0] for t in range(x.shape[1])]
        return torch.cat(rest, dim=1), last

    monkeypatch.setattr(recurrent, "rnn_layer", forgetful)
    found = measure(named("RNN layer"), torch.float64)
    assert found["2 texts of 6 steps: value"] > 0.1


def test_a_cut_gradient_is_found(monkeypatch):
    right = recurrent.rnn_step
    monkeypatch.setattr(
        recurrent, "rnn_step", lambda x, h, *w: right(x, h.detach(), *w)
    )
    found = measure(named("RNN cell"), torch.float64)
    assert found["value"] <= 1e-10 and max(found.values()) > 0.1


def test_clipping_each_tensor_alone_is_found(monkeypatch):
    right = recurrent.clip_gradients

    def each(parameters, most):
        return torch.stack([right([p], most) for p in parameters]).norm()

    monkeypatch.setattr(recurrent, "clip_gradients", each)
    found = measure(named("gradient clipping"), torch.float64)
    assert max(found.values()) > 0.01
    assert found["short: norm"] <= 1e-10
