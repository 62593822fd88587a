"""Thawing: which tensors move in which epoch, and the table of stages."""

import pytest
import torch
from torch import nn

from sevenlessons.training.learner import Learner
from sevenlessons.training.rates import parameter_groups
from sevenlessons.training.thawing import Thaw, stage_table


class Three(nn.Sequential):
    def layer_groups(self):
        return list(self)


def three():
    torch.manual_seed(0)
    return Three(nn.Linear(3, 3), nn.Linear(3, 3), nn.Linear(3, 2))


class Watch:
    def __init__(self, model):
        self.before = [p.detach().clone() for p in model.parameters()]
        self.moved = []

    def __call__(self, model):
        now = [p.detach().clone() for p in model.parameters()]
        self.moved.append(
            [
                not torch.equal(a, b)
                for a, b in zip(self.before, now, strict=True)
            ]
        )
        self.before = now


def test_one_group_more_moves_in_each_epoch():
    model = three()
    groups = parameter_groups(model, [0.1] * 3, weight_decay=0.1)
    batch = (torch.randn(8, 3), torch.arange(8) % 2)
    learner = Learner(
        model,
        [batch],
        None,
        nn.functional.cross_entropy,
        torch.optim.AdamW(groups),
        callbacks=[Thaw([-1, -2, 0])],
    )
    watch = Watch(model)
    thaw = learner.callbacks[0]
    for epoch in range(4):
        learner.epochs_done = epoch
        thaw.on_epoch_begin(learner)
        learner.batch = batch
        learner.training_step()
        watch(model)
    first, second, third, fourth = watch.moved
    assert first == [False] * 4 + [True] * 2
    assert second == [False] * 2 + [True] * 4
    assert third == fourth == [True] * 6


def test_a_fit_follows_the_table_and_begins_anew():
    model, seen = three(), []
    batch = (torch.randn(8, 3), torch.arange(8) % 2)

    class Note(Thaw):
        def on_epoch_begin(self, learner):
            super().on_epoch_begin(learner)
            flags = [g.weight.requires_grad for g in learner.model]
            seen.append(sum(flags))

    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    loss_fn = nn.functional.cross_entropy
    learner = Learner(
        model, [batch], None, loss_fn, optimizer, callbacks=[Note([-1, 0])]
    )
    learner.fit(3)
    learner.fit(1)
    assert seen == [1, 3, 3, 1]


def test_the_table_counts_what_learns():
    rows = stage_table(three(), [-1, 1, 0], [1.0, 2.0, 3.0])
    assert [row["learning"] for row in rows] == [8, 20, 32]
    assert [row["groups"] for row in rows] == [1, 2, 3]
    assert rows[1]["rates"] == [0.0, 2.0, 3.0]


def test_bad_input():
    with pytest.raises(ValueError, match=r"empty; give the first group"):
        Thaw([])
    with pytest.raises(ValueError, match=r"one rate for each of the 3.*got 2"):
        stage_table(three(), [0], [1.0, 2.0])
    with pytest.raises(ValueError, match=r"in \[-3, 3\).*got 3"):
        stage_table(three(), [3], [1.0] * 3)
    with pytest.raises(TypeError, match="layer_groups"):
        stage_table(nn.Linear(1, 1), [0], [1.0])
