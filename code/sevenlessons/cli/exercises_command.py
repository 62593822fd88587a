"""``python -m sevenlessons exercises``: progress, answers in files.

The checks import torch, so they are loaded when they are needed: the other
commands work without it.
"""

import argparse
import importlib
import os
import sys
from pathlib import Path
from typing import Any

__all__ = ["add_exercises_command", "run_exercises"]

_DESCRIPTION = """\
Show which exercises you have solved. With a lesson: its exercises, each with
its task. With --solutions: check the answers in a folder.
"""
_EPILOG = """\
answers in files:
  Every .py file in the folder counts. The answer to lesson5/softmax is the
  function called softmax, the answer to a question for a value is a name.
  What stands behind -- goes to pytest, where it is installed.

environment:
  SEVENLESSONS_PROGRESS  the file that remembers what you have solved

examples:
  python -m sevenlessons exercises                      how far you are
  python -m sevenlessons exercises start                one lesson's tasks
  python -m sevenlessons exercises start --write mine   empty answers
  python -m sevenlessons exercises start --solutions mine
  python -m sevenlessons exercises start --solutions mine -- -x -k cost
"""


def add_exercises_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    """Add ``exercises`` to the commands of a parser."""
    parser = commands.add_parser(
        "exercises",
        help="show your progress, check answers in files",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "lesson", nargs="?", metavar="LESSON", help="start, lesson1, ..."
    )
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--solutions",
        metavar="FOLDER",
        type=Path,
        help="check the answers in this folder, with pytest if it is there",
    )
    group.add_argument(
        "--write",
        metavar="FOLDER",
        type=Path,
        help="write a file of empty answers for each lesson asked for",
    )
    parser.set_defaults(run=run_exercises)


def run_exercises(options: argparse.Namespace) -> int:
    """Do what the options of ``exercises`` say; return the exit status."""
    verdicts = importlib.import_module("sevenlessons.homework.verdicts")
    named = [options.lesson] if options.lesson else []
    try:
        keys = verdicts.asked_keys(named)
    except ValueError as error:
        print(error)
        return 2
    if options.more and not options.solutions:
        print("what stands behind -- is for pytest: give --solutions FOLDER")
        return 2
    if options.solutions:
        return _check(options.solutions, named, keys, options.more, verdicts)
    if options.write:
        return _write(options.write, named)
    tables = importlib.import_module("sevenlessons.cli.exercise_tables")
    print(tables.lesson_table(named[0]) if named else tables.progress_table())
    return 0


def _check(
    folder: Path, named: list[str], keys: list[str], more: list[str], do: Any
) -> int:
    if not folder.is_dir():
        print(f"{folder} is no folder; --write {folder} makes one with stubs")
        return 2
    if not do.has_pytest():
        print(
            "pytest is not installed, so the answers are checked without it"
            f"{' and its options' if more else ''}.\n"
            "To get it: pip install pytest\n"
        )
        text, status = do.judge_folder(folder, keys)
        print(text)
        return int(status)
    pytest = importlib.import_module("pytest")
    where = folder.resolve()
    sys.stdout.flush()
    return int(
        pytest.main(
            [
                str(where),
                "-v",
                "-rs",
                "--no-header",
                f"--rootdir={where}",
                f"--config-file={os.devnull}",  # ours, whatever lies around
                *(f"--lesson={name}" for name in named),
                *more,
            ],
            plugins=[importlib.import_module("sevenlessons.homework.plugin")],
        )
    )


def _write(folder: Path, named: list[str]) -> int:
    starter = importlib.import_module("sevenlessons.homework.starter")
    registry = importlib.import_module("sevenlessons.page.registry")
    status = 0
    for lesson in named or registry.lessons():
        try:
            print(f"wrote {starter.write_starter(folder, lesson)}")
        except OSError as error:
            print(error)
            status = 1
    return status
