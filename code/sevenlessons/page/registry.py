"""Knows the checks in the room `sevenlessons.exercises`, by name."""

import importlib
import os
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .trial import Trial

__all__ = [
    "Exercise",
    "exercise",
    "exercise_keys",
    "find_exercise",
    "lessons",
]

ROOM = "sevenlessons.exercises"
Check = Callable[[Trial, Any], None]


@dataclass(frozen=True)
class Exercise:
    """One registered check.

    Attributes
    ----------
    key
        ``lesson/name`` as pages write it.
    asks
        The task in one sentence.
    takes
        The arguments of the function that is asked for, as its definition
        names them; None if a value is asked for.
    page
        The page that asks.
    run
        The check itself; it tells a `Trial` what it saw.

    """

    key: str
    asks: str
    takes: str | None
    page: str
    run: Check

    @property
    def lesson(self) -> str:
        """The first part of the key."""
        return self.key.split("/")[0]

    @property
    def name(self) -> str:
        """The last part of the key: what an answer in a file is called."""
        return self.key.split("/")[1]


def exercise(
    key: str, *, asks: str, takes: str | None = None
) -> Callable[[Check], Check]:
    """Register the decorated function as the check called `key`.

    Parameters
    ----------
    key
        ``lesson/name``. The module is called after lesson and page: what
        ``exercises/start_run.py`` checks is asked on the page ``start/run``.
    asks
        The task in one sentence.
    takes
        The arguments of the function that is asked for; leave it out if a
        value is asked for.

    Examples
    --------
    >>> from sevenlessons.page.registry import exercise
    >>> exercise("start/cost", asks="a bill")
    Traceback (most recent call last):
    ValueError: asks must be a sentence with a full stop, got 'a bill'

    """
    if not asks.endswith("."):
        raise ValueError(
            f"asks must be a sentence with a full stop, got {asks!r}"
        )
    if not re.fullmatch(r"\w+/[a-z]\w*", key):
        raise ValueError(f"a key is lesson/name, got {key!r}")

    def register(run: Check) -> Check:
        if key in _known and _known[key].run.__module__ != run.__module__:
            raise ValueError(f"two checks are called {key!r}; rename one")
        page = run.__module__.split(".")[-1].replace("_", "/", 1)
        _known[key] = Exercise(key, asks, takes, page, run)
        return run

    return register


def lessons() -> list[str]:
    """Return the names of the lessons that have exercises.

    Examples
    --------
    >>> from sevenlessons.page.registry import lessons
    >>> lessons()[:2]
    ['start', 'lesson1']

    """
    names = {module.split("_")[0] for module in _modules()}
    return sorted(names, key=lambda name: (name.startswith("lesson"), name))


def exercise_keys(lesson: str) -> list[str]:
    """Return the names of all exercises of a lesson.

    Examples
    --------
    >>> from sevenlessons.page.registry import exercise_keys
    >>> "start/cost" in exercise_keys("start")
    True

    """
    for module in _modules():
        if module.split("_")[0] == lesson:
            importlib.import_module(f"{ROOM}.{module}")
    return sorted(key for key in _known if key.startswith(f"{lesson}/"))


def find_exercise(key: str) -> Exercise:
    """Return the exercise of that name.

    Examples
    --------
    >>> from sevenlessons.page.registry import find_exercise
    >>> find_exercise("start/cost").page
    'start/run'

    """
    page = os.environ.get("SEVENLESSONS_PAGE", "").replace("/", "_")
    if page in _modules():  # a page that is run depends on its own checks
        importlib.import_module(f"{ROOM}.{page}")
        if key in _known:
            return _known[key]
    known = exercise_keys(key.split("/")[0])
    if key not in known:
        raise ValueError(
            f"no exercise is called {key!r}; this lesson has "
            f"{', '.join(known) or 'none'}"
        )
    return _known[key]


def _modules() -> list[str]:
    room = importlib.import_module(ROOM)
    return [module.name for module in pkgutil.iter_modules(room.__path__)]


_known: dict[str, Exercise] = {}
