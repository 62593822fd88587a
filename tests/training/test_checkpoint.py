import runpy
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from sevenlessons.training.callbacks import Callback, EarlyStopping
from sevenlessons.training.checkpoint import (
    Checkpoint,
    load_checkpoint,
    load_weights,
    resume,
)
from sevenlessons.training.learner import Learner
from sevenlessons.training.precision import MixedPrecisionLearner

SCRIPT = Path(__file__).with_name("interrupted.py")
script = runpy.run_path(str(SCRIPT))
build, EPOCHS, BATCHES = (script[n] for n in ("build", "EPOCHS", "BATCHES"))


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


class Interrupt(Callback):
    def __init__(self, step):
        self.step = step

    def on_batch_end(self, learner):
        if len(learner.history.steps) == self.step:
            raise KeyboardInterrupt


def interrupted(folder, step=2 * BATCHES + 3, **options):
    learner = build(folder, Interrupt(step), **options)
    with pytest.raises(KeyboardInterrupt):
        learner.fit(EPOCHS)


def assert_same(a, b):
    """Weights, buffers, optimizer, history and counters, bit for bit."""
    for name, tensor in a.model.state_dict().items():
        assert torch.equal(tensor, b.model.state_dict()[name]), name
    ours, theirs = (x.optimizer.state_dict() for x in (a, b))
    assert ours["param_groups"] == theirs["param_groups"]
    for key, state in ours["state"].items():
        for name, value in state.items():
            assert torch.equal(value, theirs["state"][key][name]), name
    assert a.history.steps == b.history.steps
    assert a.history.epochs == b.history.epochs
    assert (a.epoch, a.epochs_done) == (b.epoch, b.epochs_done)
    assert torch.equal(
        a.train_loader.generator.get_state(),
        b.train_loader.generator.get_state(),
    )


def run_and_kill(how, folder):
    process = subprocess.run(
        [sys.executable, str(SCRIPT), how, str(folder)],
        timeout=120,
        capture_output=True,
        text=True,
    )
    assert process.returncode == -signal.SIGKILL, process.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_killed_in_an_epoch_and_resumed_equals_never_stopped(tmp_path):
    run_and_kill("training", tmp_path / "killed")
    resumed = build(tmp_path / "killed")
    torch.manual_seed(99)  # whatever else happened in this process
    resume(resumed, tmp_path / "killed" / "last.pt")
    assert (resumed.epoch, len(resumed.history.epochs)) == (2, 2)
    resumed.fit(EPOCHS)
    after = torch.rand(3)

    whole = build(tmp_path / "whole")
    whole.fit(EPOCHS)
    assert torch.equal(after, torch.rand(3))  # and random numbers go on alike
    assert len(whole.history.epochs) > 2
    assert_same(resumed, whole)
    for name in ("last.pt", "best.pt"):
        ours, theirs = (
            load_checkpoint(tmp_path / run / name)["learner"]["model"]
            for run in ("killed", "whole")
        )
        assert all(torch.equal(ours[key], theirs[key]) for key in ours)


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_kill_while_writing_leaves_the_old_file_whole(tmp_path):
    run_and_kill("writing", tmp_path)
    assert (tmp_path / "last.pt.partial").stat().st_size < 100
    assert load_checkpoint(tmp_path / "last.pt")["progress"]["epoch"] == 2
    resumed, whole = build(tmp_path), build(tmp_path / "whole")
    resume(resumed, tmp_path / "last.pt")
    resumed.fit(EPOCHS)
    torch.manual_seed(1)
    whole = build(tmp_path / "whole")
    whole.fit(EPOCHS)
    assert_same(resumed, whole)
    assert not (tmp_path / "last.pt.partial").exists()


@pytest.mark.parametrize("epoch", [1, 2, 3, 4])
@pytest.mark.parametrize("optimizer", ["SGD", "AdamW"])
def test_resumes_from_every_epoch(tmp_path, epoch, optimizer):
    interrupted(tmp_path, epoch * BATCHES + 1, optimizer=optimizer)
    resumed = build(tmp_path, optimizer=optimizer)
    resume(resumed, tmp_path / "last.pt")
    assert resumed.epochs_done == epoch
    resumed.fit(EPOCHS)
    whole = build(tmp_path / "whole", optimizer=optimizer)
    whole.fit(EPOCHS)
    assert_same(resumed, whole)


def test_the_loss_scale_is_kept(tmp_path):
    def make(*args, **options):
        learner = MixedPrecisionLearner(*args, precision="fp16", **options)
        learner.scaler = torch.amp.GradScaler("cpu", growth_interval=5)
        return learner

    interrupted(tmp_path, make=make)
    resumed = build(tmp_path, make=make)
    resume(resumed, tmp_path / "last.pt")
    resumed.fit(EPOCHS)
    whole = build(tmp_path / "whole", make=make)
    whole.fit(EPOCHS)
    assert_same(resumed, whole)
    assert resumed.loss_scale == whole.loss_scale > 2.0**16


def test_torch_loader_continues_its_order(tmp_path):
    def make(model, train, *rest, **options):
        dataset = torch.utils.data.TensorDataset(*train.tensors)
        loader = torch.utils.data.DataLoader(
            dataset,
            batch_size=8,
            shuffle=True,
            generator=torch.Generator().manual_seed(3),
        )
        return Learner(model, loader, *rest, **options)

    interrupted(tmp_path, make=make)
    resumed = build(tmp_path, make=make)
    resume(resumed, tmp_path / "last.pt")
    resumed.fit(EPOCHS)
    whole = build(tmp_path / "whole", make=make)
    whole.fit(EPOCHS)
    assert_same(resumed, whole)


def test_a_finished_fit_is_not_trained_again(tmp_path):
    whole = build(tmp_path)
    whole.fit(EPOCHS)
    resumed = build(tmp_path)
    resume(resumed, tmp_path / "last.pt")
    steps = len(resumed.history.steps)
    resumed.fit(EPOCHS)
    assert len(resumed.history.steps) == steps
    assert_same(resumed, whole)  # the best weights are restored as well

    resumed.fit(1)  # an ordinary fit: one epoch more
    assert len(resumed.history.steps) == steps + BATCHES


def test_early_stop_stays_stopped(tmp_path):
    class Stop(Callback):
        def on_epoch_end(self, learner):
            learner.stop()

    build(tmp_path, Stop()).fit(EPOCHS)
    resumed = build(tmp_path)
    resume(resumed, tmp_path / "last.pt")
    assert len(resumed.fit(EPOCHS).epochs) == 1


def test_resume_twice_is_resume_once(tmp_path):
    interrupted(tmp_path)
    learner = build(tmp_path)
    callbacks = list(learner.callbacks)
    resume(learner, tmp_path / "last.pt")
    resume(learner, tmp_path / "last.pt")
    learner.fit(EPOCHS)
    assert learner.epochs_done <= EPOCHS
    assert learner.callbacks == callbacks


def test_more_epochs_than_asked_first_are_trained(tmp_path):
    interrupted(tmp_path)
    learner = build(tmp_path)
    learner.callbacks[1].patience = 100
    resume(learner, tmp_path / "last.pt")
    assert len(learner.fit(EPOCHS + 1).epochs) == EPOCHS + 1


def test_fewer_epochs_than_done(tmp_path):
    interrupted(tmp_path)
    learner = build(tmp_path)
    resume(learner, tmp_path / "last.pt")
    with pytest.raises(ValueError, match="must be at least 2, got 1"):
        learner.fit(1)
    learner.fit(EPOCHS)  # and the right number still continues
    assert learner.epochs_done > 2


def test_callbacks_added_after_resume(tmp_path):
    interrupted(tmp_path)
    learner = build(tmp_path)
    resume(learner, tmp_path / "last.pt")
    learner.callbacks.append(Callback())
    with pytest.raises(RuntimeError, match="add them first, then call resume"):
        learner.fit(EPOCHS)


def test_best_is_the_best_epoch_and_last_the_last(tmp_path):
    learner = build(tmp_path)
    learner.fit(EPOCHS)
    losses = [row["valid_loss"] for row in learner.history.epochs]
    best = load_checkpoint(tmp_path / "best.pt")
    last = load_checkpoint(tmp_path / "last.pt")
    assert best["progress"]["epoch"] - 1 == losses.index(min(losses))
    assert last["progress"]["epoch"] == len(losses)
    load_weights(learner.model, tmp_path / "best.pt")
    measured = learner.evaluate(learner.valid_loader)["loss"]
    assert measured == min(losses)


def test_a_metric_that_should_rise(tmp_path):
    with pytest.raises(ValueError, match="say lower_is_better"):
        Checkpoint(tmp_path, "valid_accuracy")
    learner = build(tmp_path)
    learner.callbacks[-1] = Checkpoint(
        tmp_path, "train_loss", lower_is_better=False
    )
    learner.fit(2)
    losses = [row["train_loss"] for row in learner.history.epochs]
    best = load_checkpoint(tmp_path / "best.pt")["progress"]["epoch"] - 1
    assert losses[best] == max(losses)


def test_without_monitor_there_is_only_last(tmp_path):
    learner = build(tmp_path)
    learner.callbacks[-1] = Checkpoint(tmp_path, monitor=None)
    learner.fit(1)
    assert [path.name for path in tmp_path.iterdir()] == ["last.pt"]
    resumed = build(tmp_path)
    resumed.callbacks[-1] = Checkpoint(tmp_path, monitor=None)
    resume(resumed, tmp_path / "last.pt")
    resumed.fit(1)


def test_unknown_column(tmp_path):
    learner = build(tmp_path)
    learner.callbacks[-1] = Checkpoint(tmp_path, "valid_los_loss")
    with pytest.raises(ValueError, match="'valid_los_loss' is not recorded"):
        learner.fit(1)


def test_stands_after_what_it_keeps(tmp_path):
    learner = build(tmp_path)
    learner.callbacks.append(EarlyStopping())
    with pytest.raises(ValueError, match="put Checkpoint after EarlyStop"):
        learner.fit(1)


def test_missing_file(tmp_path):
    learner = build(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"no file .*last\.pt"):
        resume(learner, tmp_path / "last.pt")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_cut_short(tmp_path, share):
    interrupted(tmp_path)
    path = tmp_path / "last.pt"
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    learner = build(tmp_path)
    before = [p.clone() for p in learner.model.parameters()]
    with pytest.raises(ValueError, match="is damaged or cut short"):
        resume(learner, path)
    for a, b in zip(before, learner.model.parameters(), strict=True):
        assert torch.equal(a, b)


def test_not_a_checkpoint(tmp_path):
    torch.save(nn.Linear(2, 2).state_dict(), tmp_path / "weights.pt")
    with pytest.raises(ValueError, match="no checkpoint of this package"):
        load_checkpoint(tmp_path / "weights.pt")
    torch.save([1], tmp_path / "list.pt")
    with pytest.raises(ValueError, match="no checkpoint of this package"):
        load_checkpoint(tmp_path / "list.pt")


def test_weights_for_another_model(tmp_path):
    interrupted(tmp_path)
    with pytest.raises(ValueError, match="does not fit this model"):
        load_weights(nn.Linear(6, 16), tmp_path / "best.pt")


def test_loads_without_running_code(tmp_path):
    interrupted(tmp_path)
    torch.load(tmp_path / "last.pt", weights_only=True)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_resumes_on_a_gpu(tmp_path):
    def make(*args, **options):
        return Learner(*args, **options, device="cuda")

    interrupted(tmp_path, make=make)
    resumed = build(tmp_path, make=make)
    resume(resumed, tmp_path / "last.pt")
    resumed.fit(EPOCHS)
    whole = build(tmp_path / "whole", make=make)
    whole.fit(EPOCHS)
    assert_same(resumed, whole)
