import pytest
import torch
from torch import nn

from sevenlessons.text.dropouts import (
    EmbeddingDropout,
    LockedDropout,
    WeightDrop,
)


def lstm(inputs=3, hidden=4):
    torch.manual_seed(1)
    return nn.LSTM(inputs, hidden, batch_first=True)


def test_locked_mask_is_the_same_at_every_step_and_differs_by_text():
    torch.manual_seed(0)
    dropped = LockedDropout(0.4)(torch.ones(8, 5, 30))
    assert torch.equal(dropped, dropped[:, :1].expand(-1, 5, -1))
    assert not torch.equal(dropped[0], dropped[1])
    assert dropped.unique().tolist() == pytest.approx([0.0, 1 / 0.6])


def test_locked_keeps_the_mean():
    torch.manual_seed(0)
    dropped = LockedDropout(0.3)(torch.ones(200, 1, 500))
    assert dropped.mean().item() == pytest.approx(1, abs=0.01)


def test_embedding_drops_a_word_everywhere_and_whole():
    torch.manual_seed(0)
    numbers = torch.randint(50, (6, 40))
    mask = EmbeddingDropout(50, 0.5)(torch.ones(6, 40, 7), numbers)
    for word in range(50):
        assert len(mask[numbers == word].unique()) <= 1
    assert 0.3 < (mask[..., 0] == 0).float().mean() < 0.7


def test_weight_drop_has_one_mask_a_pass_and_equals_a_masked_lstm():
    layer, x = WeightDrop(lstm(), 0.5), torch.randn(2, 6, 3)
    torch.manual_seed(3)
    outputs, (hidden, cell) = layer(x)
    torch.manual_seed(3)
    mask = torch.empty(16, 4).bernoulli_(0.5) / 0.5
    plain = lstm()
    with torch.no_grad():
        plain.weight_hh_l0 *= mask
    expected, (h, c) = plain(x)
    torch.testing.assert_close(outputs, expected)
    torch.testing.assert_close(hidden, h)
    torch.testing.assert_close(cell, c)


def test_weight_drop_leaves_raw_weights_and_gives_them_gradients():
    layer = WeightDrop(lstm(), 0.5)
    before = {k: v.clone() for k, v in layer.state_dict().items()}
    layer(torch.randn(2, 6, 3))[0].sum().backward()
    for name, value in layer.state_dict().items():
        assert torch.equal(value, before[name])
    gradient = layer.lstm.weight_hh_l0.grad
    assert 0 < (gradient == 0).float().mean() < 1  # none where dropped
    assert sorted(name for name, _ in layer.named_parameters()) == [
        "lstm.bias_hh_l0",
        "lstm.bias_ih_l0",
        "lstm.weight_hh_l0",
        "lstm.weight_ih_l0",
    ]


def test_weight_drop_learns():
    torch.manual_seed(0)
    layer = WeightDrop(lstm(), 0.3)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    before = layer.lstm.weight_hh_l0.detach().clone()
    for _ in range(3):
        optimizer.zero_grad()
        layer(torch.randn(2, 6, 3))[0].sum().backward()
        optimizer.step()
    assert not torch.equal(before, layer.lstm.weight_hh_l0)


@pytest.mark.parametrize("mode", ["eval", "p is zero"])
def test_nothing_happens_in_evaluation_or_with_p_zero(mode):
    p = 0.7 if mode == "eval" else 0.0
    x, numbers = torch.randn(2, 5, 3), torch.randint(9, (2, 5))
    layers = LockedDropout(p), EmbeddingDropout(9, p), WeightDrop(lstm(), p)
    for layer in layers:
        layer.train(mode != "eval")
    locked, embedding, weight = layers
    assert locked(x) is x
    assert embedding(x, numbers) is x
    state = torch.randn(1, 2, 4), torch.randn(1, 2, 4)
    assert torch.equal(weight(x, state)[0], weight.lstm(x, state)[0])


@pytest.mark.parametrize("p", [-0.1, 1.0, 2])
@pytest.mark.parametrize(
    "make",
    [
        LockedDropout,
        lambda p: EmbeddingDropout(5, p),
        lambda p: WeightDrop(lstm(), p),
    ],
)
def test_refuses_a_share_out_of_range(make, p):
    with pytest.raises(ValueError, match=r"p must be a share in \[0, 1\)"):
        make(p)


def test_refuses_other_layers():
    with pytest.raises(TypeError, match=r"must be a torch.nn.LSTM, got GRU"):
        WeightDrop(nn.GRU(2, 2), 0.1)
    with pytest.raises(ValueError, match="wrap each layer by itself"):
        WeightDrop(nn.LSTM(2, 2, num_layers=2, batch_first=True), 0.1)
    with pytest.raises(ValueError, match="batch_first=True"):
        WeightDrop(nn.LSTM(2, 2), 0.1)


def test_refuses_other_shapes():
    with pytest.raises(ValueError, match=r"\(N, T, E\), got shape \(2, 3\)"):
        LockedDropout(0.1)(torch.ones(2, 3))
    with pytest.raises(ValueError, match="one vector for each number"):
        EmbeddingDropout(5, 0.1)(torch.ones(2, 3, 4), torch.ones(2, 4))
    with pytest.raises(ValueError, match="num_embeddings must be at least 1"):
        EmbeddingDropout(0, 0.1)
