"""What a check found, told in a notebook, in a terminal or to pytest."""

import re
from collections.abc import Sequence
from typing import Any

from .output import escape, publish
from .trial import Case

__all__ = ["Report"]


class Report:
    """What a check found; true if every case passed.

    Parameters
    ----------
    key
        Name of the exercise.
    cases
        What was tried, in order.
    again
        The call that tries the same cases again; empty if new ones would
        say the same.
    begun
        False if the answer is still the empty one of the page.

    Attributes
    ----------
    failed_input
        The arguments with which the first case failed, to be tried by hand;
        empty if none did.

    Examples
    --------
    >>> from sevenlessons.page.report import Report
    >>> from sevenlessons.page.trial import Case
    >>> report = Report("start/cost", [Case("it is a function", True)])
    >>> print(report)
    start/cost: solved, every case passes
      ok  it is a function

    """

    def __init__(
        self,
        key: str,
        cases: Sequence[Case],
        *,
        again: str = "",
        begun: bool = True,
    ) -> None:
        self.key = key
        self.cases = list(cases)
        self.again = again
        self.begun = begun
        failed = (list(case.given) for case in cases if not case.passed)
        self.failed_input: list[Any] = next(failed, [])

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
        lines += [f"  {self._advice()}"] if self._advice() else []
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

    def _advice(self) -> str:
        if self or not self.again:
            return ""
        advice = f"The same cases again: `{self.again}`"
        if self.failed_input:
            advice += "; the input that failed is its `.failed_input`"
        return f"{advice}."

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
        advice = f"<p>{_marked(self._advice())}</p>" if self._advice() else ""
        return (
            '<div class="exercise-report" style="border-left:4px solid '
            f'{"#0f9b74" if self else "#d55e00"};padding-left:.8em">'
            f"<p><strong>{escape(self.key)}</strong>: {self._verdict()}</p>"
            f'<ul style="list-style:none;padding-left:0">{items}</ul>'
            f"{advice}</div>"
        )


def _marked(text: str) -> str:
    """Return `text` as HTML, with what stands in backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _badge(passed: bool) -> str:
    word, colour = ("passed", "#0b6b4f") if passed else ("not yet", "#b3261e")
    return (
        f'<strong style="background:{colour};color:#fff;border-radius:3px;'
        f'padding:0 .4em">{word}</strong>'
    )
