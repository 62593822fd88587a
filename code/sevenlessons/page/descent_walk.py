"""One sheet that walks downhill: settings above, then one row a step."""

import re

import numpy as np

from .descent_columns import START, Column, Rule
from .sheets import Sheet, address, block

__all__ = ["walk_sheet"]

FIRST_POINT = 12  # the row of the first point on the data sheet
GIVEN = {"slope": 4, "intercept": 5, "new slope": 6, "new intercept": 7}
_FIXED = ("step", "epoch", "x", "y")
_ENDS = ("epoch", "slope", "intercept", "mean squared error")


def walk_sheet(
    title: str,
    rule: Rule,
    points: np.ndarray,
    truth: np.ndarray,
    start: tuple[float, float],
    epochs: int,
) -> tuple[Sheet, dict[str, tuple[str, float]]]:
    """Return the sheet, and where its walk ended.

    Parameters
    ----------
    title
        Name of the sheet.
    rule
        How it steps.
    points, truth
        x and y of the points; they stand on a sheet ``data``.
    start
        Slope and intercept before the first step.
    epochs
        How often all points are seen.

    Returns
    -------
    sheet, ends
        The cell and the number of the last slope, intercept and mean squared
        error.

    Examples
    --------
    >>> import numpy as np
    >>> from sevenlessons.page.descent_columns import RULES
    >>> from sevenlessons.page.descent_walk import walk_sheet
    >>> sheet, ends = walk_sheet(
    ...     "basic", RULES["basic"], np.ones(1), np.ones(1), (1.0, 0.0), 1
    ... )
    >>> ends["slope"]
    ('E5', 1.0)

    """
    walk = _Walk(title, rule, points, truth, epochs)
    old = walk.begin(start)
    ends = walk.summary(0, old)
    for step in range(1, epochs * len(points) + 1):
        old = walk.step(step, old)
        if step % len(points) == 0:
            ends = walk.summary(step // len(points), old)
    return walk.sheet, ends


class _Walk:
    def __init__(
        self,
        title: str,
        rule: Rule,
        points: np.ndarray,
        truth: np.ndarray,
        epochs: int,
    ) -> None:
        self.rule, self.points, self.truth = rule, points, truth
        self.columns = (*START, *rule.columns)
        names = [*_FIXED, *(column.name for column in self.columns)]
        self.place = {name: i for i, name in enumerate(names, 1)}
        self.top = 6 + max(len(rule.settings), epochs + 1)  # the names' row
        self.sheet = Sheet(title, {}, address(self.top + 2, 1))
        for name, column in self.place.items():
            self.sheet.put(self.top, column, name, style="turned")
            self.sheet.widths[column] = 12.0
        self.sheet.put(1, 1, rule.words, style="head")
        self.sheet.put(
            2, 1, "Blue numbers are yours. A row is a step on one point."
        )
        self.given = {}
        for row, (name, number) in enumerate(rule.settings.items(), 4):
            self.sheet.put(row, 1, name, style="head")
            self.sheet.put(row, 2, number, style="input")
            self.given[name] = address(row, 2, "both")
        for column, name in enumerate(_ENDS, 4):
            self.sheet.put(3, column, name, style="head")

    def begin(self, start: tuple[float, float]) -> dict[str, float]:
        """Write the row of the start: two weights, and nothing remembered."""
        old = dict(zip(("new slope", "new intercept"), start, strict=True))
        for name, number in old.items():
            cell = address(GIVEN[name], 2, "both")
            self.sheet.put(
                self.top + 1, self.place[name], f"=data!{cell}", number
            )
        for column in self.rule.columns:
            if f"{{<{column.name}}}" in column.formula:
                old[column.name] = 0.0
                self.sheet.put(self.top + 1, self.place[column.name], 0)
        self.sheet.put(self.top + 1, 1, 0)
        return old

    def step(self, step: int, old: dict[str, float]) -> dict[str, float]:
        """Write one row; return its numbers."""
        row, count = self.top + 1 + step, len(self.points)
        epoch, i = (step - 1) // count + 1, (step - 1) % count
        now = {"x": float(self.points[i]), "y": float(self.truth[i])}
        for name, column in (("x", 2), ("y", 3)):
            cell = address(FIRST_POINT + i, column)
            self.sheet.put(row, self.place[name], f"=data!{cell}", now[name])
        now |= {"step": float(step), "epoch": float(epoch)}
        self.sheet.put(row, 1, step)
        self.sheet.put(row, 2, epoch)
        for one in self.columns:
            now[one.name] = one.result(now, old, self.rule.settings)
            self.sheet.put(
                row,
                self.place[one.name],
                self.formula(one, row),
                now[one.name],
            )
        return now

    def formula(self, column: Column, row: int) -> str:
        """Return the formula with cells in place of names."""

        def cell(found: re.Match[str]) -> str:
            above, name = found[1] == "<", found[2]
            if name in self.given:
                return self.given[name]
            return address(row - above, self.place[name])

        return "=" + re.sub(r"\{(<?)([^}]*)\}", cell, column.formula)

    def summary(
        self, epoch: int, now: dict[str, float]
    ) -> dict[str, tuple[str, float]]:
        """Write where the walk is after an epoch, and its error on all."""
        row, count = 4 + epoch, len(self.points)
        last = self.top + 1 + epoch * count
        self.sheet.put(row, 4, epoch)
        ends = {}
        for column, name in enumerate(("slope", "intercept"), 5):
            there = address(last, self.place[f"new {name}"])
            number = now[f"new {name}"]
            self.sheet.put(row, column, f"={there}", number, "result")
            ends[name] = address(row, column), number
        x, y = (f"data!{block(FIRST_POINT, c, count, 1)}" for c in (2, 3))
        slope, intercept = address(row, 5), address(row, 6)
        formula = f"=SUMPRODUCT(({slope}*{x}+{intercept}-{y})^2)/{count}"
        predicted = ends["slope"][1] * self.points + ends["intercept"][1]
        error = float(np.mean((predicted - self.truth) ** 2))
        self.sheet.put(row, 7, formula, error, "result")
        ends["mean squared error"] = address(row, 7), error
        return ends
