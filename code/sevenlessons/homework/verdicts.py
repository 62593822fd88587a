"""Judges the answers in a folder, with pytest or without it."""

import importlib.util
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sevenlessons.page.exercises import try_answer
from sevenlessons.page.registry import exercise_keys, lessons
from sevenlessons.page.solved import note_attempt

from .answers import Answer, answer_files, answers_in, complete

__all__ = [
    "Verdict",
    "asked_keys",
    "has_pytest",
    "judge",
    "judge_folder",
]


@dataclass(frozen=True)
class Verdict:
    """What became of one answer.

    Attributes
    ----------
    outcome
        ``"passed"``, ``"failed"`` or ``"skipped"``.
    text
        The report of a failure, or why the answer was skipped.
    note
        A remark on the file that keeps the progress; mostly empty.

    """

    outcome: str
    text: str = ""
    note: str = ""


def asked_keys(names: Sequence[str]) -> list[str]:
    """Return the exercises of some lessons; of all if none is named.

    Examples
    --------
    >>> from sevenlessons.homework.verdicts import asked_keys
    >>> asked_keys(["lesson99"])
    Traceback (most recent call last):
    ValueError: no lesson with exercises is called 'lesson99'; there are ...

    """
    known = lessons()
    for name in names:
        if name not in known:
            raise ValueError(
                f"no lesson with exercises is called {name!r}; there are "
                f"{', '.join(known)}"
            )
    return [key for name in names or known for key in exercise_keys(name)]


def judge(answer: Answer) -> Verdict:
    """Try one answer, and remember the outcome in the reader's progress.

    Examples
    --------
    >>> from sevenlessons.homework.answers import Answer
    >>> from sevenlessons.homework.verdicts import judge
    >>> judge(Answer("start/cost")).text
    'no answer yet: start/cost'

    """
    if answer.error:
        return Verdict("failed", answer.error)
    if answer.missing:
        return Verdict("skipped", f"no answer yet: {answer.key}")
    report = try_answer(answer.key, answer.value)
    note = note_attempt(answer.key, bool(report))
    if report:
        return Verdict("passed", note=note)
    return Verdict("failed", str(report), note)


def has_pytest() -> bool:
    """Say whether pytest is installed.

    Examples
    --------
    >>> from sevenlessons.homework.verdicts import has_pytest
    >>> has_pytest()
    True

    """
    return importlib.util.find_spec("pytest") is not None


def judge_folder(folder: Path, keys: Sequence[str]) -> tuple[str, int]:
    """Judge every answer in a folder and tell it as pytest would.

    Parameters
    ----------
    folder
        Where the files lie.
    keys
        The exercises that are asked for.

    Returns
    -------
    text : str
        A line for each exercise, then the reports of those that failed.
    status : int
        1 if an answer failed, else 0.

    Examples
    --------
    >>> from pathlib import Path
    >>> from sevenlessons.homework.verdicts import judge_folder
    >>> print(judge_folder(Path("no_such_folder"), ["start/cost"])[0])
    start/cost SKIPPED
    <BLANKLINE>
    SKIPPED no answer yet: start/cost
    1 skipped

    """
    found: list[Answer] = []
    for path in answer_files(folder):
        found += answers_in(path, keys)
    count: Counter[str] = Counter()
    lines, failures, notes = [], [], []
    for answer in complete(keys, found):
        verdict = judge(answer)
        count[verdict.outcome] += 1
        where = f"{answer.path.name}::" if answer.path else ""
        name = f"{where}{answer.key or 'import'}"
        lines.append(f"{name} {verdict.outcome.upper()}")
        if verdict.outcome == "failed":
            failures += ["", f"____ {name} ____", verdict.text]
        if verdict.outcome == "skipped":
            notes.append(f"SKIPPED {verdict.text}")
        notes += [verdict.note] if verdict.note else []
    summary = ", ".join(f"{count[name]} {name}" for name in sorted(count))
    return "\n".join([*lines, *failures, "", *notes, summary]), int(
        count["failed"] > 0
    )
