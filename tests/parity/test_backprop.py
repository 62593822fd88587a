import pytest
import torch

from sevenlessons.parity import backprop
from sevenlessons.parity.compare import limit, measure

PIECES = backprop.backprop_pieces()


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.name)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_each_piece_is_torchs(piece, dtype):
    assert max(measure(piece, dtype).values()) <= limit(dtype)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("mse_backward", lambda x, target: (x - target) / x.numel()),
        ("relu_backward", lambda grad, x: grad * (x >= 0)),
        (
            "linear_backward",
            lambda grad, x, w: (
                grad @ w,
                (grad.T @ x.reshape(-1, 4))
                if grad.ndim == 2
                else grad.reshape(-1, 5).T @ x.reshape(-1, 4),
                grad.reshape(-1, 5).mean(dim=0),
            ),
        ),
    ],
)
def test_a_planted_mistake_is_seen(monkeypatch, name, wrong):
    monkeypatch.setattr(backprop, name, wrong)
    worst = max(
        max(measure(piece, torch.float64).values()) for piece in PIECES
    )
    assert worst > 0.01
