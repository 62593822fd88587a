import pytest
import torch

from sevenlessons.parity import engine
from sevenlessons.parity.compare import limit, measure
from sevenlessons.scratch.autograd import Node

PIECES = engine.engine_pieces()


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.name)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_each_piece_is_torchs(piece, dtype):
    assert max(measure(piece, dtype).values()) <= limit(dtype)


def test_a_planted_mistake_is_seen(monkeypatch):
    right = Node.relu

    def leaky(self):  # hands a little on where it should hand on nothing
        return right(self) + self.detach() * 0 + 1e-3 * (self - self.detach())

    monkeypatch.setattr(Node, "relu", leaky)
    piece = next(p for p in PIECES if "ReLU" in p.name)
    found = measure(piece, torch.float64)
    assert found["relu: value"] == 0
    assert found["relu: gradient of input 1"] > 1e-4


def test_a_broadcast_that_is_not_summed_back_is_refused(monkeypatch):
    monkeypatch.setattr(
        engine, "sum_to_shape", lambda grad, shape: grad.clone()
    )
    piece = next(p for p in PIECES if "sums back" in p.name)
    with pytest.raises(ValueError, match="expected shape"):
        measure(piece, torch.float64)


def test_an_engine_without_gradients_is_seen(monkeypatch):
    monkeypatch.setattr(Node, "backward", lambda self: None)
    for piece in PIECES:
        if "sums back" in piece.name:  # has no backward
            continue
        assert max(measure(piece, torch.float64).values()) == float("inf")
