"""Exercises: the reader passes an answer, the book says what is right.

`check("start/cost", cost)` looks up the check of that name in the room
`sevenlessons.exercises`, tries the answer on fresh cases and shows each in
words. A wrong answer never raises; the report is simply not true.
"""

import importlib
import os
import pkgutil
import re
import secrets
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .output import escape, publish
from .trial import Case, Stop, Trial

__all__ = ["Exercise", "Report", "check", "exercise", "exercise_keys"]

ROOM = "sevenlessons.exercises"


@dataclass(frozen=True)
class Exercise:
    """One registered check.

    Attributes
    ----------
    key
        ``lesson/name`` as pages write it.
    asks_for
        ``"function"`` or ``"value"``.
    run
        The check itself; it tells a `Trial` what it saw.

    """

    key: str
    asks_for: str
    run: Callable[[Trial, Any], None]


class Report:
    """What a check found; true if every case passed.

    Parameters
    ----------
    key
        Name of the exercise.
    cases
        What was tried, in order.

    """

    def __init__(self, key: str, cases: list[Case]) -> None:
        self.key = key
        self.cases = cases

    def __bool__(self) -> bool:
        return bool(self.cases) and all(case.passed for case in self.cases)

    def __repr__(self) -> str:
        passed = sum(case.passed for case in self.cases)
        return f"Report({self.key!r}: {passed} of {len(self.cases)} passed)"

    def __str__(self) -> str:
        lines = [f"{self.key}: {self._verdict()}"]
        for case in self.cases:
            lines.append(f"  {'ok ' if case.passed else 'NOT'} {case.words}")
            if case.detail:
                lines.append(f"      {case.detail}")
        return "\n".join(lines)

    def _ipython_display_(self) -> None:
        """Do nothing: `check` has shown the report already."""

    def show(self) -> None:
        """Show the report: HTML in a notebook, text elsewhere."""
        page = {"text/plain": str(self), "text/html": self._html()}
        publish(page) or print(self)

    def _verdict(self) -> str:
        if self:
            return "solved, every case passes"
        failed = sum(not case.passed for case in self.cases)
        word = "case does" if failed == 1 else "cases do"
        return f"not yet, {failed} {word} not pass"

    def _html(self) -> str:
        items = "".join(
            f"<li>{_badge(case.passed)} {escape(case.words)}"
            + (
                f"<br><span>{_marked(case.detail)}</span>"
                if case.detail
                else ""
            )
            + "</li>"
            for case in self.cases
        )
        return (
            '<div class="exercise-report" style="border-left:4px solid '
            f'{"#0f9b74" if self else "#d55e00"};padding-left:.8em">'
            f"<p><strong>{escape(self.key)}</strong>: {self._verdict()}</p>"
            f'<ul style="list-style:none;padding-left:0">{items}</ul></div>'
        )


def exercise(
    key: str, asks_for: str = "function"
) -> Callable[[Callable[[Trial, Any], None]], Callable[[Trial, Any], None]]:
    """Register the decorated function as the check called `key`.

    Parameters
    ----------
    key
        ``lesson/name``; the module must be called after the lesson:
        ``exercises/start.py``, ``exercises/lesson1_classify.py``.
    asks_for
        ``"function"`` if the answer must be callable, else ``"value"``.

    """
    if asks_for not in ("function", "value"):
        raise ValueError(
            f"asks_for must be 'function' or 'value', got {asks_for!r}"
        )

    def register(
        run: Callable[[Trial, Any], None],
    ) -> Callable[[Trial, Any], None]:
        if key in _known and _known[key].run.__module__ != run.__module__:
            raise ValueError(f"two checks are called {key!r}; rename one")
        _known[key] = Exercise(key, asks_for, run)
        return run

    return register


def exercise_keys(lesson: str) -> list[str]:
    """Return the names of all exercises of a lesson.

    Examples
    --------
    >>> from sevenlessons.page.exercises import exercise_keys
    >>> "start/cost" in exercise_keys("start")
    True

    """
    room = importlib.import_module(ROOM)
    for module in pkgutil.iter_modules(room.__path__):
        if module.name == lesson or module.name.startswith(f"{lesson}_"):
            importlib.import_module(f"{ROOM}.{module.name}")
    return sorted(key for key in _known if key.startswith(f"{lesson}/"))


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
    known = exercise_keys(key.split("/")[0])
    if key not in known:
        raise ValueError(
            f"no exercise is called {key!r}; this lesson has "
            f"{', '.join(known) or 'none'}"
        )
    trial = Trial(_fresh_seed(key) if seed is None else seed)
    try:
        if _known[key].asks_for == "function":
            trial.need_function(answer)
        else:
            trial.need_value(answer)
        _known[key].run(trial, answer)
    except Stop:
        pass
    report = Report(key, trial.cases)
    report.show()
    return report


def _fresh_seed(key: str) -> int:
    """Return a new seed; the same for each run of the book's own pages."""
    if "SEVENLESSONS_PAGE" in os.environ:
        return zlib.crc32(key.encode())
    return secrets.randbits(32)


def _marked(text: str) -> str:
    """Return `text` as HTML, with what stands in backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _badge(passed: bool) -> str:
    word, colour = ("passed", "#0b6b4f") if passed else ("not yet", "#b3261e")
    return (
        f'<strong style="background:{colour};color:#fff;border-radius:3px;'
        f'padding:0 .4em">{word}</strong>'
    )


_known: dict[str, Exercise] = {}
