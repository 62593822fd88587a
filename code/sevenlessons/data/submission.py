"""Competition files: write predictions, check them as a referee, score them.

A competition hands out rows without answers. You send back a csv file with
one line a row, and a program that you cannot argue with compares it with the
answers. Write with `write_submission`, read again with `read_submission`,
and score rows whose answers you know with `scoring.log_loss`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["SubmissionError", "read_submission", "write_submission"]


class SubmissionError(ValueError):
    """A file that a referee would refuse; the message says which line."""


def write_submission(
    path: str | Path,
    ids: Sequence[str],
    values: Sequence[Any] | np.ndarray,
    *,
    column: str = "label",
    id_column: str = "id",
) -> Path:
    """Write a csv file with the columns ``id`` and `column`.

    Parameters
    ----------
    path
        File to write.
    ids
        One name a row, in the order that the competition gave.
    values
        One label or probability a row.
    column
        Name of the second column.
    id_column
        Name of the first.

    Returns
    -------
    pathlib.Path
        `path`.

    Raises
    ------
    ValueError
        If the two are not equally long, or there is no row.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "answers.csv"
    ...     text = write_submission(file, ["a", "b"], ["x", "y"]).read_text()
    >>> text.split()
    ['id,label', 'a,x', 'b,y']

    """
    ids, values = list(ids), list(values)
    if not ids or len(ids) != len(values):
        raise ValueError(
            "expected as many ids as values, and at least one, got "
            f"{len(ids)} ids and {len(values)} values"
        )
    table = pd.DataFrame({id_column: ids, column: values})
    table.to_csv(path, index=False, lineterminator="\n")
    return Path(path)


def read_submission(
    path: str | Path,
    ids: Sequence[str],
    *,
    column: str = "label",
    id_column: str = "id",
    labels: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Read a submission and refuse it unless every line is as it must be.

    Parameters
    ----------
    path
        A csv file.
    ids
        The names that must be there, each once, in this order.
    column
        Name of the second column. The values of ``"probability"`` must be
        numbers in ``[0, 1]``.
    id_column
        Name of the first column.
    labels
        If given, the only values allowed.

    Returns
    -------
    pandas.DataFrame
        Columns `id_column` and `column`, all of it text but probabilities.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    SubmissionError
        For the first thing that is wrong.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = write_submission(Path(folder) / "s.csv", ["a"], ["x"])
    ...     read_submission(file, ["a"], labels=["x", "y"])
      id label
    0  a     x

    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"no such file: {path}")
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise SubmissionError(
            f"{path.name} is no csv table ({str(error).strip()}); expected "
            f"the header {id_column},{column} and two values a line"
        ) from error
    if list(table.columns) != [id_column, column]:
        raise SubmissionError(
            f"expected the columns {id_column},{column}, got "
            f"{','.join(map(str, table.columns))}"
        )
    _check_ids(list(table[id_column]), list(ids))
    if column == "probability":
        table[column] = _probabilities(list(table[column]))
    elif labels is not None:
        for line, value in enumerate(table[column], start=2):
            if value not in labels:
                raise SubmissionError(
                    f"line {line}: {value!r} is no label; expected one of "
                    f"{', '.join(labels)}"
                )
    return table


def _check_ids(got: list[str], expected: list[str]) -> None:
    """Refuse ids that are repeated, missing, unknown or out of order."""
    seen: dict[str, int] = {}
    known = set(expected)
    for line, name in enumerate(got, start=2):  # line 1 is the header
        if name in seen:
            raise SubmissionError(
                f"line {line}: id {name!r} stands on line {seen[name]} "
                "already; give one line an id"
            )
        if name not in known:
            raise SubmissionError(
                f"line {line}: id {name!r} is unknown; take the ids from "
                "the list of the competition"
            )
        seen[name] = line
    missing = [name for name in expected if name not in seen]
    if missing:
        raise SubmissionError(
            f"{len(missing)} of {len(expected)} ids are missing, the first "
            f"is {missing[0]!r}; predict every row"
        )
    for line, (name, wanted) in enumerate(
        zip(got, expected, strict=True), start=2
    ):
        if name != wanted:
            raise SubmissionError(
                f"line {line}: expected id {wanted!r}, got {name!r}; keep "
                "the order of the competition's list"
            )


def _probabilities(texts: list[str]) -> list[float]:
    """Return the texts as numbers in [0, 1]."""
    numbers = []
    for line, text in enumerate(texts, start=2):
        try:
            number = float(text)
        except ValueError:
            raise SubmissionError(
                f"line {line}: probability {text!r} is no number"
            ) from None
        if not 0 <= number <= 1:  # also refuses NaN
            raise SubmissionError(
                f"line {line}: probability {text} is outside [0, 1]; "
                "was it a score before sigmoid or softmax?"
            )
        numbers.append(number)
    return numbers
