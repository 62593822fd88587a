"""Tables of exercises for a terminal of 80 columns."""

import textwrap

from sevenlessons.page.registry import (
    Exercise,
    exercise_keys,
    find_exercise,
    lessons,
)
from sevenlessons.page.solved import Tries, progress_file, read_progress

__all__ = ["lesson_table", "progress_table"]

_WIDTH = 79


def progress_table() -> str:
    """Return every lesson: its exercises by page, solved or not.

    Examples
    --------
    >>> from sevenlessons.cli.exercise_tables import progress_table
    >>> print(progress_table())
    start: 0 of 7 solved
      start/data
        [ ] start/group_split
    ...

    """
    known, note = read_progress()
    lines, solved, total = [], 0, 0
    for lesson in lessons():
        asked = _in_order(lesson)
        done = _solved(asked, known)
        solved, total = solved + done, total + len(asked)
        lines.append(f"{lesson}: {done} of {len(asked)} solved")
        page = ""
        for exercise in asked:
            if exercise.page != page:
                page = exercise.page
                lines.append(f"  {page}")
            lines.append(f"    {_row(exercise, known)}")
        lines.append("")
    lines.append(f"{solved} of {total} solved")
    lines += [note] if note else []
    lines.append(f"Remembered in {progress_file()}")
    lines.append("Tasks of a lesson: python -m sevenlessons exercises lesson1")
    return "\n".join(lines)


def lesson_table(lesson: str) -> str:
    """Return the exercises of a lesson, each with its task.

    Examples
    --------
    >>> from sevenlessons.cli.exercise_tables import lesson_table
    >>> print(lesson_table("start"))
    start: 0 of 7 solved
    <BLANKLINE>
    [ ] start/group_split
        on the page start/data; def group_split(groups, valid, seed)
        Return the row numbers of ...
    [ ] start/interval
    ...

    """
    known, note = read_progress()
    asked = _in_order(lesson)
    lines = [f"{lesson}: {_solved(asked, known)} of {len(asked)} solved", ""]
    for exercise in asked:
        name = exercise.name
        form = f"{name} = ..."
        if exercise.takes is not None:
            form = f"def {name}({exercise.takes})"
        lines.append(_row(exercise, known))
        lines += _indented(f"on the page {exercise.page}; {form}")
        lines += _indented(exercise.asks)
    lines += ["", note] if note else []
    return "\n".join(lines)


def _in_order(lesson: str) -> list[Exercise]:
    asked = [find_exercise(key) for key in exercise_keys(lesson)]
    return sorted(asked, key=lambda exercise: (exercise.page, exercise.key))


def _solved(asked: list[Exercise], known: dict[str, Tries]) -> int:
    return sum(bool(known.get(e.key, Tries()).solved) for e in asked)


def _row(exercise: Exercise, known: dict[str, Tries]) -> str:
    tries = known.get(exercise.key, Tries())
    mark = "x" if tries.solved else " "
    count = tries.attempts
    words = f"{count} attempt{'s' * (count != 1)}" if count else ""
    if tries.solved:
        words = f"solved {tries.solved}, {words}"
    return f"[{mark}] {exercise.key:<32}{words}".rstrip()


def _indented(text: str) -> list[str]:
    indent = "    "
    return textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=indent
    )
