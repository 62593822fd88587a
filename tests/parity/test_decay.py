from dataclasses import replace

import pytest
import torch

from sevenlessons.parity import decay
from sevenlessons.parity.compare import limit, measure
from sevenlessons.parity.decay import decay_pieces


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("piece", decay_pieces(), ids=lambda p: p.name)
def test_each_piece_is_its_reference(piece, dtype):
    assert max(measure(piece, dtype).values()) <= limit(dtype)


def test_a_planted_mistake_is_found(monkeypatch):
    """Without its half the penalty is twice as strong."""
    right = decay.l2_penalty
    monkeypatch.setattr(decay, "l2_penalty", lambda p, s: 2 * right(p, s))
    found = measure(decay_pieces()[0], torch.float32)
    assert min(found.values()) > 100 * limit(torch.float32)


def test_penalty_in_the_gradient_is_not_decay_for_adam():
    _, gradient, decoupled, _ = decay_pieces()
    mixed = [
        replace(pair, ours=other.ours)
        for pair, other in zip(
            gradient.compare(torch.float64, 0),
            decoupled.compare(torch.float64, 0),
            strict=True,
        )
    ]
    wrong = replace(gradient, compare=lambda dtype, seed: mixed)
    found = measure(wrong, torch.float64)
    assert min(found.values()) > 100 * limit(torch.float32)
