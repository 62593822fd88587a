"""The loop is compared with a plain PyTorch loop written out in the test."""

import copy
import gc
import subprocess
import sys
import weakref

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.training.callbacks import Callback, EarlyStopping
from sevenlessons.training.errors import RMSE
from sevenlessons.training.learner import Learner
from sevenlessons.training.metrics import Metric, accuracy

HOOKS = [name for name in vars(Callback) if name.startswith("on_")]


class Spy(Callback):
    """Write down which hook of which spy is called."""

    def __init__(self, calls, name=""):
        self.calls, self.name = calls, name


def _spy_hook(hook):
    return lambda self, learner: self.calls.append(self.name + hook)


for _hook in HOOKS:
    setattr(Spy, _hook, _spy_hook(_hook))


class Do(Callback):
    """Run a function of the learner in one hook."""

    def __init__(self, hook, action):
        setattr(self, hook, action)


class Boom(Callback):
    """Raise in one hook."""

    def __init__(self, hook):
        def boom(learner):
            raise RuntimeError(f"boom in {hook}")

        setattr(self, hook, boom)


# Training -------------------------------------------------------------------


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("batch_size", [16, 24])  # 24: a ragged last batch
def test_fit_equals_plain_loop(make_learner, shuffle, batch_size):
    learners = [make_learner(momentum=0.9, shuffle=shuffle) for _ in range(2)]
    for learner in learners:
        learner.train_loader = TensorLoader(
            *learner.train_loader.tensors,
            batch_size=batch_size,
            shuffle=shuffle,
            seed=3,
        )
    ours, plain = learners
    history = ours.fit(epochs=3)
    losses = []
    for _ in range(3):
        for x, y in plain.train_loader:
            loss = F.mse_loss(plain.model(x), y)
            plain.optimizer.zero_grad()
            loss.backward()
            plain.optimizer.step()
            losses.append(loss.item())
    for mine, theirs in zip(
        ours.model.parameters(), plain.model.parameters(), strict=True
    ):
        torch.testing.assert_close(mine, theirs, rtol=0, atol=0)
    assert [step["loss"] for step in history.steps] == losses


def test_fit_equals_plain_loop_with_chance_and_running_statistics():
    def build():
        torch.manual_seed(1)
        model = nn.Sequential(
            nn.Linear(5, 8),
            nn.BatchNorm1d(8),
            nn.Dropout(0.5),
            nn.Linear(8, 3),
        )
        data = TensorLoader(
            torch.randn(40, 5),
            torch.randint(3, (40,)),
            batch_size=16,
            shuffle=True,
        )
        return model, data, torch.optim.AdamW(model.parameters(), lr=0.01)

    model, data, optimizer = build()
    plain_model, plain_data, plain_optimizer = build()
    torch.manual_seed(2)
    learner = Learner(model, data, None, F.cross_entropy, optimizer)
    learner.fit(epochs=3)
    torch.manual_seed(2)
    for _ in range(3):
        plain_model.train()
        for x, y in plain_data:
            plain_optimizer.zero_grad()
            F.cross_entropy(plain_model(x), y).backward()
            plain_optimizer.step()
    expected = plain_model.state_dict()
    for name, value in model.state_dict().items():
        assert torch.equal(value, expected[name]), name


def test_it_learns(make_learner):
    learner = make_learner(lr=0.1)
    assert learner.fit(epochs=30).epochs[-1]["valid_loss"] < 1e-6
    torch.testing.assert_close(
        learner.model.weight.detach(),
        torch.tensor([[1.0, 2.0, 3.0]]),
        rtol=0,
        atol=1e-3,  # what is left after 30 epochs
    )


def test_a_step_of_ones_own(make_learner):
    class SignStep(Learner):
        def training_step(self):
            super().training_step()
            self.steps_of_mine = getattr(self, "steps_of_mine", 0) + 1

    parts = make_learner()
    learner = SignStep(
        parts.model,
        parts.train_loader,
        None,
        parts.loss_fn,
        parts.optimizer,
    )
    learner.fit(epochs=2)
    assert learner.steps_of_mine == 2 * len(learner.train_loader)


def test_finish_steps_runs_after_the_last_batch_before_validation(
    make_learner,
):
    calls = []

    class Late(Learner):
        def finish_steps(self):
            calls.append(len(self.history.steps))

        def evaluate(self, loader):
            calls.append("evaluate")
            return super().evaluate(loader)

    p = make_learner()
    Late(p.model, p.train_loader, p.valid_loader, p.loss_fn, p.optimizer).fit(
        epochs=2
    )
    assert calls == [4, "evaluate", 8, "evaluate"]


def test_a_batch_may_hold_several_inputs():
    class Sum(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(2, 1)

        def forward(self, a, b):
            return self.linear(torch.cat([a, b], dim=1))

    model = Sum()
    batch = (torch.randn(4, 1), torch.randn(4, 1), torch.randn(4, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    learner = Learner(model, [batch], None, F.mse_loss, optimizer)
    rows = learner.fit(epochs=2).epochs
    assert [list(row) for row in rows] == [["epoch", "train_loss"]] * 2
    outputs, targets = learner.predict([batch, batch])
    assert outputs.shape == targets.shape == (8, 1)


# Hooks ----------------------------------------------------------------------


def test_hooks_run_in_documented_order(make_learner):
    calls = []
    learner = make_learner([Spy(calls)])
    learner.train_loader = list(learner.train_loader)[:2]
    learner.fit(epochs=2)
    batch = HOOKS[2:6]
    epoch = ["on_epoch_begin", *batch, *batch, "on_epoch_end"]
    assert calls == ["on_fit_begin", *epoch, *epoch, "on_fit_end"]


def test_what_a_hook_finds(make_learner):
    def on_epoch_begin(learner):
        assert learner.model.training
        assert learner.epochs == 2
        found.append((learner.epoch, learner.epochs_done))

    def on_loss(learner):
        assert learner.loss.requires_grad

    def on_backward_end(learner):
        assert learner.model.weight.grad.abs().sum() > 0

    def on_batch_end(learner):
        assert not learner.loss.requires_grad
        assert learner.history.steps[-1]["loss"] == learner.loss.item()

    def on_epoch_end(learner):
        row = learner.history.epochs[-1]
        assert set(row) == {"epoch", "train_loss", "valid_loss"}
        assert row["epoch"] == learner.epoch - 1

    found = []
    actions = [
        on_epoch_begin, on_loss, on_backward_end, on_batch_end, on_epoch_end
    ]  # fmt: skip
    learner = make_learner([Do(a.__name__, a) for a in actions])
    learner.fit(epochs=2)
    learner.fit(epochs=2)
    assert found == [(0, 0), (1, 1), (2, 0), (3, 1)]


def test_callbacks_run_in_list_order_at_every_hook(make_learner):
    calls = []
    make_learner([Spy(calls, "1 "), Spy(calls, "2 ")]).fit(epochs=1)
    first, second = calls[0::2], calls[1::2]
    assert [call.replace("1 ", "2 ") for call in first] == second


def test_a_callback_may_replace_batch_and_loss(make_learner):
    def no_inputs(learner):
        x, y = learner.batch
        learner.batch = (torch.zeros_like(x), y)

    def no_loss(learner):
        learner.loss = learner.loss * 0

    learner = make_learner([Do("on_batch_begin", no_inputs)])
    before = learner.model.weight.clone()
    learner.fit(epochs=1)
    assert torch.equal(learner.model.weight, before)  # no input: no gradient

    learner = make_learner([Do("on_loss", no_loss)])
    assert learner.fit(epochs=1).epochs[0]["train_loss"] == 0


def test_a_callback_added_later_is_called(make_learner):
    calls = []
    learner = make_learner()
    learner.callbacks.append(Spy(calls))
    learner.fit(epochs=1)
    assert calls[0] == "on_fit_begin" and calls[-1] == "on_fit_end"
    assert calls.count("on_loss") == len(learner.train_loader)


@pytest.mark.parametrize("hook", HOOKS[1:-1])
def test_fit_end_runs_when_training_raises(make_learner, hook):
    calls = []
    learner = make_learner([Spy(calls), Boom(hook)])
    with pytest.raises(RuntimeError, match=f"boom in {hook}"):
        learner.fit(epochs=1)
    assert calls[-1] == "on_fit_end" and calls.count("on_fit_end") == 1


def test_fit_end_runs_when_the_reader_interrupts(make_learner):
    def interrupt(learner):
        raise KeyboardInterrupt

    calls = []
    learner = make_learner([Spy(calls), Do("on_batch_end", interrupt)])
    with pytest.raises(KeyboardInterrupt):
        learner.fit(epochs=1)
    assert calls[-1] == "on_fit_end"


def test_only_callbacks_that_began_are_ended(make_learner):
    calls = []
    spies = [Spy(calls, "first "), Boom("on_fit_begin"), Spy(calls, "third ")]
    with pytest.raises(RuntimeError, match="boom in on_fit_begin"):
        make_learner(spies).fit(epochs=1)
    assert calls == ["first on_fit_begin", "first on_fit_end"]


def test_one_bad_end_does_not_keep_the_others_from_ending(make_learner):
    calls = []
    learner = make_learner([Spy(calls, "a "), Boom("on_fit_end"), Spy(calls)])
    with pytest.raises(RuntimeError, match="boom in on_fit_end"):
        learner.fit(epochs=1)
    assert calls[-2:] == ["a on_fit_end", "on_fit_end"]


# Stopping -------------------------------------------------------------------


@pytest.mark.parametrize("hook", ["on_batch_begin", "on_loss", "on_batch_end"])
def test_no_batch_runs_after_stop_and_the_epoch_is_recorded(
    make_learner, hook
):
    def stop_at_second(learner):
        if batches["begun"] == 2:
            learner.stop()

    def count(learner):
        batches["begun"] += 1

    batches = {"begun": 0}
    learner = make_learner(
        [Do("on_batch_begin", count), Do(hook, stop_at_second)]
    )
    history = learner.fit(epochs=5)
    assert batches["begun"] == len(history.steps) == 2
    (row,) = history.epochs  # validated and recorded
    assert set(row) == {"epoch", "train_loss", "valid_loss"}
    mean = sum(step["loss"] for step in history.steps) / 2
    assert row["train_loss"] == pytest.approx(mean, rel=1e-12)


def test_stop_at_the_end_of_an_epoch_is_the_last_epoch(make_learner):
    learner = make_learner(
        [Do("on_epoch_end", lambda learner: learner.stop())]
    )
    assert len(learner.fit(epochs=5).epochs) == 1
    assert len(learner.fit(epochs=5).epochs) == 2  # a new fit starts afresh


# What is measured -----------------------------------------------------------


def test_evaluate_weights_by_batch_size(make_learner):
    learner = make_learner(metrics={"mae": F.l1_loss, "rmse": RMSE()})
    x, y = torch.randn(20, 3), torch.randn(20, 1)
    whole = learner.evaluate([(x, y)])
    parts = learner.evaluate([(x[:16], y[:16]), (x[16:], y[16:])])
    assert parts == pytest.approx(whole, rel=1e-6)  # batch means are float32


def test_train_loss_weights_by_batch_size(make_learner):
    learner = make_learner(lr=0.0)  # nothing moves
    x, y = learner.train_loader.tensors
    learner.train_loader = [(x[:60], y[:60]), (x[60:], y[60:])]
    row = learner.fit(epochs=1).epochs[0]
    assert row["train_loss"] == pytest.approx(row["valid_loss"], rel=1e-6)


def test_metrics_are_recorded_under_their_name(make_learner):
    learner = make_learner(metrics={"mae": F.l1_loss, "rmse": RMSE()})
    row = learner.fit(epochs=1).epochs[0]
    assert list(row) == [
        "epoch", "train_loss", "valid_loss", "valid_mae", "valid_rmse"
    ]  # fmt: skip
    x, y = learner.valid_loader.tensors
    expected = F.l1_loss(learner.model(x), y).item()
    assert row["valid_mae"] == pytest.approx(expected, rel=1e-6)
    assert row["valid_rmse"] == pytest.approx(row["valid_loss"] ** 0.5)


def test_a_metric_object_is_never_shared_between_learners(make_learner):
    metric = RMSE()
    first = make_learner(metrics={"rmse": metric})
    second = make_learner(metrics={"rmse": metric}, lr=0.5)
    first.fit(epochs=2)
    alone = make_learner(metrics={"rmse": RMSE()}, lr=0.5)
    assert second.fit(epochs=2) == alone.fit(epochs=2)
    with pytest.raises(RuntimeError):
        metric.compute()  # it was never given a batch


def test_evaluate_trains_nothing_and_gives_every_mode_back():
    model = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))
    model.train()
    model[1].eval()  # a frozen layer
    state = copy.deepcopy(model.state_dict())
    batch = (torch.randn(8, 2), torch.randn(8, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    learner = Learner(model, [batch], [batch], F.mse_loss, optimizer)
    learner.evaluate([batch])
    learner.predict([batch])
    assert [m.training for m in model] == [True, False, True]
    assert model.training
    for name, value in model.state_dict().items():
        assert torch.equal(value, state[name])
    model.eval()
    learner.fit(epochs=1)
    assert not any(m.training for m in model.modules())


def test_modes_come_back_after_an_error(make_learner):
    learner = make_learner()
    with pytest.raises(RuntimeError):
        learner.evaluate([(torch.ones(2, 9), torch.ones(2, 1))])
    assert learner.model.training


def test_predict_keeps_the_order_and_builds_no_graph(make_learner):
    learner = make_learner()
    x, y = learner.valid_loader.tensors
    outputs, targets = learner.predict([(x[:60], y[:60]), (x[60:], y[60:])])
    assert torch.equal(targets, y)
    torch.testing.assert_close(outputs, learner.model(x).detach())
    assert not outputs.requires_grad


def test_predict_where_no_target_is_known(make_learner):
    learner = make_learner()
    x, _ = learner.valid_loader.tensors
    outputs, targets = learner.predict([(x,)])
    assert outputs.shape == (64, 1) and targets is None


# Memory ---------------------------------------------------------------------


def test_no_graph_is_kept_and_the_learner_can_be_copied(make_learner):
    losses = []  # each with its graph

    def watch(learner):
        losses.append(weakref.ref(learner.loss))

    learner = make_learner([Do("on_loss", watch)])
    learner.fit(epochs=1)
    gc.collect()
    assert [loss() for loss in losses] == [None] * 4
    assert learner.loss.grad_fn is None

    learner.callbacks.clear()
    twin = copy.deepcopy(learner)
    twin.fit(epochs=1)
    assert twin.optimizer.param_groups[0]["params"][0] is twin.model.weight
    assert not torch.equal(twin.model.weight, learner.model.weight)


def test_state_is_loaded_into_model_and_optimizer(make_learner):
    learner, other = make_learner(momentum=0.9), make_learner(momentum=0.9)
    learner.fit(epochs=2)
    other.load_state_dict(copy.deepcopy(learner.state_dict()))
    learner.fit(epochs=1)
    other.fit(epochs=1)
    assert torch.equal(learner.model.weight, other.model.weight)


# What is refused ------------------------------------------------------------


def test_misspelt_hook_is_refused_when_the_learner_is_built(make_learner):
    class Typo(Callback):
        def on_fit_beginn(self, learner): ...

    known = "Typo.on_fit_beginn is not a hook; the hooks are on_fit_begin, "
    with pytest.raises(TypeError, match=known):
        make_learner([Typo()])


def test_a_class_in_place_of_a_callback_is_refused(make_learner):
    with pytest.raises(TypeError, match=r"got <class .*write EarlyStopping\("):
        make_learner([EarlyStopping])


def test_a_class_in_place_of_a_metric_is_refused(make_learner):
    with pytest.raises(TypeError, match=r"the class RMSE; write RMSE\("):
        make_learner(metrics={"rmse": RMSE})


@pytest.mark.parametrize("epochs", [0, -1])
def test_epochs_must_be_positive(make_learner, epochs):
    learner = make_learner()
    with pytest.raises(ValueError, match=f"at least 1, got {epochs}"):
        learner.fit(epochs=epochs)
    assert not learner.history.steps


@pytest.mark.parametrize("lr", [-0.1, float("nan"), float("inf")])
def test_lr_must_be_finite_and_not_negative(make_learner, lr):
    learner = make_learner()
    learner.optimizer.param_groups[0]["lr"] = lr
    with pytest.raises(ValueError, match=r"at least 0, got .* in parameter"):
        learner.fit(epochs=1)


def test_empty_loaders_are_named(make_learner):
    learner = make_learner()
    with pytest.raises(ValueError, match="nothing to evaluate"):
        learner.evaluate([])
    with pytest.raises(ValueError, match="nothing to predict"):
        learner.predict([])
    with pytest.raises(ValueError, match="train_loader yielded no batch"):
        make_learner(train_loader=[]).fit(epochs=1)
    learner.train_loader = iter(learner.train_loader)  # good for one epoch
    with pytest.raises(ValueError, match="not a used-up generator"):
        learner.fit(epochs=2)


def test_a_target_that_would_be_broadcast_is_refused(make_learner):
    x, y = torch.ones(8, 3), torch.ones(8)
    learner = make_learner(train_loader=[(x, y)])
    shapes = r"prediction has shape \(8, 1\) but target has shape \(8\)"
    with pytest.raises(ValueError, match=shapes):
        learner.fit(epochs=1)
    with pytest.raises(ValueError, match=r"target\[:, None\]"):
        learner.evaluate([(x, y)])


def test_a_loss_for_each_sample_is_refused(make_learner):
    def loss_fn(prediction, target):
        return F.mse_loss(prediction, target, reduction="none")

    learner = make_learner(loss_fn=loss_fn)
    with pytest.raises(ValueError, match="use reduction='mean'"):
        learner.fit(epochs=1)
    with pytest.raises(ValueError, match="loss_fn must return one number"):
        learner.evaluate(learner.valid_loader)


def test_a_batch_with_nan_is_recorded_and_left_to_the_callbacks(make_learner):
    learner = make_learner()
    x, y = learner.train_loader.tensors
    bad = x[:16].clone()
    bad[0, 0] = float("nan")
    learner.train_loader = [(x[:16], y[:16]), (bad, y[:16])]
    steps = learner.fit(epochs=1).steps
    assert steps[0]["loss"] == steps[0]["loss"]
    assert steps[1]["loss"] != steps[1]["loss"]  # nan, and nothing raised


# Cost of the import ---------------------------------------------------------


def test_import_brings_nothing_heavy():
    code = (
        "import sys, torch; before = set(sys.modules); "
        "import sevenlessons.training.learner; "
        "print(*sorted(set(sys.modules) - before))"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    assert "sevenlessons" in loaded
    heavy = {
        "IPython", "PIL", "matplotlib", "pandas", "safetensors", "scipy",
        "sklearn", "torchvision",
    }  # fmt: skip
    assert loaded.isdisjoint(heavy)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_the_learner_on_a_gpu_equals_the_one_on_the_cpu(make_learner):
    rows = [
        make_learner(device=device).fit(epochs=3).epochs[-1]
        for device in ("cpu", "cuda")
    ]
    assert rows[0] == pytest.approx(rows[1], rel=1e-4)  # other sums


def test_a_metric_may_be_ones_own(make_learner):
    class Largest(Metric):
        def reset(self):
            self.largest = -float("inf")

        def update(self, prediction, target):
            self.largest = max(self.largest, target.max().item())

        def compute(self):
            return self.largest

    learner = make_learner(metrics={"largest": Largest()})
    row = learner.fit(epochs=1).epochs[0]
    assert row["valid_largest"] == learner.valid_loader.tensors[1].max().item()


def test_accuracy_of_a_classifier_is_recorded():
    torch.manual_seed(0)
    model = nn.Linear(2, 2)
    x = torch.randn(50, 2)
    y = (x[:, 0] > 0).long()
    data = TensorLoader(x, y, batch_size=16)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    learner = Learner(
        model,
        data,
        data,
        F.cross_entropy,
        optimizer,
        metrics={"accuracy": accuracy},
    )
    row = learner.fit(epochs=20).epochs[-1]
    right = (model(x).argmax(1) == y).float().mean().item()
    assert row["valid_accuracy"] == pytest.approx(right, rel=1e-6)
    assert right > 0.9
