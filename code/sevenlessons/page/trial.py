"""One trial of a reader's answer: cases in words, never the solution."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any, NoReturn

import torch

from .calling import Outcome, attempt, is_stub
from .compare import difference
from .wording import describe, listed

__all__ = ["Case", "Stop", "Trial"]

NOTHING = "Nothing returned yet: write the body and end it in `return ...`."
NO_VALUE = "Nothing there yet: put your value in place of the dots."


class Stop(Exception):
    """Raised inside a check when further cases would say the same."""


@dataclass(frozen=True)
class Case:
    """One thing that was tried.

    Attributes
    ----------
    words, passed
        What was tried, for the reader, and whether it went well.
    detail
        If not: the input, what came back, a hint.
    given
        If not: what the reader's function was given, to try it again.

    """

    words: str
    passed: bool
    detail: str = ""
    given: Sequence[Any] = field(default=(), compare=False, repr=False)


class Trial:
    """Collects the cases of one check.

    Parameters
    ----------
    seed
        Of `random` and `generator`, from which a check draws its cases.
    takes
        Names of the arguments that the reader's function is given, as they
        stand in its definition.

    Attributes
    ----------
    begun
        False if the answer is still the empty one of the page.

    Examples
    --------
    >>> from sevenlessons.page.trial import Trial
    >>> trial = Trial(seed=0)
    >>> trial.equal("doubles 2", lambda x: x + x, [2], 4)
    True
    >>> trial.equal("doubles 3", lambda x: x * x, [3], 6)
    False
    >>> trial.cases[1].detail
    'For input (3) you returned 9, which is not right: too large.'

    """

    def __init__(self, seed: int, takes: str = "") -> None:
        self.random = random.Random(seed)
        self.generator = torch.Generator().manual_seed(seed)
        self.takes = takes
        self.cases: list[Case] = []
        self.begun = True
        self._given: Sequence[Any] = ()
        self._told: set[str] = set()

    def expect(
        self,
        words: str,
        passed: bool,
        detail: str = "",
        *,
        given: Sequence[Any] | None = None,
    ) -> bool:
        """Add a case; `detail` is shown if it did not pass.

        Parameters
        ----------
        words, passed
            What is tried, and whether it went well.
        detail
            What the reader should know if not. The input is put before it.
        given
            That input; by default what `call` gave last.

        """
        if passed:
            self.cases.append(Case(words, True))
            return True
        given = self._given if given is None else given
        if given and not detail.startswith(_for_input(given)):
            detail = f"{_for_input(given)}: {detail}"
        self.cases.append(Case(words, False, detail, given))
        return False

    def stop(self, words: str, detail: str) -> NoReturn:
        """Add a failed case and end the check."""
        self.expect(words, False, detail)
        raise Stop

    def need_function(self, answer: Any) -> None:
        """Stop unless the answer can be called."""
        words = "your answer is a function"
        if answer is None or answer is ...:
            self.begun = False
            self.stop(words, "Nothing there yet: define the function first.")
        if not callable(answer):
            self.stop(
                words,
                f"Expected a function, got {describe(answer)}. Pass its name "
                "without parentheses.",
            )
        if is_stub(answer):
            self.begun = False
            self.stop("your function returns something", NOTHING)

    def need_value(self, answer: Any) -> None:
        """Stop if the answer is still the placeholder, or a function."""
        words = "your answer has a value"
        inside = answer.values() if isinstance(answer, Mapping) else [answer]
        if answer is None or any(item is ... for item in inside):
            self.begun = False
            self.stop(words, NO_VALUE)
        if isinstance(answer, FunctionType):
            self.stop(
                words,
                f"Expected a value, got {describe(answer)}. Call it, and pass "
                "what it returns.",
            )

    def call(
        self,
        words: str,
        function: Callable[..., Any],
        args: Sequence[Any],
        *,
        may_change: bool = False,
    ) -> Any:
        """Return what the reader's function returns; stop if it cannot.

        Parameters
        ----------
        words
            What is tried, shown if the call fails.
        function
            The answer.
        args
            What it is given: copies, so that a function that changes its
            input is found out and spoils nothing.
        may_change
            Give the arguments themselves and let them be changed.

        """
        self._given = args
        outcome = attempt(function, args, copied=not may_change)
        if outcome.error:
            called = getattr(function, "__name__", "your function")
            hint = f". The exercise calls `{called}({self.takes})`."
            hint = hint if outcome.never_ran else ""
            self.stop(words, f"{_for_input(args)} {outcome.error}{hint}")
        if outcome.value is None or outcome.value is ...:
            self._stop_without_value(args, outcome)
        if outcome.changed and self._first_time("changed"):
            self._tell_change(args, outcome.changed)
        return outcome.value

    def equal(
        self,
        words: str,
        function: Callable[..., Any],
        args: Sequence[Any],
        expected: Any,
        *,
        tolerance: float = 0.0,
        hint: str = "",
    ) -> bool:
        """Call the reader's function and compare what it returns.

        Parameters
        ----------
        words, function, args
            As for `call`.
        expected
            What a right answer returns; its type is asked for too.
        tolerance
            Largest allowed difference, absolute.
        hint
            Shown once if answers differ.

        """
        got = self.call(words, function, args)
        wrong = difference(got, expected, tolerance)
        if not wrong:
            return self.expect(words, True)
        detail = f"{_for_input(args)} you returned {describe(got)}, {wrong}"
        hint = f" {hint}" if hint and self._first_time(hint) else ""
        return self.expect(words, False, detail + hint)

    def _first_time(self, words: str) -> bool:
        new = words not in self._told
        self._told.add(words)
        return new

    def _stop_without_value(
        self, args: Sequence[Any], outcome: Outcome
    ) -> NoReturn:
        printed = outcome.printed.strip()
        detail = f"{_for_input(args)} it returned {outcome.value}. {NOTHING}"
        if outcome.value is None and printed:
            detail = (
                f"{_for_input(args)} it printed {describe(printed)} and "
                "returned nothing. What is only printed cannot be used: end "
                "in `return ...`."
            )
        self.stop("your function returns something", detail)

    def _tell_change(self, args: Sequence[Any], changed: dict) -> None:
        names = self.takes.split(", ")
        place, now = next(iter(changed.items()))
        name = names[place] if place < len(names) else ""
        what = f"`{name}`" if name else f"its argument number {place + 1}"
        self.expect(
            "your function leaves its input as it was",
            False,
            f"{_for_input(args)} it changed {what} to {describe(now)}. "
            "Whoever calls it may still need the old one: work on a copy "
            "(`x.clone()` of a tensor, `list(x)` of a list).",
        )


def _for_input(args: Sequence[Any]) -> str:
    return f"For input ({listed(args)})" if args else "Without input"
