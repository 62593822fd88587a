import pytest
import torch
import torch.nn.functional as F
from torch import nn

from sevenlessons.vision.heads import ConcatPool2d, last_layer, make_head


def test_pooling_equals_torch(photos):
    maps = photos.float()
    pooled = ConcatPool2d()(maps)
    average = F.adaptive_avg_pool2d(maps, 1).flatten(1)
    largest = F.adaptive_max_pool2d(maps, 1).flatten(1)
    torch.testing.assert_close(pooled, torch.cat([average, largest], 1))


def test_pooling_gradients():
    maps = torch.rand(2, 3, 4, 4, dtype=torch.double, requires_grad=True)
    assert torch.autograd.gradcheck(ConcatPool2d(), maps)


def test_pooled_features_pass_unchanged():
    features = torch.rand(2, 6)
    assert ConcatPool2d()(features) is features
    with pytest.raises(ValueError, match=r"maps of shape \(N, C, h, w\)"):
        ConcatPool2d()(torch.zeros(2, 3, 4))


def test_layers_of_the_head():
    kinds = [type(layer) for layer in make_head(4, 3)]
    assert kinds == [
        ConcatPool2d,
        nn.BatchNorm1d,
        nn.Dropout,
        nn.Linear,
        nn.ReLU,
        nn.BatchNorm1d,
        nn.Dropout,
        nn.Linear,
    ]
    short = make_head(4, 3, hidden=None, dropout=0.2)
    assert [type(layer) for layer in short[1:]] == [
        nn.BatchNorm1d,
        nn.Dropout,
        nn.Linear,
    ]
    assert short[2].p == 0.2
    assert make_head(4, 3, dropout=0.4)[2].p == 0.2


def test_same_scores_from_maps_and_from_features():
    head = make_head(4, 3).eval()
    maps = torch.rand(5, 4, 2, 2)
    assert torch.equal(head(maps), head(ConcatPool2d()(maps)))


def test_seed_decides_and_the_random_state_is_left():
    state = torch.random.get_rng_state()
    first, second, other = (make_head(4, 3, seed=s) for s in (0, 0, 1))
    assert torch.equal(first[-1].weight, second[-1].weight)
    assert not torch.equal(first[-1].weight, other[-1].weight)
    assert torch.equal(torch.random.get_rng_state(), state)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"in_channels": 0}, "in_channels must be at least 1, got 0"),
        ({"num_classes": 0}, "num_classes must be at least 1, got 0"),
        ({"hidden": 0}, "hidden must be at least 1, got 0"),
        ({"dropout": 1.0}, r"dropout must be in \[0, 1\), got 1.0"),
        ({"dropout": -0.1}, r"dropout must be in \[0, 1\), got -0.1"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        make_head(**{"in_channels": 4, "num_classes": 3, **arguments})


def test_last_layer_is_average_then_linear():
    maps = torch.randn(2, 6, 3, 3)
    head = last_layer(6, 4, seed=3)
    expected = head[-1](maps.mean((2, 3)))
    torch.testing.assert_close(head(maps), expected)
    again, other = last_layer(6, 4, seed=3), last_layer(6, 4, seed=4)
    assert torch.equal(head[-1].weight, again[-1].weight)
    assert not torch.equal(head[-1].weight, other[-1].weight)
    with pytest.raises(ValueError, match="at least 1, got 6 and 0"):
        last_layer(6, 0)
