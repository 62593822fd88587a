"""The right answers of the ResNet page, against slower ones."""

from itertools import combinations

import pytest
import torch
from torch import nn

from sevenlessons.exercises.lesson7_resnet_cases import (
    learns,
    norms_by_name,
    shaken,
    sums_of_ways,
)
from sevenlessons.page.trial import Trial

RIGHT: dict = {}  # the answers stand in test_lesson7_resnet
WRONG: dict = {}


def test_sums_of_ways_are_all_choices_of_blocks():
    matrices = torch.randn(4, 3, 3, dtype=torch.float64)
    eye = torch.eye(3, dtype=torch.float64)
    for k, found in enumerate(sums_of_ways(matrices)):
        expected = torch.zeros(3, 3, dtype=torch.float64)
        for chosen in combinations(range(4), k):
            way = eye
            for place in chosen:
                way = matrices[place] @ way
            expected += way
        torch.testing.assert_close(found, expected)
    stack = eye
    for matrix in matrices:
        stack = (eye + matrix) @ stack
    torch.testing.assert_close(sum(sums_of_ways(matrices)), stack)


def test_norms_leave_the_model_alone():
    model = nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(8, 3)
    )
    before = {k: v.clone() for k, v in model.state_dict().items()}
    images, target = torch.randn(5, 1, 4, 4), torch.arange(5) % 3
    found = norms_by_name(model, images, target)
    nn.functional.cross_entropy(model.eval()(images), target)
    assert all(
        torch.equal(v, before[k]) for k, v in model.state_dict().items()
    )
    model.train()
    nn.functional.cross_entropy(model(images), target).backward()
    assert found == {"0": pytest.approx(model[0].weight.grad.norm().item())}


def test_a_frozen_layer_does_not_learn():
    layer = shaken(nn.Linear(3, 3), Trial(0))
    x = torch.eye(3)
    assert learns(layer, x)
    assert not learns(layer.requires_grad_(False), x)
