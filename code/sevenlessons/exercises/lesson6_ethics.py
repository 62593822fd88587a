"""Checks of ethics: rates and thresholds by group, an identity, kinds."""

from collections.abc import Callable
from typing import Any

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.tables.fairness_identity import implied_false_positive_rate
from sevenlessons.tables.group_rates import decision_rates
from sevenlessons.tables.group_thresholds import true_positive_thresholds

__all__ = [
    "check_bias_kinds",
    "check_equal_thresholds",
    "check_group_report",
    "check_implied_fpr",
]

Rows = tuple[list[int], list[int], list[str]]


def _rows(trial: Trial, count: int, names: str) -> Rows:
    """Return random targets, decisions and groups; each group has both."""
    group = list(names) * 4 + trial.random.choices(names, k=count)
    target = [0] * 2 * len(names) + [1] * 2 * len(names)
    target += [int(trial.random.random() < 0.35) for _ in range(count)]
    decided = [int(trial.random.random() < 0.3 + 0.3 * t) for t in target]
    order = trial.random.sample(range(len(group)), len(group))
    picked = [[part[i] for i in order] for part in (target, decided)]
    return picked[0], picked[1], [group[i] for i in order]


def _report(
    target: list[int], decided: list[int], group: list[str]
) -> dict[str, list[float | None]]:
    made: dict[str, list[float | None]] = {}
    for name in set(group):
        rows = [i for i, g in enumerate(group) if g == name]
        found = decision_rates(
            [target[i] for i in rows], [decided[i] for i in rows]
        )
        made[name] = [
            found.error,
            found.false_positive_rate if found.negatives else None,
            found.false_negative_rate if found.positives else None,
        ]
    return made


@exercise(
    "lesson6/group_report",
    takes="target, decided, group",
    asks="Return for each group its error, false positive rate and false "
    "negative rate; None where nobody counts.",
)
def check_group_report(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check hand tables, groups without a yes or no, then random rows."""
    cases: list[tuple[str, Rows, str]] = [
        (
            "a table by hand",
            (
                [1, 1, 1, 1, 0, 0, 0, 0, 0, 0],
                [1, 1, 1, 0, 1, 1, 0, 0, 0, 0],
                ["x"] * 10,
            ),
            "Divide false alarms by those who are a no in truth, and missed "
            "ones by those who are a yes in truth.",
        ),
        (
            "two groups, mixed",
            (
                [1, 0, 1, 0, 1, 0, 0, 1],
                [0, 0, 1, 1, 1, 1, 0, 1],
                list("aabbabba"),
            ),
            "Each group is counted on its own rows alone.",
        ),
        (
            "a group without a yes",
            ([0, 0, 0, 1], [1, 0, 0, 1], list("aaab")),
            "Nobody in the group is a yes: its false negative rate is None.",
        ),
        (
            "a group without a no",
            ([1, 1, 0], [1, 0, 0], list("aab")),
            "Nobody in the group is a no: its false positive rate is None.",
        ),
        ("random rows", _rows(trial, 60, "pqr"), ""),
    ]
    for words, given, hint in cases:
        expected = _report(*given)
        if not trial.equal(
            words, answer, list(given), expected, tolerance=1e-9, hint=hint
        ):
            return


@exercise(
    "lesson6/equal_thresholds",
    takes="scores, target, group, rate",
    asks="Return for each group the highest of its scores that finds at "
    "least the share rate of its yes rows.",
)
def check_equal_thresholds(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check by hand, with ties, all found, high no rows, then at random."""
    cases: list[tuple[str, tuple[Any, ...], str]] = [
        (
            "half of four",
            ([0.9, 0.7, 0.5, 0.3], [1, 1, 1, 1], list("aaaa"), 0.5),
            "Sort the scores of the yes rows from the highest down, and count "
            "until enough are found. A score equal to the threshold is found.",
        ),
        (
            "no rows stand between",
            (
                [0.95, 0.9, 0.85, 0.7, 0.6, 0.5],
                [0, 0, 1, 0, 1, 1],
                list("aaaaaa"),
                0.6,
            ),
            "Only rows whose target is 1 count for a true-positive rate.",
        ),
        (
            "at least, not about",
            ([0.9, 0.7, 0.5], [1, 1, 1], list("aaa"), 0.4),
            "Two of three are needed for at least 0.4; one is too few.",
        ),
        (
            "all of them",
            ([0.2, 0.8, 0.4], [1, 1, 0], list("aaa"), 1.0),
            "For a rate of 1 the lowest yes row must be found.",
        ),
        (
            "equal scores",
            ([0.8, 0.6, 0.6, 0.1], [1, 1, 1, 1], list("aaaa"), 0.5),
            "Equal scores are found together.",
        ),
        (
            "two groups",
            (
                [0.9, 0.8, 0.2, 0.1, 0.6, 0.5],
                [1, 1, 1, 1, 0, 0],
                list("aabbab"),
                0.5,
            ),
            "Each group has its own threshold, from its own rows.",
        ),
    ]
    for rate in (trial.random.choice([0.3, 0.55]), 0.8):
        target, _, group = _rows(trial, 40, "pq")
        scores = [round(trial.random.random(), 2) for _ in target]
        cases.append(("random rows", (scores, target, group, rate), ""))
    for words, given, hint in cases:
        expected = true_positive_thresholds(*given)
        if not trial.equal(
            words, answer, list(given), expected, tolerance=1e-9, hint=hint
        ):
            return


@exercise(
    "lesson6/implied_fpr",
    takes="base_rate, precision, fnr",
    asks="Return the false positive rate that base rate, precision and false "
    "negative rate leave no choice of.",
)
def check_implied_fpr(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check the page's two groups, the ends, then random numbers."""
    draw = trial.random.uniform
    cases = [
        ("half are a yes", (0.5, 0.75, 0.25), "Count among 100 people first."),
        (
            "a fifth are a yes",
            (0.2, 0.75, 0.25),
            "False alarms are divided by those who are a no: 1 - base_rate.",
        ),
        (
            "unlike numbers",
            (0.3, 0.6, 0.1),
            "Found are 1 - fnr of those who are a yes; divided by the "
            "precision they are all alarms.",
        ),
        ("no false alarm", (0.4, 1.0, 0.3), "No alarm is false then."),
        ("nobody found", (0.4, 0.5, 1.0), "Nobody is called yes then."),
    ]
    for _ in range(3):
        given = (draw(0.05, 0.6), draw(0.5, 0.95), draw(0.05, 0.9))
        cases.append(("random numbers", given, ""))
    for words, given, hint in cases:
        expected = implied_false_positive_rate(*given)
        if not trial.equal(
            words, answer, list(given), expected, tolerance=1e-9, hint=hint
        ):
            return


KINDS = {
    "A": "representation",
    "B": "measurement",
    "C": "aggregation",
    "D": "historical",
}
HINTS = {
    "A": "Who never comes into the data at all?",
    "B": "Is what was written down what was meant?",
    "C": "Are there groups that would need a model each?",
    "D": "The files are correct. Was the world as it should be?",
}


@exercise(
    "lesson6/bias_kinds",
    asks="Name the kind of bias in each of four stories; each comes once.",
)
def check_bias_kinds(trial: Trial, answer: Any) -> None:
    """Check the four letters, that each kind comes once, then the key."""
    known = sorted(KINDS.values())
    if not isinstance(answer, dict) or sorted(answer) != sorted(KINDS):
        trial.stop(
            "a dictionary with A, B, C and D",
            "Keep the dictionary as it stands on the page, and put a kind in "
            "place of each row of dots.",
        )
    strange = [v for v in answer.values() if v not in known]
    if strange:
        trial.stop(
            "only the four kinds",
            f"{strange[0]!r} is none of {', '.join(known)}.",
        )
    if sorted(answer.values()) != known:
        trial.stop("each kind once", "One kind comes twice in your answer.")
    for letter, kind in KINDS.items():
        trial.expect(f"story {letter}", answer[letter] == kind, HINTS[letter])
