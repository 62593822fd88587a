"""Diagnosis: generated curves of each kind, real runs, odd histories."""

import math
import random

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.training.diagnosis import diagnose
from sevenlessons.training.history import History
from sevenlessons.training.learner import Learner
from sevenlessons.training.metrics import accuracy, error_rate

HIGH, LOW = "learning rate too high", "learning rate too low"
FEW, MANY = "too few epochs", "too many epochs"
PER_EPOCH = 10


def history_of(train, valid=None, noise=0.0, draw=None, **columns):
    """Return a history whose steps lie between the epochs' losses."""
    draw = draw or random.Random(0)
    history, before = History(), train[0]
    for i, loss in enumerate(train[1:]):
        for k in range(PER_EPOCH):
            level = before + (loss - before) * k / PER_EPOCH
            shaken = level * (1 + noise * draw.gauss(0, 1))
            history.add_step(torch.tensor(shaken), 0.01)
        row = {"epoch": i, "train_loss": (before + loss) / 2}
        if valid is not None:
            row["valid_loss"] = valid[i] * (1 + noise / 8 * draw.gauss(0, 1))
        for name, values in columns.items():
            row[name] = values[i]
        history.epochs.append(row)
        before = loss
    return history


def falling(start, floor, rate, epochs):
    return [
        floor + (start - floor) * math.exp(-rate * i)
        for i in range(epochs + 1)
    ]


def generated(kind, seed):
    """Return a history of this kind, with sizes and noise drawn."""
    draw = random.Random(seed)
    start, noise = draw.uniform(0.7, 5), draw.uniform(0, 0.06)
    epochs = draw.randint(15, 60)
    gap = draw.uniform(1.0, 1.3)
    if kind == HIGH:
        grow = draw.choice([1.3, 3.0, 1e3])
        train = [min(start * grow**i, 1e30) for i in range(epochs + 1)]
        return history_of(train, train[1:], noise, draw)
    if kind == LOW:
        rate = draw.uniform(0.02, 0.25) / epochs
        train = falling(start, 0, rate, epochs)
    elif kind == FEW:
        epochs = draw.randint(2, 5)
        train = falling(start, 0, draw.uniform(0.15, 0.4), epochs)
    else:
        rate = draw.uniform(8, 14) / epochs
        train = falling(start, draw.uniform(0, 0.3) * start, rate, epochs)
    valid = [gap * loss for loss in train[1:]]
    if kind == MANY:
        turn = draw.randint(4, epochs // 2)
        climb = draw.uniform(0.5, 1.5) * start / (epochs - turn)
        level = valid[turn]
        for i in range(turn, epochs):
            valid[i] = level + climb * (i - turn)
        train = falling(start, 0, rate, epochs)
    return history_of(train, valid, noise, draw)


@pytest.mark.parametrize("kind", [HIGH, LOW, FEW, MANY, None])
def test_hit_rate_on_generated_curves(kind):
    """Each kind, 100 seeds: 95 of them must be named rightly."""
    found = [diagnose(generated(kind, seed)).fault for seed in range(100)]
    assert found.count(kind) / len(found) >= 0.95


@pytest.mark.parametrize("seed", range(30))
def test_confusions_that_must_not_happen(seed):
    assert diagnose(generated(HIGH, seed)).fault not in (LOW, FEW, None)
    assert diagnose(generated(LOW, seed)).fault not in (HIGH, MANY, None)
    assert diagnose(generated(None, seed)).fault not in (HIGH, LOW)
    assert diagnose(generated(MANY, seed)).fault not in (LOW, FEW)


# Real runs ----------------------------------------------------------------


def blobs(count, seed, wrong=0.0):
    """Return points around five centers, a share with a wrong label."""
    centers = torch.randn(5, 20, generator=torch.Generator().manual_seed(0))
    g = torch.Generator().manual_seed(seed)
    target = torch.randint(5, (count,), generator=g)
    x = centers[target] + 1.3 * torch.randn(count, 20, generator=g)
    moved = torch.rand(count, generator=g) < wrong
    move = torch.randint(1, 5, (count,), generator=g)
    return x, torch.where(moved, (target + move) % 5, target)


def real_run(lr, epochs, seed, wrong=0.0):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 5))
    return Learner(
        model,
        TensorLoader(*blobs(200, seed, wrong), batch_size=20, shuffle=True),
        TensorLoader(*blobs(400, 1000 + seed)),
        cross_entropy,
        torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9),
        metrics={"error": error_rate, "accuracy": accuracy},
    ).fit(epochs)


REAL = {
    HIGH: dict(lr=20.0, epochs=15),
    LOW: dict(lr=2e-5, epochs=20),
    FEW: dict(lr=3e-3, epochs=2),
    MANY: dict(lr=0.05, epochs=60, wrong=0.3),
    None: dict(lr=0.01, epochs=30),
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", REAL)
def test_real_runs_by_error_and_by_accuracy(kind, seed):
    history = real_run(**REAL[kind], seed=seed)
    before = history.state_dict()["epochs"]
    by_error = diagnose(history, monitor="valid_error", lower_is_better=True)
    by_accuracy = diagnose(
        history, monitor="valid_accuracy", lower_is_better=False
    )
    assert by_error.fault == by_accuracy.fault == kind
    assert history.state_dict()["epochs"] == before
    assert all(s.endswith(".") for s in by_error.evidence + by_error.remedy)
    assert bool(by_error.remedy) == (kind is not None)
    assert any(c.isdigit() for c in by_error.evidence[0])


# What must always hold ----------------------------------------------------


def test_a_training_loss_below_the_validation_loss_is_no_fault():
    train = falling(2.0, 0.01, 0.4, 30)
    valid = [max(0.6, loss) for loss in train[1:]]
    answer = diagnose(history_of(train, valid))
    assert answer.verdict == "healthy"
    assert "alone is no fault" in " ".join(answer.evidence)


def test_the_metric_decides_where_the_loss_rises_alone():
    train = falling(2.0, 0.0, 0.3, 30)
    valid = [max(1.0, x) + 0.05 * i for i, x in enumerate(train[1:])]
    error = [0.3 + 0.4 * math.exp(-i) for i in range(30)]
    history = history_of(train, valid, valid_error=error)
    assert diagnose(history).fault == MANY
    answer = diagnose(history, monitor="valid_error", lower_is_better=True)
    assert answer.verdict == "healthy"
    assert "valid_error did not follow" in " ".join(answer.evidence)


@pytest.mark.parametrize(
    "best, last, fault",
    [(0.05, 0.065, None), (0.05, 0.08, MANY), (0.01, 0.025, MANY)],
)
def test_a_few_samples_more_are_no_rise(best, last, fault):
    error = [0.5, 0.2, *[best] * 8, *[last] * 10]
    history = history_of(falling(2.0, 0.0, 0.4, 20), error, valid_error=error)
    found = diagnose(history, monitor="valid_error", lower_is_better=True)
    assert found.fault == fault


@pytest.mark.parametrize("seed", range(20))
def test_noise_alone_is_no_overfitting(seed):
    draw = random.Random(seed)
    train = falling(2.0, 0.1, 0.5, 40)
    valid = [0.8 * (1 + 0.05 * draw.gauss(0, 1)) for _ in range(40)]
    assert diagnose(history_of(train, valid)).fault != MANY


@pytest.mark.parametrize("bad", [math.nan, math.inf])
@pytest.mark.parametrize("place", [1, 7, 60])
def test_a_loss_that_breaks_is_a_rate_too_high(bad, place):
    history = history_of(falling(2.0, 0.1, 0.3, 12))
    history.steps[place]["loss"] = bad
    answer = diagnose(history)
    assert answer.fault == HIGH
    assert f"step {place} is {bad}" in answer.evidence[0]


def test_a_first_loss_that_is_broken_is_no_matter_of_the_rate():
    history = history_of([math.nan] * 5)
    answer = diagnose(history)
    assert answer.verdict == "not enough to say"
    assert "before any step" in answer.evidence[0]


def test_a_validation_loss_that_jumps():
    train = falling(2.0, 0.3, 0.2, 20)
    valid = [[0.8, 1.6][i % 2] for i in range(20)]
    answer = diagnose(history_of(train, valid))
    assert answer.fault == HIGH and "jumps up and down" in answer.evidence[0]


def test_evidence_names_the_step_and_the_rate():
    history = history_of([1.0, 1.0, 9.0, 9.0, 9.0])
    assert "at a rate of 0.01" in diagnose(history).evidence[0]


def test_too_little_to_say():
    nothing = diagnose(History())
    assert nothing.verdict == "not enough to say" and nothing.fault is None
    short = History()
    for loss in (2.0, 1.0):
        short.add_step(torch.tensor(loss), 0.1)
    assert "Only 2 steps" in diagnose(short).evidence[0]


def test_one_epoch_and_steps_alone_are_enough_for_an_answer():
    one = history_of([2.0, 1.0], [1.0])
    assert diagnose(one).fault == FEW
    steps = History()
    steps.load_state_dict(one.state_dict() | {"epochs": []})
    assert diagnose(steps).fault == FEW


def test_epochs_alone_are_enough_for_an_answer():
    history = history_of(falling(2.0, 0.1, 1.0, 20))
    bare = History()
    bare.epochs = history.epochs
    assert diagnose(bare).verdict == "healthy"


@pytest.mark.parametrize("start", [0.0, -3.0])
def test_losses_of_zero_or_below_do_not_stop_it(start):
    assert diagnose(history_of([start - i for i in range(9)])).evidence


def test_messages():
    with pytest.raises(TypeError, match="must be what fit returned, a Hist"):
        diagnose([1.0, 2.0])
    history = history_of([2.0, 1.0], [1.0], valid_f=[0.5])
    with pytest.raises(ValueError, match="say lower_is_better=True or"):
        diagnose(history, monitor="valid_f")
    with pytest.raises(ValueError, match="'valid_g' is not recorded"):
        diagnose(history, monitor="valid_g", lower_is_better=True)
