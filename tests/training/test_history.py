import copy
import csv
import io

import pytest
import torch

from sevenlessons.training import history as history_module
from sevenlessons.training.callbacks import Callback
from sevenlessons.training.history import CSVHistory, History


def test_two_histories_share_nothing():
    first, second = History(), History()
    first.add_step(torch.tensor(1.0), 0.1)
    first.epochs.append({"epoch": 0})
    assert second.steps == [] and second.epochs == []


def test_steps_are_plain_numbers_in_order():
    history = History()
    history.add_step(torch.tensor(0.5), 0.1)
    assert history.steps == [{"loss": 0.5, "lr": 0.1}]
    history.add_step(torch.tensor([0.25]), torch.tensor(0.5))
    assert history.steps[1] == {"loss": 0.25, "lr": 0.5}
    assert all(type(v) is float for row in history.steps for v in row.values())


class Elsewhere(torch.Tensor):
    """Stands in for a tensor on a GPU."""

    is_cpu = False


def test_a_loss_on_a_gpu_is_read_late_and_still_right():
    history, loss = History(), torch.tensor(1.0).as_subclass(Elsewhere)
    for i in range(5):
        history.add_step(loss * i, 0.1)
    assert history._steps == []  # no waiting for the device
    history.add_step(torch.tensor(5.0), 0.1)  # from a CPU: read at once
    assert [step["loss"] for step in history.steps] == [0, 1, 2, 3, 4, 5]


def test_waiting_losses_do_not_pile_up(monkeypatch):
    monkeypatch.setattr(history_module, "_MAX_PENDING", 3)
    history = History()
    for i in range(7):
        loss = torch.tensor(float(i)).as_subclass(Elsewhere)
        history.add_step(loss, 0.1)
        assert len(history._pending) < 3
    assert [step["loss"] for step in history.steps] == list(range(7))


def test_fit_appends_to_the_history(make_learner):
    learner = make_learner()
    learner.fit(epochs=1)
    history = learner.fit(epochs=2)
    assert history is learner.history
    assert [row["epoch"] for row in history.epochs] == [0, 1, 2]
    assert len(history.steps) == 3 * len(learner.train_loader)


def test_lr_is_that_of_the_last_group(make_learner):
    learner = make_learner()
    parameters = list(learner.model.parameters())
    groups = [
        {"params": parameters[:1], "lr": 0.001},
        {"params": parameters[1:], "lr": 0.01},
    ]
    learner.optimizer = torch.optim.SGD(groups)
    steps = learner.fit(epochs=1).steps
    assert {step["lr"] for step in steps} == {0.01}


def test_state_comes_back_the_same():
    history = History()
    for i in range(3):
        history.add_step(torch.tensor(0.1) * i, 0.1 * i)
    history.epochs.append({"epoch": 0, "train_loss": 0.1})
    state = copy.deepcopy(history.state_dict())
    other = History()
    other.add_step(torch.tensor(9.0), 9.0)
    other.load_state_dict(state)
    assert other == history
    other.epochs[0]["epoch"] = 7
    assert history.epochs[0]["epoch"] == 0
    assert state["epochs"][0]["epoch"] == 0


def test_state_is_plain_values_and_tensors(tmp_path):
    history = History()
    history.add_step(torch.tensor(0.5), 0.1)
    torch.save(history.state_dict(), tmp_path / "state.pt")
    state = torch.load(tmp_path / "state.pt", weights_only=True)
    other = History()
    other.load_state_dict(state)
    assert other == history


def test_equality_and_repr():
    first, second = History(), History()
    first.add_step(torch.tensor(1.0), 0.1)
    assert first != second and first != "history"
    second.add_step(torch.tensor(1.0), 0.1)
    assert first == second
    assert repr(first) == "History(0 epochs, 1 steps)"
    with pytest.raises(TypeError, match="unhashable"):
        hash(first)


def test_to_csv(tmp_path):
    history = History()
    history.epochs.append({"epoch": 0, "train_loss": 1 / 3})
    history.epochs.append({"epoch": 1, "train_loss": 0.25, "valid_f1": 0.5})
    path = tmp_path / "new" / "history.csv"
    history.to_csv(path)
    rows = list(csv.DictReader(io.StringIO(path.read_text())))
    assert [float(row["train_loss"]) for row in rows] == [1 / 3, 0.25]
    assert [row["valid_f1"] for row in rows] == ["", "0.5"]
    assert [p.name for p in path.parent.iterdir()] == ["history.csv"]


def test_csv_history_is_whole_after_every_epoch(tmp_path, make_learner):
    class CountLines(Callback):
        def on_epoch_end(self, learner):
            lines.append(len(path.read_text().splitlines()))

    lines, path = [], tmp_path / "run" / "history.csv"
    learner = make_learner([CSVHistory(path), CountLines()])
    learner.fit(epochs=3)
    assert lines == [2, 3, 4]  # with the header
    header = path.read_text().splitlines()[0]
    assert header == "epoch,train_loss,valid_loss"


def test_an_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "history.csv"
    history = History()
    history.epochs.append({"epoch": 0})
    history.to_csv(path)
    before = path.read_text()

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(history_module.os, "replace", killed)
    history.epochs.append({"epoch": 1})
    with pytest.raises(KeyboardInterrupt):
        history.to_csv(path)
    assert path.read_text() == before
