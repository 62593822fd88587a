"""Checks of the page on several labels: F-beta, a sweep, turns, a doubt."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.page.wording import describe
from sevenlessons.training.average_precision import average_precision
from sevenlessons.training.label_thresholds import f_beta_curve, row_f_beta
from sevenlessons.vision.symmetries import compose

__all__ = [
    "check_best_threshold",
    "check_compose",
    "check_f_beta",
    "check_hardest_label",
]


def _tables(trial: Trial, rows: int, labels: int) -> tuple[Tensor, Tensor]:
    """Return probabilities that say something, and the truth."""
    noise = torch.randn(rows, labels, generator=trial.generator)
    truth = torch.rand(rows, labels, generator=trial.generator) < 0.3
    return (noise + 2.0 * truth - 1.0).sigmoid().double(), truth.long()


@exercise(
    "lesson3/f_beta",
    takes="answers, target, beta",
    asks="Return the mean over photos of F-beta, where a photo without labels "
    "and without answers counts 1.",
)
def check_f_beta(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check F-beta on random tables, some with empty rows."""
    recall = (
        "Beta squared goes with the labels that are there, so that missing "
        "one costs more than a false alarm."
    )
    rows = "Take the score of each photo, then the mean of the scores."
    empty = "No label and no answer is right: such a photo counts 1."
    cases = [
        ("one photo, beta 1", 1, 6, 1.0, False, ""),
        ("one photo, beta 2", 1, 6, 2.0, False, recall),
        ("many photos, beta 2", 30, 7, 2.0, False, rows),
        ("photos without labels", 20, 4, 2.0, True, empty),
        ("beta one half", 25, 5, 0.5, True, recall),
    ]
    for words, n, labels, beta, hollow, hint in cases:
        probabilities, target = _tables(trial, n, labels)
        answers = (probabilities > 0.4).long()
        if n == 1:  # a photo with one hit, one miss, one false alarm or more
            target = torch.tensor([[1, 1, 1, 0, 0, 0]])
            answers = torch.tensor([[1, 0, 0, 1, 0, 0]])
        if hollow:
            target[: n // 2] = 0
            answers[: n // 4] = 0
        else:
            target[:, 0] = 1  # empty rows have a case of their own
        expected = row_f_beta(answers, target, beta=beta).mean().item()
        if not trial.equal(
            words,
            answer,
            [answers, target, beta],
            expected,
            tolerance=1e-6,
            hint=hint,
        ):
            return


@exercise(
    "lesson3/best_threshold",
    takes="probabilities, target",
    asks="Return the threshold with the highest mean F2 of the answers "
    "probabilities > threshold.",
)
def check_best_threshold(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check that no threshold at all gives more than the reader's."""
    cases = [
        ("12 photos, 3 labels", 12, 3, 1.0, ""),
        ("80 photos, 7 labels", 80, 7, 1.0, ""),
        (
            "probabilities that lie close together",
            40,
            5,
            0.002,
            " A grid is too coarse here: try the probabilities themselves.",
        ),
    ]
    for words, n, labels, spread, hint in cases:
        probabilities, target = _tables(trial, n, labels)
        probabilities = 0.3 + spread * (probabilities - 0.3)
        got = trial.call(words, answer, [probabilities, target])
        try:
            cut = float(got)
        except (TypeError, ValueError, RuntimeError):
            trial.stop(words, f"One number is asked for, not {describe(got)}.")
        best = f_beta_curve(probabilities, target)[1].max().item()
        found = row_f_beta(probabilities > cut, target).mean().item()
        if not trial.expect(
            words,
            found > best - 1e-9,
            f"At your {cut:.6g} the mean F2 is {found:.4f}; another threshold "
            f"gives {best:.4f}.{hint}",
        ):
            return


@exercise(
    "lesson3/compose_views",
    takes="first, second",
    asks="Return the number of the view that does the first, then the second.",
)
def check_compose(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check all 64 pairs of the eight views."""
    groups = [
        (
            "turn, then turn",
            range(4),
            range(4),
            "Four quarter turns are none.",
        ),
        ("mirror and turn, then turn", range(4, 8), range(4), ""),
        (
            "turn, then mirror and turn",
            range(4),
            range(4, 8),
            "A mirror image of a turn to the left is a turn to the right.",
        ),
        (
            "mirrored twice",
            range(4, 8),
            range(4, 8),
            "Mirrored twice is not mirrored, but the turns may remain.",
        ),
    ]
    for words, firsts, seconds, hint in groups:
        pairs = [(first, second) for first in firsts for second in seconds]
        for pair in pairs:
            got = trial.call(words, answer, list(pair))
            try:
                view = float(got)
            except (TypeError, ValueError, RuntimeError):
                trial.stop(
                    words, f"One number is asked for, not {describe(got)}."
                )
            if view != compose(*pair):
                trial.expect(
                    words,
                    passed=False,
                    detail=f"You returned {view:g}, which is another view. "
                    f"{hint}".strip(),
                )
                return
        trial.expect(f"{words}: all {len(pairs)} pairs", passed=True)


@exercise(
    "lesson3/hardest_label",
    takes="scores, target",
    asks="Return the column with the lowest average precision, and the low "
    "and high end of its 95 % bootstrap interval over photos.",
)
def check_hardest_label(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check the column, and the interval against one of our own."""
    for words, n, labels in [("120 photos", 120, 4), ("300 photos", 300, 6)]:
        hard = trial.random.randrange(labels)
        truth = torch.rand(n, labels, generator=trial.generator) < 0.35
        noise = torch.randn(n, labels, generator=trial.generator)
        clear = torch.full((labels,), 3.0)
        clear[hard] = 0.7
        scores = noise + clear * truth
        target = truth.long()
        got = trial.call(words, answer, [scores, target])
        try:
            column, low, high = (float(value) for value in got)
        except (TypeError, ValueError, RuntimeError):
            trial.stop(
                words,
                "Three numbers are asked for, column, low end, high end, not "
                f"{describe(got)}.",
            )
        found, ends = _interval(trial, scores[:, hard], target[:, hard])
        if not trial.expect(
            f"{words}: the column",
            column == hard,
            f"You returned column {column:g}; the lowest average precision, "
            f"{found:.3f}, has column {hard}.",
        ):
            return
        width = ends[1] - ends[0]
        near = max(abs(low - ends[0]), abs(high - ends[1])) < 0.3 * width
        if not trial.expect(
            f"{words}: the interval",
            near,
            f"Your interval is {low:.3f} to {high:.3f}, ours {ends[0]:.3f} to "
            f"{ends[1]:.3f}. Draw as many photos as there are, with "
            "replacement, compute the average precision, do so hundreds of "
            "times, and cut off 2.5 % on each side.",
        ):
            return


def _interval(
    trial: Trial, scores: Tensor, target: Tensor
) -> tuple[float, list[float]]:
    n = len(scores)
    drawn = torch.randint(n, (600, n), generator=trial.generator)
    values = average_precision(scores[drawn].T, target[drawn].T)
    ends = torch.tensor([0.025, 0.975], dtype=values.dtype)
    return (
        average_precision(scores, target).item(),
        values.nanquantile(ends).tolist(),
    )
