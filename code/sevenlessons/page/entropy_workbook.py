"""A workbook of softmax and cross-entropy, each figure a formula.

Four sheets: softmax step by step; cross-entropy as a sum and as a look-up,
with the gradient; the same for several rows by the number of the right
class; and binary cross-entropy written in three ways.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .entropy_rows import TOP, binary_sheet, rows_sheet, titled_sheet
from .sheets import Sheet, address, block
from .workbook import workbook

__all__ = ["entropy_sheets", "entropy_workbook"]

_SOFTMAX = "softmax"


def entropy_workbook(
    scores: Sequence[float],
    classes: Sequence[str],
    *,
    right: int,
    batch: tuple[Any, Sequence[int]],
    binary: tuple[Sequence[float], Sequence[int]],
) -> bytes:
    """Return the xlsx file of the sheets that `entropy_sheets` makes.

    Parameters
    ----------
    scores, classes, right, batch, binary
        As in `entropy_sheets`.

    Examples
    --------
    >>> from sevenlessons.page.entropy_workbook import entropy_workbook
    >>> entropy_workbook(
    ...     [0.0, 1.0], ["cat", "dog"], right=0,
    ...     batch=([[0.0, 1.0]], [1]), binary=([0.5], [1]),
    ... )[:2]
    b'PK'

    """
    return workbook(
        entropy_sheets(
            scores, classes, right=right, batch=batch, binary=binary
        )
    )


def entropy_sheets(
    scores: Sequence[float],
    classes: Sequence[str],
    *,
    right: int,
    batch: tuple[Any, Sequence[int]],
    binary: tuple[Sequence[float], Sequence[int]],
) -> list[Sheet]:
    """Return four sheets; what each is about stands in its cell B3.

    Parameters
    ----------
    scores
        One for each class, from -30 to 30.
    classes
        Their names.
    right
        The number of the right class, counted from 0.
    batch
        Scores of shape ``(N, C)`` and the numbers of the right classes.
    binary
        Scores of a yes-or-no question, and truths of 0 or 1.

    Returns
    -------
    list of Sheet
        ``softmax`` (B3: log-sum-exp), ``cross-entropy`` (B3: the loss),
        ``rows`` (B3: the mean loss), ``binary`` (B3: the mean loss).

    Raises
    ------
    ValueError
        If shapes do not fit, a score lies outside -30 to 30, a class number
        names no class, a truth is not 0 or 1, or a name begins with ``=``.

    Examples
    --------
    >>> from sevenlessons.page.entropy_workbook import entropy_sheets
    >>> sheets = entropy_sheets(
    ...     [0.0, 0.0], ["cat", "dog"], right=0,
    ...     batch=([[0.0, 1.0]], [1]), binary=([0.5], [1]),
    ... )
    >>> round(sheets[1].results[3, 2], 4)
    0.6931

    """
    one = _scores(scores, 1)
    many, two = _scores(batch[0], 2), _scores(binary[0], 1)
    targets, truths = list(batch[1]), list(binary[1])
    if len(one) != len(classes) or len(one) < 2 or not many.size:
        raise ValueError(
            f"expected a score for each of {len(classes)} classes, two at "
            f"least, and rows of scores, got {len(one)} and {len(many)} rows"
        )
    if len(many) != len(targets) or len(two) != len(truths) or not truths:
        raise ValueError(
            f"expected a truth for each of {len(many)} rows and each of "
            f"{len(two)} binary scores, got {len(targets)} and {len(truths)}"
        )
    for number, count in [(right, len(one))] + [
        (target, many.shape[1]) for target in targets
    ]:
        if not 0 <= number < count:
            raise ValueError(
                f"a right class must lie in [0, {count}), got {number}; "
                "count classes from 0"
            )
    if any(truth not in (0, 1) for truth in truths):
        raise ValueError(f"binary truths must be 0 or 1, got {truths}")
    for name in classes:
        if str(name).startswith("="):
            raise ValueError(
                f"a name must not begin with '=', got {name!r}: a spreadsheet "
                "takes it for a formula; put another letter before it"
            )
    return [
        _softmax_sheet(one, classes),
        _cross_entropy_sheet(one, classes, right),
        rows_sheet(many, targets),
        binary_sheet(two, truths),
    ]


def _scores(given: Any, axes: int) -> np.ndarray:
    found = np.asarray(given, dtype=float)
    if found.ndim != axes or not np.all(np.abs(found) <= 30):
        raise ValueError(
            f"expected scores with {axes} axes, all from -30 to 30, got "
            f"shape {found.shape}; beyond that a spreadsheet that takes the "
            "formulas literally divides by 0"
        )
    return found


def _softmax_sheet(scores: np.ndarray, classes: Sequence[str]) -> Sheet:
    sheet = titled_sheet(
        _SOFTMAX,
        "Softmax: scores become shares that add up to one.",
        "log-sum-exp",
        ["class", "score", "plus shift", "less largest", "exp", "softmax",
         "ln softmax"],
    )  # fmt: skip
    sheet.put(3, 3, "shift", style="head")
    sheet.put(3, 4, 0.0, style="input")
    count, last = len(scores), TOP + len(scores) - 1
    lower = scores - scores.max()
    total = np.exp(lower).sum()
    for i, (name, score) in enumerate(zip(classes, scores, strict=True)):
        row = TOP + i
        sheet.put(row, 1, name, style="head")
        sheet.put(row, 2, float(score), style="input")
        sheet.put(row, 3, f"=B{row}+$D$3", score)
        largest = f"MAX({block(TOP, 3, count, 1)})"
        sheet.put(row, 4, f"=C{row}-{largest}", lower[i])
        sheet.put(row, 5, f"=EXP(D{row})", np.exp(lower[i]))
        sheet.put(row, 6, f"=E{row}/$E${last + 1}", np.exp(lower[i]) / total)
        sheet.put(
            row, 7, f"=D{row}-LN($E${last + 1})", lower[i] - np.log(total)
        )
    sheet.put(last + 1, 1, "sum", style="head")
    for column, value in ((5, total), (6, 1.0)):
        letter = address(1, column)[:-1]
        formula = f"=SUM({letter}{TOP}:{letter}{last})"
        sheet.put(last + 1, column, formula, value, "result")
    sheet.put(
        3, 2, f"=MAX({block(TOP, 3, count, 1)})+LN(E{last + 1})",
        scores.max() + np.log(total), "result",
    )  # fmt: skip
    return sheet


def _cross_entropy_sheet(
    scores: np.ndarray, classes: Sequence[str], right: int
) -> Sheet:
    sheet = titled_sheet(
        "cross-entropy",
        "Cross-entropy: a sum over classes, or a look-up.",
        "as a sum",
        ["class", "number", "truth q", "p", "ln p", "- q ln p", "p - q"],
    )
    count = len(scores)
    log_p = scores - scores.max()
    log_p = log_p - np.log(np.exp(log_p).sum())
    p, q = np.exp(log_p), np.eye(count)[right]
    sheet.put(3, 3, "right class", style="head")
    sheet.put(3, 4, right, style="input")
    sheet.put(3, 5, "smoothing", style="head")
    sheet.put(3, 6, 0.0, style="input")
    for i, name in enumerate(classes):
        row = TOP + i
        sheet.put(row, 1, name, style="head")
        sheet.put(row, 2, i)
        truth = f"=(1-$F$3)*IF(B{row}=$D$3,1,0)+$F$3/{count}"
        sheet.put(row, 3, truth, q[i])
        sheet.put(row, 4, f"='{_SOFTMAX}'!F{row}", p[i])
        sheet.put(row, 5, f"='{_SOFTMAX}'!G{row}", log_p[i])
        sheet.put(row, 6, f"=-C{row}*E{row}", -q[i] * log_p[i])
        sheet.put(row, 7, f"=D{row}-C{row}", p[i] - q[i])
    sheet.put(
        3, 2, f"=SUM({block(TOP, 6, count, 1)})", -log_p[right], "result"
    )
    sheet.put(4, 1, "as a look-up", style="head")
    look = f"=-INDEX({block(TOP, 5, count, 1)},$D$3+1)"
    sheet.put(4, 2, look, -log_p[right], "result")
    sheet.put(4, 3, "entropy of p", style="head")
    inside = f"{block(TOP, 4, count, 1)},{block(TOP, 5, count, 1)}"
    sheet.put(4, 4, f"=-SUMPRODUCT({inside})", -(p * log_p).sum(), "result")
    return sheet
