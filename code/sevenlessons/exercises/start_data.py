"""Checks of the page on data: splits by group and honest intervals."""

import math
from collections.abc import Callable
from typing import Any

from sevenlessons.page.intervals import wilson
from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.page.wording import describe

__all__ = ["check_group_split", "check_interval"]


@exercise(
    "start/group_split",
    takes="groups, valid, seed",
    asks="Return the row numbers of training and validation, split so that "
    "no group is on both sides and a share of `valid` is on the second.",
)
def check_group_split(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check a seeded split by group: complete, disjoint, right size."""
    groups = _fresh_groups(trial)
    total, valid = len(groups), trial.random.choice([0.2, 0.25, 0.3])
    train_rows, valid_rows = _split(trial, answer, groups, valid, 0)
    trial.expect(
        "every row is on exactly one side",
        sorted(train_rows + valid_rows) == list(range(total)),
        f"There are {total} rows; your sides hold {len(train_rows)} and "
        f"{len(valid_rows)}, {len(set(train_rows) & set(valid_rows))} of "
        "them on both. Return row numbers from 0.",
    )
    known = [i for i in train_rows + valid_rows if 0 <= i < total]
    if len(known) < len(train_rows) + len(valid_rows):
        trial.stop("the row numbers exist", f"Row numbers end at {total - 1}.")
    both = {groups[i] for i in train_rows} & {groups[i] for i in valid_rows}
    trial.expect(
        "no group is on both sides",
        not both,
        f"{len(both)} groups are on both sides, for instance "
        f"{min(both, default='')!r}. Draw groups, not rows.",
    )
    largest = max(groups.count(group) for group in set(groups))
    off = abs(len(valid_rows) - valid * total)
    trial.expect(
        "the sizes are right to within one group",
        off <= largest,
        f"Asked for {valid:.0%} of {total} rows, got {len(valid_rows)}: off "
        f"by {off:.1f}, while the largest group has {largest}. Groups differ "
        "in size, so count rows while you add groups.",
    )
    again = _split(trial, answer, groups, valid, 0)
    trial.expect(
        "the same seed gives the same split",
        (sorted(train_rows), sorted(valid_rows))
        == (sorted(again[0]), sorted(again[1])),
        "Two calls with seed 0 differ. Use `random.Random(seed)`; sort the "
        "groups before you shuffle, because a set has no order.",
    )
    others = [_split(trial, answer, groups, valid, s)[1] for s in range(1, 6)]
    trial.expect(
        "another seed gives another split",
        any(sorted(rows) != sorted(valid_rows) for rows in others),
        "Seeds 0 to 5 all give the same rows. Does the seed reach the "
        "shuffle?",
    )


def _fresh_groups(trial: Trial) -> list[str]:
    """Return 60 groups of 1 to 9 rows each, in mixed order."""
    names = [f"object {i}" for i in trial.random.sample(range(1000), 60)]
    groups = [n for n in names for _ in range(trial.random.randint(1, 9))]
    trial.random.shuffle(groups)
    return groups


def _split(
    trial: Trial,
    answer: Callable[..., Any],
    groups: list[str],
    valid: float,
    seed: int,
) -> tuple[list[int], list[int]]:
    words = "returns two lists of row numbers"
    got = trial.call(words, answer, [groups, valid, seed])
    try:
        train_rows, valid_rows = ([int(i) for i in side] for side in got)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        trial.stop(
            words,
            f"You returned {describe(got)}; return two lists, train rows "
            "and validation rows.",
        )
    return train_rows, valid_rows


@exercise(
    "start/interval",
    takes="successes, total",
    asks="Return the low and the high end of Wilson's 95 % interval of a "
    "share.",
)
def check_interval(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check Wilson's bounds on the bear example and on fresh counts."""
    total = trial.random.randint(30, 2000)
    cases = [
        ("97 of 111 right", 97, 111),
        ("a fresh count", trial.random.randint(1, total - 1), total),
        ("all right: the high end is 1, the low end is not", total, total),
        ("none right: the low end is 0, the high end is not", 0, total),
    ]
    for words, k, n in cases:
        hint = ""
        got = trial.call(words, answer, [k, n])
        if _near(got, _symmetric(k, n)):
            hint = (
                "That is the textbook interval p ± z·sqrt(p(1-p)/n). It says "
                "'no doubt' when all are right, and leaves [0, 1]; Wilson's "
                "does neither."
            )
        trial.equal(
            words,
            answer,
            [k, n],
            wilson(k, n),
            tolerance=1e-6,
            hint=hint
            or "Take z to all digits, from `inv_cdf`: 1.96 or 2 is too rough.",
        )


def _symmetric(k: int, n: int) -> tuple[float, float]:
    p = k / n
    half = 1.96 * math.sqrt(p * (1 - p) / n)
    return p - half, p + half


def _near(got: Any, bounds: tuple[float, float]) -> bool:
    try:
        return all(
            abs(float(g) - b) < 1e-3 for g, b in zip(got, bounds, strict=True)
        )
    except (TypeError, ValueError, RuntimeError):
        return False
