"""Checks of the page on tables in time: days, sums, joins, one number."""

from collections.abc import Callable
from typing import Any

import torch

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.page.wording import describe

__all__ = [
    "check_best_constant",
    "check_days_since",
    "check_join_keys",
    "check_week_before",
]

Shops = tuple[list[int], list[int], list[bool]]


def _dates(trial: Trial, count: int, spread: int) -> list[int]:
    """Return `count` different day numbers in order, some days missing."""
    start = trial.random.randint(100, 900)
    return sorted(trial.random.sample(range(start, start + spread), count))


def _shops(trial: Trial, count: int, share: float) -> Shops:
    """Return several shops, shop by shop."""
    stores: list[int] = []
    days: list[int] = []
    for store in sorted(trial.random.sample(range(1, 99), count)):
        size = trial.random.randint(4, 12)
        stores += [store] * size
        days += _dates(trial, size, 2 * size)
    return stores, days, [trial.random.random() < share for _ in stores]


def _since(
    stores: list[int], days: list[int], promo: list[bool]
) -> list[int | None]:
    found: list[int | None] = []
    for store, day in zip(stores, days, strict=True):
        before = [
            day - other
            for place, other in enumerate(days)
            if stores[place] == store and promo[place] and other <= day
        ]
        found.append(min(before, default=None))
    return found


@exercise(
    "lesson6/days_since",
    takes="stores, days, promo",
    asks="Return the days since each shop's last promotion, 0 on its day and "
    "None before the first.",
)
def check_days_since(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check elapsed days: first rows, gaps, and the border of two shops."""
    cases: list[tuple[str, Shops, str]] = [
        (
            "one shop, every day",
            ([7] * 5, [3, 4, 5, 6, 7], [True, False, False, True, False]),
            "On the day of a promotion it is 0.",
        ),
        (
            "no promotion yet",
            ([7] * 4, [3, 4, 5, 6], [False, False, True, False]),
            "Before a shop's first promotion nobody can say: None.",
        ),
        (
            "days are missing",
            ([7] * 4, [3, 5, 9, 20], [True, False, False, False]),
            "Count days of the calendar, not rows.",
        ),
        (
            "the border of two shops",
            (
                [7, 7, 9, 9, 9],
                [3, 4, 4, 5, 6],
                [False, True, False, True, False],
            ),
            "The promotion of one shop is none of the next shop.",
        ),
        ("many shops", _shops(trial, 6, 0.3), ""),
        ("many shops, few promotions", _shops(trial, 9, 0.08), ""),
    ]
    for words, given, hint in cases:
        expected = _since(*given)
        if not trial.equal(words, answer, given, expected, hint=hint):
            return


def _before(days: list[int], sales: list[int]) -> list[int]:
    pairs = list(zip(days, sales, strict=True))
    return [sum(s for d, s in pairs if 1 <= day - d <= 7) for day in days]


@exercise(
    "lesson6/week_before",
    takes="days, sales",
    asks="Return what was sold in the seven days before each day.",
)
def check_week_before(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check rolling sums: backward only, by the calendar, own day left out."""
    random = trial.random
    many = _dates(trial, 25, 60)
    cases: list[tuple[str, list[int], list[int], str]] = [
        (
            "three days in a row",
            [5, 6, 7],
            [1, 10, 100],
            "The day itself is not over yet: leave it out.",
        ),
        (
            "more than a week",
            list(range(10, 22)),
            [random.randint(1, 99) for _ in range(12)],
            "Seven days, the oldest of them seven days ago.",
        ),
        (
            "days are missing",
            [1, 7, 8, 9, 16, 30],
            [1, 10, 100, 1000, 10_000, 100_000],
            "Count days of the calendar, not rows.",
        ),
        ("one day", [12], [80], "Nothing is known before the first day: 0."),
        ("many days", many, [random.randint(0, 999) for _ in many], ""),
    ]
    for words, days, sales, hint in cases:
        expected = _before(days, sales)
        if not trial.equal(words, answer, [days, sales], expected, hint=hint):
            return
    days = _dates(trial, 20, 28)
    today = random.randint(6, 14)
    sales = [random.randint(0, 999) for _ in days]
    other = [s if i < today else s + 5000 for i, s in enumerate(sales)]
    words = "other sales from today on change nothing up to today"
    first, second = (
        list(trial.call(words, answer, [days, each]))[: today + 1]
        for each in (sales, other)
    )
    trial.expect(
        words,
        first == second,
        "A sum of the first days changed although only later sales did.",
    )


@exercise(
    "lesson6/best_constant",
    takes="sales",
    asks="Return the one number whose root mean squared percentage error "
    "over these sales is smallest.",
)
def check_best_constant(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check the minimum against a closed form, and by moving away from it."""
    wide = torch.rand(40, generator=trial.generator).double()
    cases = [
        (
            "always the same sales",
            torch.full((4,), 50.0, dtype=torch.float64),
            "If every day is the same, that is it.",
        ),
        (
            "two days, one far better",
            torch.tensor([10.0, 40.0], dtype=torch.float64),
            "Neither mean nor median: too high on a poor day costs more.",
        ),
        ("many days", 1000 + 9000 * wide, ""),
        ("days of very different size", 100 * (4 * wide).exp(), ""),
        ("one day", 5 + 90 * wide[:1], ""),
    ]
    for words, sales, hint in cases:
        expected = float((1 / sales).sum() / sales.pow(-2).sum())
        if not trial.equal(
            words, answer, [sales], expected, tolerance=1e-3, hint=hint
        ):
            return


@exercise(
    "lesson6/join_keys",
    takes="keys, table",
    asks="Return the value of each key, None for those that the table lacks, "
    "and the list of what is lacking; refuse a table with a key twice.",
)
def check_join_keys(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check joins: rows stay, what is lacking is told, copies are refused."""
    names = [f"{a}{b}" for a in "BHNST" for b in "EHNW"]
    trial.random.shuffle(names)
    known = [(name, trial.random.randint(1, 99)) for name in names[:12]]
    asked = trial.random.choices(names, k=20) + names[12:15] * 2
    trial.random.shuffle(asked)
    cases: list[tuple[str, list[str], list[tuple[str, int]], str]] = [
        (
            "all known",
            ["NW", "BE", "NW"],
            [("BE", 3), ("NW", 17), ("HH", 2)],
            "A value a key, in the order of the keys; nothing is lacking.",
        ),
        (
            "two are lacking, one of them twice",
            ["XX", "BE", "AA", "XX"],
            [("BE", 3)],
            "What is lacking stands there once, in alphabetical order.",
        ),
        (
            "a value of 0",
            ["BE", "NW"],
            [("BE", 0)],
            "A value of 0 was found, too.",
        ),
        ("many keys", asked, known, ""),
        ("an empty table", ["BE"], [], "Then everything is lacking."),
    ]
    for words, keys, table, hint in cases:
        values = dict(table)
        expected = (
            [values.get(key) for key in keys],
            sorted({key for key in keys if key not in values}),
        )
        if not trial.equal(words, answer, [keys, table], expected, hint=hint):
            return
    twice = [*known, (known[3][0], known[3][1] + 1)]
    trial.random.shuffle(twice)
    _refuses(trial, "a key twice", answer, [asked, twice])
    copy = [("BE", 3), ("NW", 4), ("BE", 3)]
    _refuses(trial, "a key twice, nobody asks", answer, [["NW"], copy])


def _refuses(
    trial: Trial, words: str, answer: Callable[..., Any], given: list[Any]
) -> None:
    """Expect a ValueError."""
    what = ""
    try:
        got = answer(*[list(part) for part in given])
    except ValueError:
        pass
    except Exception as error:
        what = f"a ValueError is asked for, not {type(error).__name__}."
    else:
        what = (
            f"you returned {describe(got)}; raise a ValueError, for a join "
            "would multiply rows."
        )
    trial.expect(f"{words}: refused", not what, what, given=given)
