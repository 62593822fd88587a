"""What to do about each picture: decided in a csv file, never on the spot.

A decision keeps, removes or relabels one file. `cleaned_table` follows the
decisions without touching a file, and is all that training needs. Who wants
the files themselves in order goes on to `quarantine`.
"""

import csv
import os
from collections.abc import Iterable
from dataclasses import astuple, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pandas as pd

__all__ = [
    "Decision",
    "cleaned_table",
    "one_a_file",
    "read_decisions",
    "write_decisions",
]

PathLike = str | os.PathLike[str]
_ACTIONS = ("keep", "remove", "relabel")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Decision:
    """What to do about one file.

    Parameters
    ----------
    path
        The file, relative to the folder of the data set, with ``/``.
    action
        ``"keep"``, ``"remove"`` or ``"relabel"``.
    label
        The new label; only for ``"relabel"``.
    reason
        Why, for whoever reads the csv file in a year.
    when
        Time in UTC; now, if not given.

    Examples
    --------
    >>> Decision("cat/7.jpg", "remove", reason="a dog", when="today").action
    'remove'
    >>> Decision("cat/7.jpg", "delete")
    Traceback (most recent call last):
    ValueError: action must be keep, remove or relabel, got 'delete'

    """

    path: str
    action: str
    label: str = ""
    reason: str = ""
    when: str = field(default_factory=_now)

    def __post_init__(self) -> None:
        if self.action not in _ACTIONS:
            raise ValueError(
                f"action must be keep, remove or relabel, got {self.action!r}"
            )
        if (self.action == "relabel") != bool(self.label):
            raise ValueError(
                f"a label belongs to the action relabel and to no other, got "
                f"action {self.action!r} with label {self.label!r} for "
                f"{self.path}"
            )
        parts = PurePosixPath(self.path).parts
        outside = not parts or ".." in parts or parts[0][0] == "/"
        if outside or "\\" in self.path or ":" in parts[0]:
            raise ValueError(
                f"a path is relative to the folder and stays inside it, got "
                f"{self.path!r}; write it as label/name.jpg"
            )
        plain = PurePosixPath(self.label).parts == (self.label,)
        hidden = self.label.startswith(".") or "\\" in self.label
        if self.label and (not plain or hidden):
            raise ValueError(
                f"a label is the name of one folder, got {self.label!r}"
            )


_COLUMNS = [column.name for column in fields(Decision)]


def write_decisions(
    decisions: Iterable[Decision], path: PathLike, *, replace: bool = False
) -> Path:
    """Write decisions to a csv file and return its path.

    The file appears whole or not at all.

    Parameters
    ----------
    decisions
        At most one for each file.
    path
        Where to.
    replace
        Whether an existing file may be replaced.

    Raises
    ------
    FileExistsError
        If there is such a file and `replace` is False.
    ValueError
        If a file has two decisions.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     place = Path(folder) / "decisions.csv"
    ...     _ = write_decisions([Decision("a/1.jpg", "remove")], place)
    ...     [decision.path for decision in read_decisions(place)]
    ['a/1.jpg']

    """
    path, rows = Path(path), one_a_file(decisions)
    if path.exists() and not replace:
        raise FileExistsError(
            f"{path} is there already; read_decisions reads it, or pass "
            "replace=True"
        )
    unfinished = path.with_name(path.name + ".unfinished")
    with open(unfinished, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows(astuple(row) for row in rows)
    os.replace(unfinished, path)
    return path


def read_decisions(path: PathLike) -> list[Decision]:
    """Return the decisions of a csv file, in its order.

    It may be written by hand: the columns ``path`` and ``action`` are needed,
    ``label``, ``reason`` and ``when`` may be left out.

    Raises
    ------
    ValueError
        If a row cannot be understood; the message names its line.

    Examples
    --------
    >>> read_decisions("decisions.csv")  # doctest: +SKIP
    [Decision(path='a/1.jpg', action='remove', ...)]

    """
    decisions = []
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restkey="too many")
        missing = {"path", "action"} - set(reader.fieldnames or ())
        if missing:
            raise ValueError(
                f"{path} has no column {', '.join(sorted(missing))}; its "
                f"first line must be {','.join(_COLUMNS)}"
            )
        for row in reader:
            cells = {name: row.get(name) or "" for name in _COLUMNS}
            try:
                if row.get("too many"):
                    raise ValueError("it has more cells than columns")
                decisions.append(Decision(**cells))
            except ValueError as error:
                raise ValueError(
                    f"{path}, line {reader.line_num}: {error}"
                ) from error
    return one_a_file(decisions)


def cleaned_table(
    table: pd.DataFrame, decisions: Iterable[Decision], folder: PathLike
) -> pd.DataFrame:
    """Return a table of photos as the decisions want it; no file is touched.

    Parameters
    ----------
    table
        Columns ``path`` and ``label``, as `labels` makes them.
    decisions
        Removed photos are left out, relabeled ones get their new label.
    folder
        What the paths of the decisions are relative to.

    Raises
    ------
    ValueError
        If a decision is about a file that the table does not hold.

    Examples
    --------
    >>> paths = [Path("photos/cat/1.jpg"), Path("photos/cat/2.jpg")]
    >>> table = pd.DataFrame({"path": paths, "label": "cat"})
    >>> wrong = [Decision("cat/2.jpg", "relabel", label="dog")]
    >>> cleaned_table(table, wrong, "photos")["label"].tolist()
    ['cat', 'dog']

    """
    folder, rows = Path(folder), one_a_file(decisions)
    known = {path: place for place, path in enumerate(table["path"])}
    strange = [row.path for row in rows if folder / row.path not in known]
    if strange:
        raise ValueError(
            f"{len(strange)} decisions are about files that the table does "
            f"not hold, such as {strange[0]}; check the folder"
        )
    labels = table["label"].tolist()
    keep = [True] * len(labels)
    for row in rows:
        place = known[folder / row.path]
        keep[place] = row.action != "remove"
        if row.action == "relabel":
            labels[place] = row.label
    return table.assign(label=labels)[keep]


def one_a_file(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decisions as a list; refuse two about one file.

    Examples
    --------
    >>> twice = [Decision("a/1.jpg", "keep"), Decision("a/1.jpg", "remove")]
    >>> one_a_file(twice)
    Traceback (most recent call last):
    ValueError: a/1.jpg has two decisions, keep and remove; keep one of them

    """
    rows: dict[str, Decision] = {}
    for decision in decisions:
        name = PurePosixPath(decision.path).as_posix()
        if name in rows:
            raise ValueError(
                f"{name} has two decisions, {rows[name].action} and "
                f"{decision.action}; keep one of them"
            )
        rows[name] = decision
    return list(rows.values())
