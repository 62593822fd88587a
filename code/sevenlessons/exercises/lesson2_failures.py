"""Checks of the page on failures: name one, stop in time, learn by heart."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from sevenlessons.page.compare import difference
from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.page.wording import describe

__all__ = [
    "check_learn_by_heart",
    "check_name_failure",
    "check_stop_epoch",
]

Curves = tuple[list[float], list[float]]

HINTS = {
    "high": "Where does the training loss end, compared with its start?",
    "low": "How much of the starting loss is gone after all these epochs?",
    "few": "It fell well, and where it ends, does it still fall?",
    "many": "Compare the end of the validation loss with its best.",
}


@exercise(
    "lesson2/name_failure",
    takes="train_loss, valid_loss",
    asks='Return "high", "low", "few" or "many": which failure the two '
    "curves show.",
)
def check_name_failure(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check six pairs of curves whose key is drawn at random."""
    key = [*HINTS, *trial.random.choices(list(HINTS), k=2)]
    trial.random.shuffle(key)
    for number, fault in enumerate(key, start=1):
        curves = list(_draw_curves(trial, fault))
        words = f"the curves of patient {number}"
        got = trial.call(words, answer, curves)
        if not isinstance(got, str) or got not in HINTS:
            trial.stop(
                words,
                f'Expected "high", "low", "few" or "many", got '
                f"{describe(got)}.",
            )
        trial.expect(
            words,
            got == fault,
            f'You said "{got}", and that is not it. {HINTS[fault]}',
        )


def _draw_curves(trial: Trial, fault: str) -> Curves:
    """Return training and validation losses of a run with this fault."""
    start = trial.random.uniform(1.5, 3.0)
    if fault == "high":
        return _exploding(trial, start)
    epochs = trial.random.randint(15, 40)
    if fault == "low":
        end = trial.random.uniform(0.86, 0.97)
        train = [start * (1 - (1 - end) * i / epochs) for i in range(epochs)]
        gap = trial.random.uniform(-0.01, 0.02)
        return _noisy(trial, train), _noisy(trial, [x + gap for x in train])
    if fault == "few":
        epochs = trial.random.randint(3, 6)
        slope = trial.random.uniform(0.6, 1.0) / (epochs - 1)
        train = [start * math.exp(-slope * i) for i in range(epochs)]
        return _noisy(trial, train), _noisy(trial, [x * 1.03 for x in train])
    turn = trial.random.uniform(0.25, 0.5) * epochs
    depth = trial.random.uniform(0.4, 0.6)
    height = trial.random.uniform(0.3, 0.6)
    train = [start * math.exp(-4 * i / epochs) for i in range(epochs)]
    valid = [
        start * (1 - depth * min(i / turn, 1))
        + start * height * max(0.0, (i - turn) / (epochs - turn))
        for i in range(epochs)
    ]
    return _noisy(trial, train), _noisy(trial, valid)


def _exploding(trial: Trial, start: float) -> Curves:
    """Return losses that climb, to infinity and NaN or only high."""
    epochs = trial.random.randint(6, 20)
    factor = trial.random.choice([1.15, 3.0, 1e4])
    train = [start * factor**i for i in range(epochs)]
    if trial.random.random() < 0.4:
        train[epochs // 2 :] = [math.nan] * (epochs - epochs // 2)
    return train, [loss * trial.random.uniform(1, 2) for loss in train]


def _noisy(trial: Trial, losses: list[float]) -> list[float]:
    return [loss * (1 + trial.random.gauss(0, 0.004)) for loss in losses]


@exercise(
    "lesson2/stop_epoch",
    takes="valid_loss, patience",
    asks="Return the epoch whose weights are kept when training stops after "
    "`patience` epochs in a row that did not beat the best.",
)
def check_stop_epoch(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check the patience rule on closed cases and on 40 generated curves."""
    hint = "Count the epochs since the best; stop when there are `patience`."
    for words, losses, patience, kept in [
        ("a curve that only falls", [3.0, 2.0, 1.0], 2, 2),
        ("one epoch", [1.0], 3, 0),
        ("better again, but too late", [3.0, 2.0, 2.5, 2.6, 1.0], 2, 1),
        ("better again, just in time", [3.0, 2.0, 2.5, 1.0, 1.5], 2, 3),
        ("an equal loss beats nothing", [2.0, 1.0, 1.0, 1.0, 0.5], 2, 1),
        ("patience 1", [2.0, 3.0, 1.0], 1, 0),
        ("nan beats nothing", [2.0, math.nan, math.nan, 1.0], 2, 0),
    ]:
        trial.equal(words, answer, [losses, patience], kept, hint=hint)
    words = "40 generated curves, patience 1 to 6"
    for _ in range(40):
        losses, patience = _wavy(trial), trial.random.randint(1, 6)
        args, kept = [losses, patience], _kept(losses, patience)
        got = trial.call(words, answer, args)
        if difference(got, kept):
            trial.equal(words, answer, args, kept, hint=hint)
            return
    trial.expect(words, True)


def _wavy(trial: Trial) -> list[float]:
    """Return a noisy curve that falls and rises."""
    epochs = trial.random.randint(5, 40)
    bottom = trial.random.uniform(0.3, 0.9) * epochs
    return [
        round(1 + ((i - bottom) / epochs) ** 2 + noise, 2)
        for i in range(epochs)
        for noise in [trial.random.gauss(0, 0.08)]
    ]


def _kept(losses: list[float], patience: int) -> int:
    """Return the epoch kept, by looking at each possible stop."""
    for stop in range(len(losses)):
        lowest = losses.index(min(losses[: stop + 1]))
        if stop - lowest >= patience:
            return lowest
    return losses.index(min(losses))


@exercise(
    "lesson2/learn_by_heart",
    takes="model, images, target",
    asks="Train the model you are given until its cross-entropy on these 32 "
    "pictures is below 0.01, and return it.",
)
def check_learn_by_heart(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check that 32 random pictures with random labels are learned."""
    words = "32 pictures with labels that mean nothing"
    seed = trial.random.randrange(2**31)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = nn.Sequential(
            nn.Conv2d(1, 8, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(8 * 7 * 7, 32),
            nn.ReLU(),
            nn.Linear(32, 5),
        )
    before = {name: w.clone() for name, w in model.state_dict().items()}
    images = torch.rand(32, 1, 14, 14, generator=trial.generator)
    target = torch.randint(5, (32,), generator=trial.generator)
    args = [model, images, target]
    got = trial.call(words, answer, args, may_change=True)
    if not isinstance(got, nn.Module):
        trial.stop(words, f"Return the model, not {describe(got)}.")
    shapes = {name: w.shape for name, w in before.items()}
    mine = {name: w.shape for name, w in got.state_dict().items()}
    if not trial.expect(
        "it is the network you were given",
        mine == shapes,
        "Yours has other weights. Train the one that is passed in.",
    ):
        return
    loss = _loss(got, images, target)
    trial.expect(
        words,
        loss < 0.01,
        f"The loss is {loss:.3g}, and should be below 0.01. More steps, or a "
        "better rate? Look at the loss while it trains.",
    )


def _loss(model: nn.Module, images: Tensor, target: Tensor) -> float:
    """Return the loss of the trained model, in eval mode."""
    with torch.no_grad():
        loss = cross_entropy(model.eval()(images), target)
    return float(loss)
