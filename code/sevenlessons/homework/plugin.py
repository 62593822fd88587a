"""A plugin of pytest: one test for each exercise, in files of answers.

``pytest my_folder -p sevenlessons.homework.plugin`` takes every Python file
in the folder as answers. All options of pytest work.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .answers import Answer, answer_files, answers_in, complete
from .verdicts import asked_keys, judge

__all__ = [
    "AnswerFile",
    "ExerciseItem",
    "NotSolved",
    "pytest_addoption",
    "pytest_collect_file",
    "pytest_collection_modifyitems",
    "pytest_configure",
]


class NotSolved(Exception):
    """Carries the report of an answer that does not pass."""


class ExerciseItem(pytest.Item):
    """One exercise as a test.

    Parameters
    ----------
    answer
        What was found in the file.
    **kwargs
        What pytest hands on to `pytest.Item`.

    """

    def __init__(self, *, answer: Answer, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        self.answer = answer
        if answer.missing:
            reason = judge(answer).text
            self.add_marker(pytest.mark.skip(reason=reason))

    def runtest(self) -> None:
        verdict = judge(self.answer)
        if verdict.note:
            self.add_report_section("call", "progress", verdict.note)
        if verdict.outcome == "failed":
            raise NotSolved(verdict.text)

    def repr_failure(
        self,
        excinfo: pytest.ExceptionInfo[BaseException],
        style: object = None,
    ) -> str:
        """Return the report itself, and no traceback of ours."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int, str]:
        code = getattr(self.answer.value, "__code__", None)
        return self.path, code.co_firstlineno - 1 if code else 0, self.name


class AnswerFile(pytest.File):
    """A file of answers."""

    def collect(self) -> Iterator[ExerciseItem]:
        """Yield a test for each answer in the file."""
        keys = asked_keys(self.config.getoption("lesson"))
        for answer in answers_in(self.path, keys):
            name = answer.key or "import"
            yield ExerciseItem.from_parent(self, name=name, answer=answer)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--lesson``."""
    parser.getgroup("sevenlessons").addoption(
        "--lesson",
        action="append",
        default=[],
        metavar="LESSON",
        help="check the exercises of this lesson only; may be repeated",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a lesson that does not exist."""
    try:
        asked_keys(config.getoption("lesson"))
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> AnswerFile | None:
    """Take a Python file as answers if it, or its folder, was named."""
    named = _named(parent.config)
    if file_path in named:
        return AnswerFile.from_parent(parent, path=file_path)
    if file_path.parent in named and file_path in answer_files(
        file_path.parent
    ):
        return AnswerFile.from_parent(parent, path=file_path)
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add a skipped test for each exercise without answer; drop stubs."""
    if any("::" in arg for arg in config.args):  # single tests were named
        return
    mine = {i.answer: i for i in items if isinstance(i, ExerciseItem)}
    kept = complete(asked_keys(config.getoption("lesson")), list(mine))
    gone = [item for answer, item in mine.items() if answer not in kept]
    items[:] = [item for item in items if item not in gone]
    for answer in kept:
        if answer not in mine:
            items.append(
                ExerciseItem.from_parent(
                    session, name=answer.key, answer=answer
                )
            )


def _named(config: pytest.Config) -> set[Path]:
    """Return the files and folders of the command line."""
    start = config.invocation_params.dir
    return {(start / arg.split("::")[0]).resolve() for arg in config.args}
