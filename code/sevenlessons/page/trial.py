"""One trial of a reader's answer: cases in words, never the solution."""

import random
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import torch
from torch import Tensor

__all__ = ["Case", "Stop", "Trial", "describe"]

NOTHING = "Nothing returned yet: write the body and end it in `return ...`."


class Stop(Exception):
    """Raised inside a check when further cases would say the same."""


@dataclass(frozen=True)
class Case:
    """One thing that was tried.

    Attributes
    ----------
    words
        What was tried, for the reader.
    passed
        Whether it went well.
    detail
        If not: the input, what came back, a hint.

    """

    words: str
    passed: bool
    detail: str = ""


class Trial:
    """Collects the cases of one check.

    Parameters
    ----------
    seed
        Of `random` and `generator`, from which a check draws its cases.

    Examples
    --------
    >>> from sevenlessons.page.trial import Trial
    >>> trial = Trial(seed=0)
    >>> trial.equal("doubles 2", lambda x: x + x, [2], 4)
    True
    >>> trial.equal("doubles 3", lambda x: x * x, [3], 6)
    False
    >>> trial.cases[1].detail
    'For input (3) you returned 9, which is not right.'

    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.generator = torch.Generator().manual_seed(seed)
        self.cases: list[Case] = []

    def expect(self, words: str, passed: bool, detail: str = "") -> bool:
        """Add a case; `detail` is shown if it did not pass."""
        self.cases.append(Case(words, bool(passed), "" if passed else detail))
        return bool(passed)

    def stop(self, words: str, detail: str) -> NoReturn:
        """Add a failed case and end the check."""
        self.expect(words, False, detail)
        raise Stop

    def need_function(self, answer: Any) -> None:
        """Stop unless the answer can be called."""
        if callable(answer):
            return
        detail = f"Expected a function, got {describe(answer)}. "
        detail += "Pass its name without parentheses."
        if answer is None or answer is ...:
            detail = "Nothing there yet: define the function first."
        self.stop("your answer is a function", detail)

    def need_value(self, answer: Any) -> None:
        """Stop if the answer is still the placeholder."""
        if answer is None or answer is ...:
            self.stop(
                "your answer has a value",
                "Nothing there yet: put your value in place of the dots.",
            )

    def call(
        self, words: str, function: Callable[..., Any], args: list[Any]
    ) -> Any:
        """Return what the reader's function returns; stop if it cannot.

        Parameters
        ----------
        words
            What is tried, shown if the call fails.
        function
            The answer.
        args
            What it is given.

        """
        try:
            got = function(*args)
        except Exception as error:
            self.expect(words, False, _kindly(error, args))
            raise Stop from error
        if got is None or got is ...:
            self.stop("your function returns something", NOTHING)
        return got

    def equal(
        self,
        words: str,
        function: Callable[..., Any],
        args: list[Any],
        expected: Any,
        *,
        tolerance: float = 0.0,
        hint: str = "",
    ) -> bool:
        """Call the reader's function and compare what it returns.

        Parameters
        ----------
        words
            What is tried, in words.
        function
            The answer.
        args
            What it is given.
        expected
            What a right answer returns; its type is asked for too.
        tolerance
            Largest allowed difference, absolute.
        hint
            Shown if the answer differs.

        """
        got = self.call(words, function, args)
        wrong = _difference(got, expected, tolerance)
        detail = f"For input ({_listed(args)}) you returned {describe(got)}"
        return self.expect(
            words, not wrong, f"{detail}, {wrong} {hint}".strip()
        )


def describe(value: Any) -> str:
    """Return a short text for a value: numbers in full, tensors by shape.

    Examples
    --------
    >>> from sevenlessons.page.trial import describe
    >>> describe([1.23456789, "a"])
    "[1.23457, 'a']"

    """
    if isinstance(value, Tensor):
        if value.numel() > 8:
            kind = str(value.dtype).removeprefix("torch.")
            return f"a {kind} tensor of shape {tuple(value.shape)}"
        return f"tensor({describe(value.tolist())})"
    if isinstance(value, float):
        return f"{value:.6g}"
    if callable(value):
        return f"the function {getattr(value, '__name__', repr(value))}"
    if isinstance(value, list | tuple):
        inside = ", ".join(describe(item) for item in value[:12])
        inside += ", …" if len(value) > 12 else ""
        return f"[{inside}]" if isinstance(value, list) else f"({inside})"
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}…"


def _listed(args: list[Any]) -> str:
    return ", ".join(describe(arg) for arg in args)


def _kindly(error: Exception, args: list[Any]) -> str:
    """Say what went wrong, with which input, on which line."""
    frames = traceback.extract_tb(error.__traceback__)
    line = frames[-1].line if len(frames) > 1 else ""
    at = f" at the line `{line}`" if line else ""
    return (
        f"For input ({_listed(args)}) it stopped{at} with "
        f"{type(error).__name__}: {error}"
    )


def _difference(got: Any, expected: Any, tolerance: float) -> str:
    """Return what is wrong with `got`; nothing if it is right."""
    if isinstance(expected, Tensor):
        if not isinstance(got, Tensor):
            return "but a tensor is asked for."
        if got.shape != expected.shape:
            return (
                f"but the shape should be {tuple(expected.shape)}, not "
                f"{tuple(got.shape)}."
            )
        apart = (got.double() - expected.double()).abs().max().item()
        if not apart <= tolerance:
            return f"which is off by up to {apart:.3g}."
        return ""
    if isinstance(expected, tuple | list):
        if not isinstance(got, tuple | list) or len(got) != len(expected):
            return f"but {len(expected)} values are asked for."
        pairs = zip(got, expected, strict=True)
        return next(
            (w for g, e in pairs if (w := _difference(g, e, tolerance))), ""
        )
    number = isinstance(expected, int | float)
    if number and not isinstance(expected, bool):
        try:
            apart = abs(float(got) - float(expected))
        except (TypeError, ValueError):
            return "but a number is asked for."
        return "" if apart <= tolerance else "which is not right."
    if type(got) is not type(expected):
        return f"but {type(expected).__name__} is asked for."
    return "" if got == expected else "which is not right."
