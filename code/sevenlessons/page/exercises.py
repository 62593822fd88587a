"""Exercises: the reader passes an answer, the book says what is right.

`check("start/cost", cost)` looks up the check of that name in the room
`sevenlessons.exercises`, tries the answer on fresh cases and shows each in
words. A wrong answer never raises; the report is simply not true. What was
solved is noted in a file of the reader's own: see `solved`.
"""

import os
import secrets
import zlib
from typing import Any

from .output import publish
from .registry import find_exercise
from .report import Report
from .solved import note_attempt, runs_a_solution
from .trial import Stop, Trial
from .wording import describe

__all__ = ["check", "try_answer"]

SEEDS = 10**6  # short enough to be typed again


def try_answer(key: str, answer: Any, *, seed: int | None = None) -> Report:
    """Try an answer and return the report; show and note nothing.

    Parameters
    ----------
    key
        Name of the exercise.
    answer
        A function or a value.
    seed
        Repeats the same cases; by default they are new each time, except
        where the book itself is executed.

    Examples
    --------
    >>> from sevenlessons.page.exercises import try_answer
    >>> try_answer("start/default", 7)
    Report('start/default': 0 of 1 passed)

    """
    asked = find_exercise(key)
    seed = _fresh_seed(key) if seed is None else seed
    trial = Trial(seed, asked.takes or "")
    try:
        if asked.takes is None:
            trial.need_value(answer)
        else:
            trial.need_function(answer)
        asked.run(trial, answer)
    except Stop:
        pass
    except Exception as error:  # a wrong answer never raises
        trial.expect(
            "the check can make sense of your answer",
            False,
            f"With {describe(answer)} the check itself stopped: "
            f"{type(error).__name__}: {error}. If you think that you are "
            "right, please report it to the book.",
        )
    name = getattr(answer, "__name__", "answer")
    name = name if name.isidentifier() else "answer"
    again = f'check("{key}", {name}, seed={seed})' if trial.begun else ""
    return Report(key, trial.cases, again=again, begun=trial.begun)


def check(key: str, answer: Any, *, seed: int | None = None) -> Report:
    """Try an answer on fresh cases, show the report and return it.

    Parameters
    ----------
    key
        Name of the exercise, as the page gives it.
    answer
        Your function, without parentheses, or your value.
    seed
        Repeats the same cases; by default they are new each time, except
        where the book itself is executed.

    Returns
    -------
    Report
        True if every case passed.

    Raises
    ------
    ValueError
        If no exercise has that name.

    Examples
    --------
    >>> from sevenlessons.page.exercises import check
    >>> bool(check("start/cost", lambda price, hours, free: None))
    start/cost: not yet, 1 case does not pass
      NOT your function returns something
          Nothing returned yet: write the body and end it in `return ...`.
    False

    """
    report = try_answer(key, answer, seed=seed)
    report.show()
    if report.begun and not runs_a_solution(key):
        note = note_attempt(key, bool(report))
        if note:
            publish({"text/plain": note}) or print(note)
    return report


def _fresh_seed(key: str) -> int:
    """Return a new seed; the same for each run of the book's own pages."""
    if "SEVENLESSONS_PAGE" in os.environ:
        return zlib.crc32(key.encode()) % SEEDS
    return secrets.randbelow(SEEDS)
