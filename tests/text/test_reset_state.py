import pytest
import torch
from torch import nn

from sevenlessons.text.reset_state import ResetState
from sevenlessons.training.callbacks import Callback
from sevenlessons.training.learner import Learner


class Adds(nn.Module):
    """Says what it read since the reset, times a weight."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))
        self.reset()

    def reset(self):
        self.total = 0.0

    def forward(self, x):
        self.total = self.total + x.sum()
        return self.weight * self.total.expand(len(x), 1)


class Totals(Callback):
    def __init__(self):
        self.seen = []

    def on_loss(self, learner):
        self.seen.append(learner.model.total.item())


def learner(*callbacks, model=None, batches=3):
    batch = (torch.ones(2, 1), torch.zeros(2, 1))
    model = Adds() if model is None else model
    return Learner(
        model,
        [batch] * batches,
        [batch] * 2,
        nn.functional.mse_loss,
        torch.optim.SGD(model.parameters(), lr=0.0),
        callbacks=callbacks,
    )


def test_state_is_carried_within_an_epoch_and_forgotten_after():
    totals = Totals()
    learner(totals, ResetState()).fit(2)
    assert totals.seen == [2, 4, 6] * 2


def test_without_it_the_state_runs_on():
    totals = Totals()
    learner(totals).fit(2)
    assert totals.seen == [2, 4, 6, 12, 14, 16]


def test_validation_does_not_depend_on_the_training_before():
    few, many = (learner(ResetState(), batches=n) for n in (1, 9))
    losses = [one.fit(1).epochs[0]["valid_loss"] for one in (few, many)]
    assert losses == [(4 + 16) / 2] * 2
    loose = learner(batches=9)
    assert loose.fit(1).epochs[0]["valid_loss"] > 100


def test_the_hook_is_gone_and_the_state_empty_after_the_fit():
    one = learner(ResetState())
    one.fit(1)
    assert one.model.total == 0
    one.model.train()
    one.model(torch.ones(2, 1))
    one.model.eval()
    one.model(torch.ones(2, 1))
    assert one.model.total == 4


def test_epochs_without_validation():
    totals = Totals()
    one = learner(totals, ResetState())
    one.valid_loader = None
    one.fit(2)
    assert totals.seen == [2, 4, 6] * 2


def test_refuses_a_model_without_a_state():
    with pytest.raises(TypeError, match=r"method reset\(\), got Linear"):
        learner(ResetState(), model=nn.Linear(1, 1)).fit(1)
