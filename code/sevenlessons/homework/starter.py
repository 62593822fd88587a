"""Writes a file with an empty answer for each exercise of a lesson."""

import textwrap
from pathlib import Path

from sevenlessons.page.registry import Exercise, exercise_keys, find_exercise

__all__ = ["starter_text", "write_starter"]


def starter_text(lesson: str, folder: str = "my_folder") -> str:
    """Return the text of the file for one lesson.

    Parameters
    ----------
    lesson
        Name of the lesson.
    folder
        Where the file will lie, as the command that checks it names it.

    Examples
    --------
    >>> from sevenlessons.homework.starter import starter_text
    >>> print(starter_text("start"))
    \"\"\"Answers to the exercises of start.
    ...
    def group_split(groups, valid, seed):
    ...

    """
    parts = [
        f'"""Answers to the exercises of {lesson}.\n\n'
        "Fill in what you like, then check it:\n\n"
        f"    python -m sevenlessons exercises {lesson} --solutions {folder}\n"
        '"""\n'
    ]
    asked = [find_exercise(key) for key in exercise_keys(lesson)]
    page = ""
    for exercise in sorted(asked, key=lambda e: (e.page, e.key)):
        if exercise.page != page:
            page = exercise.page
            parts.append(f"# Page {page}\n")
        parts.append(_stub(exercise))
    return "\n\n".join(parts)


def write_starter(folder: Path, lesson: str) -> Path:
    """Write the file for one lesson; an existing file is left alone.

    Parameters
    ----------
    folder
        Made where it does not exist.
    lesson
        Name of the lesson; the file is called after it.

    Returns
    -------
    Path
        The new file.

    Raises
    ------
    FileExistsError
        If there is such a file: your answers are in it.

    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{lesson}.py"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(starter_text(lesson, str(folder)))
    except FileExistsError:
        raise FileExistsError(
            f"{path} exists and is left as it is; name another folder, or "
            "move the file away first"
        ) from None
    return path


def _stub(exercise: Exercise) -> str:
    if exercise.takes is None:
        task = textwrap.wrap(
            exercise.asks, 79, initial_indent="# ", subsequent_indent="# "
        )
        return "\n".join([*task, f"{exercise.name} = ...\n"])
    task = textwrap.wrap(
        f'"""{exercise.asks}"""',
        79,
        initial_indent="    ",
        subsequent_indent="    ",
    )
    head = f"def {exercise.name}({exercise.takes}):"
    if len(head) > 79:
        head = f"def {exercise.name}(\n    {exercise.takes}\n):"
    return "\n".join([head, *task, "    ...\n"])
