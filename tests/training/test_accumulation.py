import copy

import pytest
import torch
from torch import nn

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.training.accumulation import AccumulatingLearner
from sevenlessons.training.callbacks import Callback, GradientClipping
from sevenlessons.training.learner import Learner

X = torch.randn(45, 4, generator=torch.Generator().manual_seed(0)).double()
Y = X @ torch.tensor([[1.0], [2.0], [-1.0], [0.5]]).double() + 3


def run(make, batch_size, *, epochs=3, callbacks=(), **options):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1))
    model = model.double()
    learner = make(
        model,
        TensorLoader(X, Y, batch_size=batch_size),
        None,
        nn.functional.mse_loss,
        torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9),
        callbacks=list(callbacks),
        **options,
    )
    learner.fit(epochs)
    return learner


def assert_close(a, b):
    pairs = zip(a.model.parameters(), b.model.parameters(), strict=True)
    for ours, theirs in pairs:
        torch.testing.assert_close(ours, theirs, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize(
    ("batch_size", "steps"),
    [
        (5, 3),  # 9 batches: every step is full
        (5, 2),  # one batch is left over at the end of the epoch
        (10, 2),  # the last batch is smaller than the others
        (4, 5),  # both
        (5, 9),
        (5, 100),  # one step an epoch
        (7, 1),
    ],
)
def test_equals_the_large_batch(batch_size, steps):
    ours = run(AccumulatingLearner, batch_size, steps=steps)
    large = run(Learner, batch_size * steps)
    assert_close(ours, large)


def test_hooks_see_the_gradient_of_the_large_batch():
    class Norms(Callback):
        def __init__(self):
            self.norms = []

        def on_backward_end(self, learner):
            grads = [p.grad for p in learner.model.parameters()]
            self.norms.append(nn.utils.get_total_norm(grads).item())

    ours, large = Norms(), Norms()
    run(AccumulatingLearner, 5, steps=4, callbacks=[ours])
    run(Learner, 20, callbacks=[large])
    assert ours.norms == pytest.approx(large.norms, rel=1e-9)
    clip = GradientClipping(0.01)
    assert_close(
        run(AccumulatingLearner, 5, steps=4, callbacks=[clip]),
        run(Learner, 20, callbacks=[clip]),
    )


def test_history_has_one_row_a_batch():
    learner = run(AccumulatingLearner, 5, epochs=1, steps=4)
    assert len(learner.history.steps) == 9


def test_an_interrupted_fit_leaves_nothing_behind():
    class Interrupt(Callback):
        def on_loss(self, learner):
            if len(learner.history.steps) == 2:
                raise KeyboardInterrupt

    learner = run(AccumulatingLearner, 5, epochs=1, steps=4)
    start = copy.deepcopy(learner)
    learner.callbacks.append(Interrupt())
    learner.history.steps.clear()
    with pytest.raises(KeyboardInterrupt):
        learner.fit(1)
    learner.callbacks.clear()
    learner.fit(1)
    start.fit(1)
    assert_close(learner, start)


def test_frozen_parameters_are_left_alone():
    learner = run(AccumulatingLearner, 5, epochs=1, steps=4)
    learner.model[0].requires_grad_(False)
    learner.optimizer.zero_grad()
    before = learner.model[0].weight.clone()
    learner.optimizer.state.clear()
    learner.fit(1)
    assert torch.equal(before, learner.model[0].weight)


@pytest.mark.parametrize("steps", [0, -1])
def test_too_few_steps(steps):
    with pytest.raises(ValueError, match=f"at least 1, got {steps}"):
        run(AccumulatingLearner, 5, steps=steps)


@pytest.mark.parametrize("steps", [2.0, True, None])
def test_steps_of_a_wrong_kind(steps):
    with pytest.raises(TypeError, match="steps must be a whole number, got"):
        run(AccumulatingLearner, 5, steps=steps)
