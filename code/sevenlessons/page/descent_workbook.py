"""A workbook that walks downhill: five optimizers on one line fit.

The first sheet has the points and where each walk ended. Each further sheet
is one optimizer: one row a step, one point a row, several epochs. Every
number that is not blue is a formula.
"""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .descent_columns import RULES, Rule
from .descent_walk import FIRST_POINT, GIVEN, walk_sheet
from .sheets import Sheet, address
from .workbook import workbook

__all__ = ["descent_sheets", "descent_workbook"]

_DRAW = random.Random(5)
LINE_X = tuple(int(5 + 76 * _DRAW.random()) for _ in range(29))  # 5 to 80


def descent_sheets(
    x: Sequence[float] = LINE_X,
    *,
    slope: float = 2.0,
    intercept: float = 30.0,
    start: tuple[float, float] = (1.0, 1.0),
    epochs: int = 5,
    settings: Mapping[str, Mapping[str, float]] | None = None,
) -> list[Sheet]:
    """Return the six sheets: data, basic, momentum, RMSProp, Adam, annealed.

    Parameters
    ----------
    x
        The points' x, in the order in which the walks see them; 29 by
        default.
    slope, intercept
        Of the line that the points lie on.
    start
        Slope and intercept that every walk begins with.
    epochs
        How often a walk sees all points.
    settings
        Other numbers than the usual ones, by sheet:
        ``{"Adam": {"rate": 0.5}}``.

    Raises
    ------
    ValueError
        If there is no point, a number is not finite, or a name is unknown.

    Examples
    --------
    >>> from sevenlessons.page.descent_workbook import descent_sheets
    >>> sheets = descent_sheets([1.0, 2.0], epochs=2)
    >>> [sheet.title for sheet in sheets[:3]]
    ['data', 'basic', 'momentum']
    >>> data = sheets[0]
    >>> data.contents[12, 3], data.results[12, 3]
    ('=$B$4*B12+$B$5', 32.0)

    """
    points = np.asarray(x, dtype=float)
    numbers = np.array([slope, intercept, *start], dtype=float)
    if points.ndim != 1 or not len(points) or numbers.shape != (4,):
        raise ValueError(
            "expected a list of at least one x and a start of two numbers, "
            f"got shape {points.shape} and {len(numbers) - 2} numbers"
        )
    if not np.isfinite(points).all() or not np.isfinite(numbers).all():
        raise ValueError(
            f"all numbers must be finite, got x {points.tolist()} and "
            f"{numbers.tolist()}"
        )
    if epochs < 1:
        raise ValueError(f"epochs must be at least 1, got {epochs}")
    rules = _with_settings(settings or {})
    made = [_data_sheet(points, numbers)]
    truth = points * slope + intercept
    for row, (name, rule) in enumerate(rules.items(), 4):
        sheet, ends = walk_sheet(name, rule, points, truth, start, epochs)
        made.append(sheet)
        made[0].put(row, 4, name, style="head")
        for column, (cell, end) in enumerate(ends.values(), 5):
            made[0].put(row, column, f"='{name}'!{cell}", end, "result")
    return made


def descent_workbook(x: Sequence[float] = LINE_X, **options: Any) -> bytes:
    """Return gradient_descent.xlsx: the file of `descent_sheets`.

    Parameters
    ----------
    x, **options
        As in `descent_sheets`.

    Examples
    --------
    >>> from sevenlessons.page.descent_workbook import descent_workbook
    >>> descent_workbook([1.0, 2.0], epochs=2)[:2]
    b'PK'

    """
    return workbook(descent_sheets(x, **options))


def _with_settings(
    settings: Mapping[str, Mapping[str, float]],
) -> dict[str, Rule]:
    made = dict(RULES)
    for name, changes in settings.items():
        if name not in RULES:
            raise ValueError(
                f"unknown sheet {name!r}; the walks are {', '.join(RULES)}"
            )
        old = RULES[name]
        for key, number in changes.items():
            if key not in old.settings or not np.isfinite(number):
                raise ValueError(
                    f"{name}: expected finite numbers for "
                    f"{', '.join(old.settings)}, got {key!r}: {number}"
                )
        made[name] = Rule(old.words, {**old.settings, **changes}, old.columns)
    return made


def _data_sheet(points: np.ndarray, numbers: np.ndarray) -> Sheet:
    sheet = Sheet("data", {1: 16.0, 4: 16.0, 7: 20.0}, "A12")
    sheet.put(1, 1, "Points on a line, and five walks to it.", style="head")
    sheet.put(2, 1, "Blue numbers are yours: change one, and all follow.")
    for (name, row), number in zip(GIVEN.items(), numbers, strict=True):
        sheet.put(row, 1, name.replace("new", "start"), style="head")
        sheet.put(row, 2, float(number), style="input")
    heads = "walk", "slope", "intercept", "mean squared error"
    for column, words in enumerate(heads, 4):
        sheet.put(3, column, words, style="head")
    for column, words in enumerate(("row", "x", "y"), 1):
        sheet.put(FIRST_POINT - 1, column, words, style="head")
    slope, intercept = numbers[:2].tolist()
    for i, number in enumerate(points.tolist()):
        row = FIRST_POINT + i
        sheet.put(row, 1, i + 1)
        sheet.put(row, 2, number, style="input")
        y = slope * number + intercept
        sheet.put(row, 3, f"=$B$4*{address(row, 2)}+$B$5", y)
    return sheet
