import pytest
import torch

from sevenlessons.parity import losses
from sevenlessons.parity.compare import limit, measure
from sevenlessons.parity.losses import loss_pieces
from sevenlessons.scratch import cross_entropy

PIECES = loss_pieces()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.name)
def test_equal_to_its_reference(piece, dtype):
    assert max(measure(piece, dtype).values()) <= limit(dtype)


def test_names_differ():
    assert len({piece.name for piece in PIECES}) == len(PIECES)


def test_a_planted_mistake_is_found(monkeypatch):
    """Share the smoothing among the wrong classes only: a common slip."""
    right = losses.cross_entropy

    def planted(logits, target, *, label_smoothing, **options):
        classes = logits.shape[1]
        more = label_smoothing * classes / max(classes - 1, 1)
        return right(logits, target, label_smoothing=more, **options)

    monkeypatch.setattr(losses, "cross_entropy", planted)
    (piece,) = [p for p in PIECES if p.name == "label smoothing"]
    assert max(measure(piece, torch.float32).values()) > 1e-3


def test_softmax_over_the_wrong_axis_is_found(monkeypatch):
    (piece,) = [p for p in PIECES if p.name.startswith("gradient of cross")]
    monkeypatch.setattr(cross_entropy, "softmax", lambda z, dim: z.softmax(0))
    assert max(measure(piece, torch.float32).values()) > 1e-3
