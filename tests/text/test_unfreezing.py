import pytest
import torch
from torch import nn

from sevenlessons.text.unfreezing import Stage, fit_stages, rates_by_group
from sevenlessons.training.callbacks import Callback


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.parts = nn.ModuleList(
            [nn.Linear(3, 4), nn.Linear(4, 4), nn.Linear(4, 2)]
        )

    def forward(self, x):
        for part in self.parts:
            x = part(x)
        return x

    def layer_groups(self):
        return list(self.parts)


def batches(count=4):
    torch.manual_seed(1)
    return [(torch.randn(5, 3), torch.arange(5) % 2) for _ in range(count)]


class Watch(Callback):
    """Notes the rates, and which parts moved in each fit."""

    def __init__(self):
        self.tops, self.moved, self.momenta = [], [], []

    def on_fit_begin(self, learner):
        self.before = [p[0].detach().clone() for p in self.weights(learner)]
        self.rates, self.betas = [], []

    def on_batch_end(self, learner):
        groups = learner.optimizer.param_groups
        self.rates.append([group["lr"] for group in groups])
        self.betas.append(groups[0]["betas"][0])

    def on_fit_end(self, learner):
        after = [p[0] for p in self.weights(learner)]
        self.moved.append(
            [
                not torch.equal(a, b)
                for a, b in zip(after, self.before, strict=True)
            ]
        )
        self.tops.append(
            [max(rates) for rates in zip(*self.rates, strict=True)]
        )
        self.momenta.append((max(self.betas), min(self.betas)))

    def weights(self, learner):
        return [part.weight for part in learner.model.parts]


def test_each_stage_moves_its_groups_at_its_rates():
    watch = Watch()
    stages = [Stage(-1, 4, 0.1), Stage(-2, 4, 0.04), Stage(0, 8, 0.01)]
    rows = fit_stages(Small(), batches(), batches(), stages, callbacks=[watch])
    assert watch.moved == [
        [False, False, True],
        [False, True, True],
        [True, True, True],
    ]
    for tops, stage in zip(watch.tops, stages, strict=True):
        assert tops == pytest.approx(
            [stage.lr / 2.6**2, stage.lr / 2.6, stage.lr], rel=1e-3
        )
    assert watch.momenta[2] == pytest.approx((0.8, 0.7), abs=0.01)
    assert [row["learning"] for row in rows] == [10, 30, 46]
    assert {"stage", "train_loss", "valid_accuracy"} <= set(rows[0])


def test_everything_may_learn_afterwards():
    model = Small()
    fit_stages(model, batches(), None, [Stage(-1, 1, 0.1)])
    assert all(p.requires_grad for p in model.parameters())


def test_the_same_twice():
    one, two = (
        fit_stages(Small(), batches(), batches(), [Stage(0, 3, 0.1)])
        for _ in range(2)
    )
    assert one == two


def test_rates():
    assert rates_by_group(2.6, 3) == pytest.approx([1 / 2.6, 1, 2.6])
    assert rates_by_group(0.1, 4, factor=1) == [0.1] * 4


def test_refuses():
    with pytest.raises(ValueError, match="at least 1 epoch and a positive"):
        Stage(-1, 0, 0.1)
    with pytest.raises(ValueError, match="factor of at least 1, got n=3"):
        rates_by_group(0.1, 3, factor=0.5)
    with pytest.raises(ValueError, match="stages is empty"):
        fit_stages(Small(), batches(), None, [])
    with pytest.raises(TypeError, match="method layer_groups"):
        fit_stages(nn.Linear(3, 2), batches(), None, [Stage(-1, 1, 0.1)])
    with pytest.raises(ValueError, match=r"group must be in \[-3, 3\)"):
        fit_stages(Small(), batches(), None, [Stage(-4, 1, 0.1)])
