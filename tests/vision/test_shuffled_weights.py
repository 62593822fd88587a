"""Shuffling takes the order of weights from a layer on, and nothing else."""

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations

from sevenlessons.vision.shuffled_weights import shuffled_from, weighted_layers


@pytest.fixture
def net():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 4, 3),
        nn.BatchNorm2d(4),
        nn.Sequential(nn.Conv2d(4, 4, 3), nn.ReLU()),
        nn.Flatten(),
        nn.Linear(4, 3),
    )


def test_layers_with_weights_in_order(net):
    assert weighted_layers(net) == ["0", "2.0", "4"]


@pytest.mark.parametrize(
    ("first", "changed"), [("0", 3), ("2.0", 2), ("4", 1)]
)
def test_only_weights_from_the_layer_on_change(net, first, changed):
    before = {name: t.clone() for name, t in net.state_dict().items()}
    after = shuffled_from(net, first).state_dict()
    different = [n for n in before if not torch.equal(before[n], after[n])]
    names = weighted_layers(net)[-changed:]
    assert different == [f"{name}.weight" for name in names]
    for name in different:
        torch.testing.assert_close(
            after[name].flatten().sort().values,
            before[name].flatten().sort().values,
        )
    for name, tensor in net.state_dict().items():
        assert torch.equal(tensor, before[name])


def test_a_layer_is_shuffled_alike_wherever_it_starts(net):
    one, all_of_them = shuffled_from(net, "4"), shuffled_from(net, "0")
    assert torch.equal(one[4].weight, all_of_them[4].weight)
    other = shuffled_from(net, "4", seed=1)
    assert not torch.equal(one[4].weight, other[4].weight)


def test_a_shared_weight_is_shuffled_once():
    net = nn.Sequential(nn.Linear(9, 9), nn.ReLU(), nn.Linear(9, 9))
    net[2].weight = net[0].weight
    assert weighted_layers(net) == ["0"]
    alone = nn.Sequential(nn.Linear(9, 9))
    alone[0].weight = nn.Parameter(net[0].weight.detach().clone())
    once = shuffled_from(alone, "0")[0].weight
    changed = shuffled_from(net, "0")
    assert changed[0].weight is changed[2].weight
    assert torch.equal(changed[2].weight, once)


def test_attention_and_its_largest_matrix_are_shuffled():
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    names = ["self_attn", "self_attn.out_proj", "linear1", "linear2"]
    assert weighted_layers(layer) == names
    changed = shuffled_from(layer, "self_attn")
    for name, old in layer.named_parameters():
        same = torch.equal(old, changed.get_parameter(name))
        assert same == (old.ndim < 2)


def test_what_a_parametrization_learned_is_shuffled():
    net = nn.Sequential(parametrizations.weight_norm(nn.Linear(9, 9)))
    assert weighted_layers(net) == ["0"]
    before = net[0].weight.detach().clone()
    assert not torch.equal(shuffled_from(net, "0")[0].weight, before)
    assert torch.equal(net[0].weight, before)


def test_global_random_state_is_left_alone(net):
    state = torch.get_rng_state()
    shuffled_from(net, "0")
    assert torch.equal(state, torch.get_rng_state())


def test_refuses_a_layer_without_weights(net):
    with pytest.raises(ValueError, match=r"got '1'; there are 0, 2\.0, 4"):
        shuffled_from(net, "1")
    with pytest.raises(ValueError, match="there are none"):
        shuffled_from(nn.ReLU(), "0")
