"""Remembers, in a small file of the reader's own, what was solved.

The file is JSON and holds, for each exercise that was tried, the number of
attempts until it was solved and the day of the first success. Nothing else,
and nothing is sent anywhere. It lies in the user's data folder, or where
the environment variable ``SEVENLESSONS_PROGRESS`` says; it may be deleted.
"""

import json
import os
import re
import sys
import tempfile
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import platformdirs
from filelock import FileLock

__all__ = [
    "Tries",
    "note_attempt",
    "progress_file",
    "read_progress",
    "runs_a_solution",
]

VARIABLE = "SEVENLESSONS_PROGRESS"
WAIT = 5.0  # seconds for another notebook to finish writing


@dataclass(frozen=True)
class Tries:
    """What is remembered of one exercise.

    Attributes
    ----------
    attempts
        How often it was checked, up to the first success.
    solved
        The day of that success, as ``2026-11-21``; empty before.

    """

    attempts: int = 0
    solved: str = ""


def progress_file() -> Path:
    """Return where the progress is kept; the file need not exist.

    Examples
    --------
    >>> from sevenlessons.page.solved import progress_file
    >>> progress_file().suffix
    '.json'

    """
    named = os.environ.get(VARIABLE, "").strip()
    if named:
        return Path(named).expanduser().absolute()
    return Path(platformdirs.user_data_dir("sevenlessons"), "progress.json")


def read_progress() -> tuple[dict[str, Tries], str]:
    """Return what is remembered by key, and a note if it cannot be read.

    Examples
    --------
    >>> from sevenlessons.page.solved import note_attempt, read_progress
    >>> note_attempt("start/cost", False), note_attempt("start/cost", False)
    ('', '')
    >>> read_progress()
    ({'start/cost': Tries(attempts=2, solved='')}, '')

    """
    path = progress_file()
    try:
        known, unknown = _read(path)
    except OSError as error:
        return {}, f"Your progress in {path} cannot be read: {error}"
    note = f"{path} is damaged; the next check mends it." if unknown else ""
    return known, note


def note_attempt(key: str, solved: bool) -> str:
    """Remember the outcome of one check.

    Parameters
    ----------
    key
        The exercise.
    solved
        Whether every case passed.

    Returns
    -------
    str
        Empty, or one line for the reader about what went wrong with the
        file: each thing is told once. While the book itself is executed
        nothing is remembered.

    """
    if "SEVENLESSONS_PAGE" in os.environ:
        return ""
    path = progress_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock", timeout=WAIT):
            known, damaged = _read(path)
            note = _put_aside(path) if damaged else ""
            tries = known.get(key, Tries())
            if not tries.solved:
                today = date.today().isoformat() if solved else ""
                known[key] = Tries(tries.attempts + 1, today)
            _write(path, known)
        return note
    except (OSError, NotImplementedError) as error:
        return _once(
            f"Note: your progress could not be kept in {path} ({error}). "
            f"The check is right all the same. {VARIABLE} may name another "
            "file."
        )


def runs_a_solution(key: str) -> bool:
    """Say whether the running cell is a solution of the book.

    Solutions are told from attempts by their ``assert check(...)``, so that
    to run a whole page solves nothing. Outside a notebook it is never so.

    Parameters
    ----------
    key
        The exercise.

    Examples
    --------
    >>> from sevenlessons.page.solved import runs_a_solution
    >>> runs_a_solution("start/cost")
    False

    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    cells = getattr(shell, "user_ns", {}).get("In") or [""]
    pattern = rf"^assert check\(\s*[\"']{re.escape(key)}[\"']"
    return bool(re.search(pattern, str(cells[-1]), re.MULTILINE))


def _read(path: Path) -> tuple[dict[str, Tries], bool]:
    """Return the entries that can be read, and whether some cannot."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}, False
    except UnicodeDecodeError:
        return {}, True
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}, True
    if not isinstance(found, dict):
        return {}, True
    good = {k: Tries(**v) for k, v in found.items() if _is_entry(v)}
    return good, len(good) < len(found)


def _is_entry(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"attempts", "solved"}
        and isinstance(value["attempts"], int)
        and isinstance(value["solved"], str)
    )


def _put_aside(path: Path) -> str:
    """Keep a damaged file under another name, and never over an older."""
    number, aside = 1, Path(f"{path}.broken")
    while aside.exists():
        number += 1
        aside = Path(f"{path}.broken-{number}")
    os.replace(path, aside)
    return (
        f"Note: the file of your progress was damaged. It is kept as {aside}; "
        f"what could be read of it is in {path}."
    )


def _write(path: Path, known: dict[str, Tries]) -> None:
    """Replace the file in one step: no reader ever sees half of it."""
    entries = {key: asdict(known[key]) for key in sorted(known)}
    text = json.dumps(entries, indent=1) + "\n"
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".new")
    try:
        with open(handle, "w", encoding="utf-8") as new:
            new.write(text)
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise


def _once(note: str) -> str:
    """Return a note the first time, nothing when it was told before."""
    if note in _told:
        return ""
    _told.add(note)
    return note


_told: set[str] = set()
