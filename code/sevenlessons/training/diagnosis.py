"""What went wrong in a training, as far as its history tells.

`diagnose` asks five questions in this order; the first yes is the answer.

1. **Learning rate too high?** A loss is not finite, or climbs to `CLIMB`
   times its start, or to `RESTLESS` times it and gets nowhere, or the
   validation loss jumps by `SWING` and back.
2. **Too many epochs?** The watched number ends worse than its best, by more
   than `MIN_RISE` of it and more than `BEYOND` times its own noise, while the
   training loss went on falling. That is overfitting.
3. **Learning rate too low?** The training loss fell by less than `TINY` of
   its start, or after `MANY_STEPS` steps by less than `LITTLE`, and falls on.
4. **Too few epochs?** More than `STILL_FALLING` of the fall came in the last
   third, and the watched number has not settled.
5. **Too little recorded?** Fewer than `MIN_STEPS` steps say nothing.

A training loss below the validation loss is no fault by itself: photos that
were learned from are easier than new ones.

The thresholds were chosen on runs with deep-sky photos and generated data.
Page `failures` measures how often they are right on other runs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from .history import History
from .monitor import Monitor
from .signs import (
    chunk_means,
    first_not_finite,
    highest_level,
    late_share,
    level_noise,
    rise_from_best,
    swing,
)
from .symptoms import Curves, note_on_the_gap, read_curves
from .verdicts import REMEDIES, Diagnosis

__all__ = ["diagnose"]

CLIMB = 1.5  # good rates climbed to 1.24 at most, bad ones to 1.6 and more
SURE_CLIMB = 4.0  # above this no noise of batches is an excuse, as in `finder`
SWING = 0.25  # up by a quarter and back, again and again
MIN_RISE = 0.2  # from an error of 10 % to 12 %; less is a handful of photos
MIN_POINTS = 0.02  # of a share; below, a few samples more or less
BEYOND = 3.0  # times the noise: the best of many epochs is a lucky one
RESTLESS = 1.1  # low rates stayed below 1.06 of their start, batches differ
SHAKY = 0.01  # of the start; low rates left it below 0.004
TINY = 0.12  # in the first epochs most of the fall should come
LITTLE = 0.4  # a good rate has taken off half of the loss by then
STILL_FALLING = 0.1  # a straight line has 0.33, a settled one about 0
MANY_STEPS = 100  # before, a small fall may only need more time
MIN_STEPS = 6  # two levels of three batches
MIN_EPOCHS = 6  # fewer have no level at both ends


def diagnose(
    history: History,
    *,
    monitor: str = "valid_loss",
    lower_is_better: bool | None = None,
) -> Diagnosis:
    """Return what `history` tells about the training: fault and evidence.

    Parameters
    ----------
    history
        What ``Learner.fit`` returned. Nothing in it is changed.
    monitor
        The column of ``history.epochs`` that you care about. Name the
        metric where there is one: a validation loss may rise while no more
        answers are wrong.
    lower_is_better
        May be left out only if `monitor` ends in ``loss``.

    Raises
    ------
    TypeError
        If `history` is none.
    ValueError
        If `monitor` was not recorded, or its direction is not known.

    Notes
    -----
    A curve cannot tell everything: a rate too low and too few epochs look
    alike in the first epochs. Taught in: failures.

    Examples
    --------
    >>> history = History()
    >>> history.epochs = [
    ...     {"epoch": i, "train_loss": 2 * 0.8**i, "valid_loss": loss}
    ...     for i, loss in enumerate([2, 1.5, 1.2, 1, 1, 1, 1.2, 1.5, 1.8, 2])
    ... ]
    >>> diagnose(history).fault
    'too many epochs'

    """
    if not isinstance(history, History):
        raise TypeError(
            "history must be what fit returned, a History, got "
            f"{type(history).__name__}"
        )
    curves = read_curves(history, Monitor(monitor, lower_is_better))
    questions = (_broken, _too_high, _too_many, _too_low, _too_few, _healthy)
    answers = (question(curves) for question in questions)
    answer = next(answer for answer in answers if answer is not None)
    notes = note_on_the_gap(curves, answer.fault)
    return Diagnosis(
        answer.fault,
        answer.enough,
        (*answer.evidence, *notes),
        REMEDIES.get(answer.fault or "", answer.remedy),
    )


def _broken(curves: Curves) -> Diagnosis | None:
    """Answer where no rate is to blame: nothing there, or broken data."""
    if not curves.train:
        return Diagnosis(None, False, ("Nothing was recorded.",), ("Fit.",))
    if first_not_finite(curves.train[:1]) is not None and curves.by_step:
        return Diagnosis(
            None,
            False,
            (f"The very first loss, before any step, is {curves.train[0]}.",),
            ("Look for nan and inf in the inputs, the target, the weights.",),
        )
    if len(curves.train) < (MIN_STEPS if curves.by_step else 3):
        few = f"Only {len(curves.train)} {curves.unit}s were recorded."
        return Diagnosis(None, False, (few,), ("Train longer, then ask.",))
    return None


def _too_high(curves: Curves) -> Diagnosis | None:
    fault = "learning rate too high"
    for name, values in (
        (f"loss of {curves.unit}", curves.train),
        ("training loss of epoch", curves.train_epochs),
        ("validation loss of epoch", curves.valid),
    ):
        place = first_not_finite(values)
        if place is not None:
            return Diagnosis(
                fault, True, (f"The {name} {place} is {values[place]}.",)
            )
    start = curves.train[0]
    peak, place = highest_level(curves.train)
    noise = level_noise(curves.train[len(curves.train) // 2 :])
    above = (peak - start) / abs(start) if start else 0.0
    sure = peak - start > BEYOND * noise / math.sqrt(3)
    stuck = curves.last_train > start * (1 - TINY) and above > RESTLESS - 1
    # Batches differ, the validation set does not: its loss shows who shakes.
    shaky = level_noise(curves.valid) > SHAKY * abs(start)
    climbed = above > SURE_CLIMB - 1 or (sure and above > CLIMB - 1)
    if climbed or (stuck and shaky):
        rate = f", at a rate of {curves.lr[place]:.2g}" if curves.lr else ""
        return Diagnosis(
            fault,
            True,
            (
                f"The training loss began at {start:.3g} and climbed to "
                f"{peak:.3g} around {curves.unit} {place}{rate}. With a good "
                "rate it falls from the start.",
            ),
        )
    jump = swing(curves.valid) if len(curves.valid) >= MIN_EPOCHS else 0.0
    if jump > SWING:
        late = curves.valid[len(curves.valid) // 2 :]
        return Diagnosis(
            fault,
            True,
            (
                "The validation loss jumps up and down: in the later half of "
                f"the epochs between {min(late):.3g} and {max(late):.3g}.",
            ),
        )
    return None


def _too_many(curves: Curves) -> Diagnosis | None:
    if len(curves.watched) < MIN_EPOCHS:
        return None
    rise = rise_from_best(curves.watched)
    train, place = curves.train_epochs, rise.place
    limit = max(MIN_RISE * abs(rise.best), BEYOND * rise.noise)
    if curves.is_share:
        limit = max(limit, min(MIN_POINTS, rise.best / 2))
    if rise.amount <= limit or not train[-1] < train[place]:
        return None
    best, last = curves.shown(rise.best), curves.shown(rise.last)
    return Diagnosis(
        "too many epochs",
        True,
        (
            f"{curves.name} was best around epoch {place}, {best:.3g}, and "
            f"ended at {last:.3g}: worse by {rise.amount:.2g}, while single "
            f"epochs scatter by {rise.noise:.2g}.",
            "Meanwhile the training loss went on falling, from "
            f"{train[place]:.3g} to {train[-1]:.3g}.",
        ),
    )


def _falls(curves: Curves) -> tuple[float, float, str]:
    """Return progress, the share of the last third, and both in words."""
    start, last = curves.train[0], curves.last_train
    progress = (start - last) / abs(start) if start else 0.0
    pieces = chunk_means(curves.train[1:])
    share = late_share([start, *pieces])
    words = (
        f"In {len(curves.train)} {curves.unit}s the training loss went from "
        f"{start:.3g} to {last:.3g}; {max(share, 0):.0%} of the fall came in "
        "the last third."
    )
    return progress, share, words


def _too_low(curves: Curves) -> Diagnosis | None:
    progress, share, words = _falls(curves)
    crawls = len(curves.train) >= MANY_STEPS and share > STILL_FALLING
    if progress < TINY:
        words = words.partition(";")[0] + ": it hardly moved."
    elif not (crawls and progress < LITTLE):
        return None
    return Diagnosis("learning rate too low", True, (words,))


def _too_few(curves: Curves) -> Diagnosis | None:
    progress, share, words = _falls(curves)
    if share <= STILL_FALLING or _settled(curves.watched, progress):
        return None
    return Diagnosis("too few epochs", True, (words,))


def _settled(watched: Sequence[float], progress: float) -> bool:
    """Say whether the watched number improved and then stood still."""
    if len(watched) < MIN_EPOCHS:
        return False
    gain = max(watched[:3]) - watched[-1]
    improved = gain > (BEYOND + 1) * level_noise(watched) or progress > 0.5
    return improved and late_share(chunk_means(watched)) <= STILL_FALLING


def _healthy(curves: Curves) -> Diagnosis:
    _, _, words = _falls(curves)
    return Diagnosis(None, True, (words, "No rule for a fault applies."))
