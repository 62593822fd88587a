import pytest
import torch

from sevenlessons.vision.self_attention import MapAttention


def test_starts_as_the_identity_and_gamma_alone_learns_first():
    maps = torch.randn(2, 16, 3, 4)
    layer = MapAttention(16)
    assert torch.equal(layer(maps), maps)
    layer(maps).square().sum().backward()
    assert layer.gamma.grad.abs() > 0
    assert layer.query.weight.grad.abs().max() == 0


def test_is_the_sum_over_all_places():
    layer = MapAttention(8).double()
    layer.gamma.data.fill_(0.5)
    maps = torch.randn(1, 8, 2, 3, dtype=torch.float64)
    places = maps[0].flatten(1).T
    q, k, v = (
        places @ part.weight[:, :, 0, 0].T
        for part in (layer.query, layer.key, layer.value)
    )
    for i in range(6):
        shares = torch.stack([q[i] @ k[j] for j in range(6)]).softmax(0)
        said = sum(shares[j] * v[j] for j in range(6))
        torch.testing.assert_close(
            layer(maps)[0].flatten(1)[:, i], places[i] + 0.5 * said
        )


def test_moving_the_places_moves_the_answer():
    layer = MapAttention(8).double()
    layer.gamma.data.fill_(1.0)
    maps = torch.randn(1, 8, 4, 4, dtype=torch.float64)
    torch.testing.assert_close(layer(maps.flip(2).mT), layer(maps).flip(2).mT)
    assert torch.allclose(layer.shares(maps).sum(-1), torch.ones(()).double())


def test_bad_input_says_what_was_expected():
    with pytest.raises(ValueError, match="channels must be at least 1, got 0"):
        MapAttention(0)
    with pytest.raises(ValueError, match=r"\(N, 8, H, W\), got \(1, 4, 2, 2"):
        MapAttention(8)(torch.zeros(1, 4, 2, 2))
