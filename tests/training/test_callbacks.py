import copy
import math
from pathlib import Path

import pytest
import torch

from sevenlessons.training import callbacks as callbacks_module
from sevenlessons.training.callbacks import (
    Callback,
    EarlyStopping,
    GradientClipping,
)


class Norm(Callback):
    """Keep the norm of all gradients together."""

    def __init__(self):
        self.norms = []

    def on_backward_end(self, learner):
        gradients = [p.grad.flatten() for p in learner.model.parameters()]
        self.norms.append(torch.cat(gradients).norm().item())


class Raise(Callback):
    def on_epoch_end(self, learner):
        if learner.epochs_done == 3:
            raise KeyboardInterrupt


def test_there_are_eight_hooks_in_the_order_of_the_loop():
    hooks = [name for name in vars(Callback) if name.startswith("on_")]
    assert hooks == [
        "on_fit_begin",
        "on_epoch_begin",
        "on_batch_begin",
        "on_loss",
        "on_backward_end",
        "on_batch_end",
        "on_epoch_end",
        "on_fit_end",
    ]


def test_the_base_does_nothing_and_remembers_nothing(make_learner):
    with_it, without = make_learner([Callback()]), make_learner()
    assert with_it.fit(epochs=2) == without.fit(epochs=2)
    assert Callback().state_dict() == {}
    Callback().load_state_dict({})
    assert not Callback.shapes_step


def test_the_module_knows_the_learner_by_name_only():
    source = Path(callbacks_module.__file__).read_text(encoding="utf-8")
    head = source[: source.index("if TYPE_CHECKING")]
    assert "learner import" not in head  # no circle


# Gradient clipping ----------------------------------------------------------


def test_gradient_clipping_equals_torch(make_learner):
    before, after = Norm(), Norm()
    learner = make_learner([before, GradientClipping(0.1), after])
    learner.fit(epochs=1)
    assert min(before.norms) > 0.1
    assert max(after.norms) <= 0.1 + 1e-6  # float32 rounding of the norm

    plain = make_learner()
    for x, y in plain.train_loader:
        plain.optimizer.zero_grad()
        plain.loss_fn(plain.model(x), y).backward()
        torch.nn.utils.clip_grad_norm_(plain.model.parameters(), 0.1)
        plain.optimizer.step()
    assert torch.equal(learner.model.weight, plain.model.weight)


def test_gradient_clipping_leaves_small_gradients_alone(make_learner):
    clipped = make_learner([GradientClipping(1e6)])
    assert clipped.fit(epochs=1) == make_learner().fit(epochs=1)


def test_gradient_clipping_belongs_to_the_step():
    assert GradientClipping.shapes_step and not EarlyStopping.shapes_step


# Early stopping -------------------------------------------------------------


def test_early_stopping_stops_and_restores_the_best(make_learner):
    learner = make_learner([EarlyStopping(patience=2)], lr=2.0)  # diverges
    history = learner.fit(epochs=50)
    losses = [row["valid_loss"] for row in history.epochs]
    assert len(losses) == 3 and losses[-1] > losses[0]
    assert learner.evaluate(learner.valid_loader)["loss"] == min(losses)


def test_early_stopping_may_keep_the_last_weights(make_learner):
    stopping = EarlyStopping(patience=2, restore_best=False)
    learner = make_learner([stopping], lr=2.0)
    losses = [row["valid_loss"] for row in learner.fit(epochs=9).epochs]
    assert learner.evaluate(learner.valid_loader)["loss"] == losses[-1]
    assert stopping.best_weights is None


def test_early_stopping_lets_an_improving_fit_run(make_learner):
    learner = make_learner([EarlyStopping(patience=1)], lr=0.01)
    assert len(learner.fit(epochs=5).epochs) == 5


def test_early_stopping_watches_what_should_be_high(make_learner):
    stopping = EarlyStopping(
        "valid_agreement", patience=1, lower_is_better=False
    )
    learner = make_learner(
        [stopping],
        lr=0.01,
        metrics={"agreement": lambda p, t: -(p - t).abs().mean()},
    )
    history = learner.fit(epochs=4)
    assert len(history.epochs) == 4
    assert stopping.best == history.epochs[-1]["valid_agreement"]


def test_early_stopping_waits_on_nan_and_keeps_finite_weights(make_learner):
    def explode(learner):
        learner.loss = learner.loss * math.nan

    class Explode(Callback):
        def on_loss(self, learner):
            explode(learner)

    stopping = EarlyStopping(patience=2)
    learner = make_learner([Explode(), stopping])
    assert len(learner.fit(epochs=9).epochs) == 2
    assert torch.isfinite(learner.model.weight).all()
    assert stopping.best == math.inf


def test_early_stopping_restores_even_after_an_interruption(make_learner):
    learner = make_learner([EarlyStopping(patience=9), Raise()], lr=2.0)
    with pytest.raises(KeyboardInterrupt):
        learner.fit(epochs=9)
    losses = [row["valid_loss"] for row in learner.history.epochs]
    assert learner.evaluate(learner.valid_loader)["loss"] == min(losses)


def test_early_stopping_begins_every_fit_afresh(make_learner):
    learner = make_learner([EarlyStopping(patience=1)], lr=0.01)
    learner.fit(epochs=3)
    with torch.no_grad():
        learner.model.weight.fill_(50.0)  # far worse than the best so far
    assert len(learner.fit(epochs=3).epochs) == 6


def test_early_stopping_remembers_through_its_state(make_learner):
    stopping = EarlyStopping(patience=3)
    make_learner([stopping], lr=2.0).fit(epochs=2)
    other = EarlyStopping(patience=3)
    other.load_state_dict(copy.deepcopy(stopping.state_dict()))
    assert (other.best, other.wait) == (stopping.best, stopping.wait)
    for name, value in stopping.best_weights.items():
        assert torch.equal(other.best_weights[name], value)


def test_messages(make_learner):
    with pytest.raises(ValueError, match="max_norm must be positive, got 0"):
        GradientClipping(0)
    with pytest.raises(ValueError, match="max_norm must be positive, got nan"):
        GradientClipping(math.nan)
    with pytest.raises(ValueError, match="at least 1, got 0"):
        EarlyStopping(patience=0)
    with pytest.raises(ValueError, match="say lower_is_better"):
        EarlyStopping("valid_accuracy")
    known = "available: epoch, train_loss, valid_loss"
    with pytest.raises(ValueError, match=known):
        make_learner([EarlyStopping(monitor="val_loss")]).fit(epochs=1)
