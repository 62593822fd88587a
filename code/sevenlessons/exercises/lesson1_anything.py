"""Checks of page 1.3: label patterns, a peak, a clipping bound, a referee."""

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from sevenlessons.data.scoring import log_loss
from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.page.wording import describe
from sevenlessons.scratch.spectrogram import stft

__all__ = [
    "check_clipping_bound",
    "check_label_pattern",
    "check_peak_frequency",
    "check_submission_validator",
]


@exercise(
    "lesson1/label_pattern",
    asks="Write the regular expression that finds the label in a file name: "
    "one group, all that stands before the last underscore.",
)
def check_label_pattern(trial: Trial, answer: Any) -> None:
    """Check a pattern: all before the last underscore is the label."""
    words = "it is a regular expression with one group"
    try:
        pattern = re.compile(answer)
        pattern.search("galaxy_1.jpg")
    except (TypeError, re.error) as error:
        trial.stop(words, f"Python says: {error}. Pass it as text, r'...'.")
    if not trial.expect(
        words,
        pattern.groups == 1,
        f"Yours has {pattern.groups} groups; put one pair of brackets "
        "around the label.",
    ):
        return
    cases = {
        "a plain name": ["nebula", "galaxy"],
        "a hyphen in the label": ["planetary-nebula", "open-cluster"],
        "capitals": ["Galaxy", "NEBULA", "Open-Cluster"],
        "digits in the label": ["M31", "ngc7000", "type-2"],
        "an underscore in the label": ["golden_retriever", "type_2_star"],
    }
    for words, labels in cases.items():
        label = trial.random.choice(labels)
        number = trial.random.randint(1, 99999)
        ending = trial.random.choice(["jpg", "png", "JPG", "jpeg"])
        name = f"{label}_{number}.{ending}"
        found = pattern.search(name)
        got = found.group(1) if found else None
        trial.expect(
            words,
            got == label,
            f"In {name!r} yours finds {got!r}. The label is all that stands "
            "before the last underscore; digits, a dot and an ending follow.",
        )
    trial.expect(
        "a name without a number is refused",
        pattern.search("galaxy.jpg") is None,
        "In 'galaxy.jpg' there is no number, so it should find nothing.",
    )


@exercise(
    "lesson1/peak_frequency",
    takes="spectrogram, sample_rate, n_fft",
    asks="Return the frequency in Hz that is loudest on average.",
)
def check_peak_frequency(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check 50 random tones: the answer is within one row of the truth."""
    hint = (
        "Average over time, take the loudest row; row k is "
        "k * sample_rate / n_fft Hz."
    )
    for words, sample_rate, n_fft in [
        ("25 tones, 8000 samples a second, slices of 256", 8000, 256),
        ("25 tones, 16000 samples a second, slices of 512", 16000, 512),
    ]:
        t = torch.arange(sample_rate // 2) / sample_rate
        for _ in range(25):
            hertz = trial.random.uniform(0.06, 0.44) * sample_rate
            wave = 0.05 * torch.randn(len(t), generator=trial.generator)
            half = slice(0, len(t) // 2)  # it stops in the middle
            wave[half] += torch.sin(2 * math.pi * hertz * t[half])
            spectrogram = stft(wave[None], n_fft, n_fft // 2)[0].abs()
            args = [spectrogram, sample_rate, n_fft]
            got = trial.call(words, answer, args)
            try:
                apart = abs(float(got) - hertz)
            except (TypeError, ValueError, RuntimeError):
                wrong = f"A number of Hz is asked for, not {describe(got)}."
                trial.stop(words, wrong)
            if not apart <= sample_rate / n_fft:
                trial.expect(
                    words,
                    False,
                    f"A tone of {hertz:.0f} Hz: you returned "
                    f"{float(got):.6g}. {hint}",
                )
                break
        else:
            trial.expect(words, True)


@exercise(
    "lesson1/clipping_bound",
    takes="valid_target, valid_probability, test_target, test_probability",
    asks="Return the clipping bound, between 0.0001 and 0.49, with the lowest "
    "log loss, and use only the rows that you may use.",
)
def check_clipping_bound(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check the bound: best on validation, and the test rows do not matter."""
    grid = np.geomspace(1e-4, 0.49, 2000)
    for flipped in trial.random.sample([0.01, 0.03, 0.08, 0.2], 3):
        valid = _overconfident(trial, flipped)
        test = _overconfident(trial, 0.3)
        words = f"{flipped:.0%} of the answers are surprises"
        bound = _bound(trial, words, answer, [*valid, *test])
        best = min(log_loss(*valid, bound=b) for b in grid)
        got = log_loss(*valid, bound=bound)
        if not trial.expect(
            words,
            got <= best + 0.001,
            f"Your bound {bound:.4g} gives {got:.4f} on the validation rows; "
            f"a fine grid finds {best:.4f}. Try many bounds between 0.0001 "
            "and 0.49, and keep the one whose validation loss is lowest.",
        ):
            return
        other = _overconfident(trial, 0.02)
        again = _bound(trial, words, answer, [*valid, *other])
        if not trial.expect(
            "other test rows give the same bound",
            again == bound,
            f"With other test rows the bound moved from {bound:.4g} to "
            f"{again:.4g}. Choose on the validation rows alone.",
        ):
            return


def _overconfident(trial: Trial, flipped: float) -> list[np.ndarray]:
    """Return targets and probabilities that are too sure of themselves."""
    rng = np.random.default_rng(trial.random.randrange(2**32))
    target = rng.integers(0, 2, size=400)
    believed = np.where(rng.random(400) < flipped, 1 - target, target)
    score = (2 * believed - 1) * rng.uniform(3, 12, size=400)
    return [target, 1 / (1 + np.exp(-score))]


def _bound(
    trial: Trial, words: str, answer: Callable[..., Any], args: list[Any]
) -> float:
    got = trial.call(words, answer, args)
    try:
        bound = float(got)
    except (TypeError, ValueError, RuntimeError):
        trial.stop(words, f"One number is asked for, not {describe(got)}.")
    if not 0 <= bound < 0.5:
        trial.stop(words, f"A bound is in [0, 0.5), you returned {bound:.4g}.")
    return bound


@exercise(
    "lesson1/submission_validator",
    takes="ids, rows",
    asks="Return True only if each id is there once, in the order of the "
    "list, and each probability is a number from 0 to 1.",
)
def check_submission_validator(
    trial: Trial, answer: Callable[..., Any]
) -> None:
    """Check a referee: one good file passes, each kind of bad one does not."""
    ids = [f"photo-{n:03d}" for n in trial.random.sample(range(1000), 6)]
    good = [(name, round(trial.random.random(), 3)) for name in ids]
    i, j = sorted(trial.random.sample(range(6), 2))
    swapped = list(good)
    swapped[i], swapped[j] = good[j], good[i]
    copied = list(good)
    copied[j] = good[i]

    def changed(value: float) -> list[tuple[str, float]]:
        return [*good[:i], (ids[i], value), *good[i + 1 :]]

    cases = [
        ("a good file", good, True),
        ("probabilities 0 and 1 are allowed", [*changed(0.0)], True),
        ("a missing id", good[:i] + good[i + 1 :], False),
        ("one id twice, after all the others", [*good, good[i]], False),
        ("one id twice, in the place of another", copied, False),
        ("wrong order", swapped, False),
        ("an unknown id", [*good[:-1], ("photo-x", 0.5)], False),
        ("a probability above 1", changed(1.01), False),
        ("a probability below 0", changed(-0.01), False),
        ("a probability that is not a number", changed(math.nan), False),
        ("no line at all", [], False),
    ]
    for words, rows, expected in cases:
        trial.equal(words, answer, [ids, rows], expected)
