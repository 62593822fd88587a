"""A workbook of moving averages: by steps, corrected, and in one formula.

Three averages with three memories run over the same noisy numbers. Each
stands there three times: as the running average, with its start at zero
corrected, and as the weighted sum that both amount to.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .sheets import Sheet, address
from .workbook import workbook

__all__ = ["average_sheets", "average_workbook", "noisy_curve"]

_TOP = 7  # the row of zeros, above the first number
_PARTS = ("running", "corrected", "as one sum")


def noisy_curve(count: int = 30, *, noise: float = 0.3, seed: int = 0) -> Any:
    """Return a wave with noise, to be smoothed.

    Parameters
    ----------
    count
        How many numbers.
    noise
        Standard deviation of what is added.
    seed
        Of the noise.

    Examples
    --------
    >>> from sevenlessons.page.average_workbook import noisy_curve
    >>> noisy_curve(3, noise=0.0).round(3).tolist()
    [1.0, 1.199, 1.389]

    """
    time = np.arange(count)
    added = np.random.default_rng(seed).standard_normal(count) * noise
    return 1 + np.sin(time / 5) + added


def average_sheets(
    values: Sequence[float] | None = None,
    betas: Sequence[float] = (0.5, 0.9, 0.98),
) -> list[Sheet]:
    """Return one sheet: numbers, and for each beta three columns.

    Parameters
    ----------
    values
        The numbers in their order; `noisy_curve` by default.
    betas
        Share of the average that is kept at each number, each between 0 and
        1, both excluded.

    Raises
    ------
    ValueError
        If there is no number, one is not finite, or a beta is out of range.

    Examples
    --------
    >>> from sevenlessons.page.average_workbook import average_sheets
    >>> sheet = average_sheets([4.0, 2.0], betas=[0.5])[0]
    >>> sheet.contents[8, 3], sheet.results[8, 3]
    ('=C$5*C7+(1-C$5)*$B8', 2.0)
    >>> sheet.contents[8, 4], sheet.results[8, 4]
    ('=C8/(1-C$5^$A8)', 4.0)

    """
    given = noisy_curve() if values is None else values
    numbers = np.asarray(given, dtype=float)
    if numbers.ndim != 1 or not len(numbers):
        raise ValueError(
            "expected a list of at least one number, got shape "
            f"{numbers.shape}"
        )
    if not np.isfinite(numbers).all():
        raise ValueError(
            f"all numbers must be finite, got {numbers.tolist()}; leave out "
            "what was not measured"
        )
    if not len(betas) or not all(0 < beta < 1 for beta in betas):
        raise ValueError(
            "expected at least one beta, each above 0 and below 1, got "
            f"{list(betas)}"
        )
    sheet = Sheet("moving average", {1: 16.0, 2: 10.0}, address(_TOP + 1, 3))
    sheet.put(1, 1, "An average that forgets.", style="head")
    sheet.put(
        2,
        1,
        "Each number takes the share 1 - beta of the average; the rest is "
        "what was there before. Blue numbers are yours.",
    )
    sheet.put(5, 1, "beta", style="head")
    sheet.put(6, 1, "number", style="head")
    sheet.put(6, 2, "value", style="head")
    sheet.put(_TOP, 1, 0)
    for i, number in enumerate(numbers.tolist(), 1):
        sheet.put(_TOP + i, 1, i)
        sheet.put(_TOP + i, 2, number, style="input")
    for place, beta in enumerate(betas):
        _columns(sheet, 3 + 3 * place, float(beta), numbers)
    return [sheet]


def average_workbook(
    values: Sequence[float] | None = None,
    betas: Sequence[float] = (0.5, 0.9, 0.98),
) -> bytes:
    """Return moving_average.xlsx: the file of `average_sheets`.

    Parameters
    ----------
    values, betas
        As in `average_sheets`.

    Examples
    --------
    >>> from sevenlessons.page.average_workbook import average_workbook
    >>> average_workbook([4.0, 2.0])[:2]
    b'PK'

    """
    return workbook(average_sheets(values, betas))


def _columns(
    sheet: Sheet, left: int, beta: float, numbers: np.ndarray
) -> None:
    """Write one beta and its three columns."""
    sheet.put(5, left, beta, style="input")
    for column, words in enumerate(_PARTS, left):
        sheet.put(6, column, words, style="head")
        sheet.widths[column] = 11.0
    sheet.put(_TOP, left, 0)
    kept, running = address(5, left, "row"), 0.0
    for i, number in enumerate(numbers.tolist(), 1):
        row = _TOP + i
        running = beta * running + (1 - beta) * number
        above, here = address(row - 1, left), address(row, left)
        value, count = address(row, 2, "column"), address(row, 1, "column")
        sheet.put(row, left, f"={kept}*{above}+(1-{kept})*{value}", running)
        corrected = f"={here}/(1-{kept}^{count})"
        sheet.put(row, left + 1, corrected, running / (1 - beta**i))
        ages = f"{count}-{address(_TOP + 1, 1, 'both')}:{count}"
        seen = f"{address(_TOP + 1, 2, 'both')}:{value}"
        powers = beta ** np.arange(i - 1, -1, -1.0)
        sheet.put(
            row,
            left + 2,
            f"=(1-{kept})*SUMPRODUCT({kept}^({ages}),{seen})",
            float((1 - beta) * (powers @ numbers[:i])),
        )
