"""The gradient of each layer group: autograd's, and nothing else moves."""

import copy

import pytest
import torch
from torch import nn

from sevenlessons.training.group_gradients import group_gradients


class Model(nn.Sequential):
    def layer_groups(self):
        return [self[:2], self[2:]]


def model():
    torch.manual_seed(0)
    return Model(
        nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2)
    )


INPUTS, TARGET = torch.randn(8, 3), torch.arange(8) % 2


def test_equal_to_backward():
    one = model()
    found = group_gradients(one, INPUTS, TARGET)
    other = model()
    nn.functional.cross_entropy(other(INPUTS), TARGET).backward()
    for got, group in zip(found, other.layer_groups(), strict=True):
        expected = torch.cat([p.grad.flatten() for p in group.parameters()])
        torch.testing.assert_close(got, expected)


def test_leaves_everything_as_it_was():
    one = model()
    before = copy.deepcopy(one.state_dict())
    group_gradients(one, INPUTS, TARGET)
    for name, tensor in one.state_dict().items():
        assert torch.equal(tensor, before[name]), name
    assert all(p.grad is None for p in one.parameters())
    assert one.training


def test_a_frozen_group_has_none():
    one = model()
    one[:2].requires_grad_(False)
    body, head = group_gradients(one, INPUTS, TARGET)
    assert body is None
    assert head.shape == (10,)
    one.requires_grad_(False)
    with pytest.raises(ValueError, match="all groups are frozen; unfreeze"):
        group_gradients(one, INPUTS, TARGET)
