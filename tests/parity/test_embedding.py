import pytest
import torch

from sevenlessons.parity import embedding as room
from sevenlessons.parity.compare import limit, measure
from sevenlessons.parity.embedding import embedding_pieces

PIECES = embedding_pieces()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.name)
def test_equal_to_its_reference(piece, dtype):
    assert max(measure(piece, dtype).values()) <= limit(dtype)


def test_names_differ():
    assert len({piece.name for piece in PIECES}) == len(PIECES)


def test_a_gradient_that_does_not_add_up_is_found(monkeypatch):
    """Write each row's gradient instead of adding it: repeats get lost."""

    def planted(numbers, gradient, num_embeddings, *, padding_idx):
        table = gradient.new_zeros(num_embeddings, gradient.shape[-1])
        table[numbers] = gradient
        return table

    monkeypatch.setattr(room, "embedding_gradient", planted)
    (piece,) = [p for p in PIECES if p.name.startswith("gradient")]
    assert max(measure(piece, torch.float32).values()) > 1e-2
