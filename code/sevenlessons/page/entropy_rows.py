"""Two sheets of `entropy_workbook`: many rows, and yes-or-no questions."""

from collections.abc import Sequence

import numpy as np

from .sheets import Sheet, address, block

__all__ = ["binary_sheet", "rows_sheet", "titled_sheet"]

TOP = 6  # the first row of numbers on each sheet


def titled_sheet(
    title: str, words: str, label: str, heads: Sequence[str]
) -> Sheet:
    """Return a sheet with a sentence, a label in A3 and heads in row 5.

    Parameters
    ----------
    title, words
        Its name, and the sentence in A1.
    label
        What the number in B3 is.
    heads
        Of the columns.

    """
    sheet = Sheet(title, {1: 16.0}, address(TOP, 2))
    sheet.put(1, 1, words, style="head")
    sheet.put(
        2, 1, "Blue numbers are yours: change one, and see what follows."
    )
    sheet.put(3, 1, label, style="head")
    for column, head in enumerate(heads, 1):
        sheet.widths.setdefault(column, 12.0)
        sheet.put(TOP - 1, column, head, style="head")
    return sheet


def rows_sheet(scores: np.ndarray, targets: Sequence[int]) -> Sheet:
    """Return a sheet with one row a line: scores, shares, minus ln p.

    Parameters
    ----------
    scores
        Shape ``(N, C)``.
    targets
        The right class of each row.

    """
    rows, count = scores.shape
    heads = ["right class", *(f"score {c}" for c in range(count))]
    heads += [f"p {c}" for c in range(count)]
    sheet = titled_sheet(
        "rows",
        "Several rows: the probability of the right class, by its number.",
        "mean loss",
        [*heads, "- ln p"],
    )
    losses = []
    for i, target in enumerate(targets):
        row, powers = TOP + i, np.exp(scores[i])
        p = powers / powers.sum()
        sheet.put(row, 1, int(target), style="input")
        scored = f"$B{row}:{address(row, 1 + count, 'column')}"
        for c in range(count):
            sheet.put(row, 2 + c, float(scores[i, c]), style="input")
            sheet.put(
                row, 2 + count + c,
                f"=EXP({address(row, 2 + c)})/SUMPRODUCT(EXP({scored}))",
                p[c],
            )  # fmt: skip
        found = (
            f"{address(row, 2 + count, 'column')}:"
            f"{address(row, 1 + 2 * count, 'column')}"
        )
        losses.append(-np.log(p[target]))
        formula = f"=-LN(INDEX({found},1,$A{row}+1))"
        sheet.put(row, 2 + 2 * count, formula, losses[-1])
    column = block(TOP, 2 + 2 * count, rows, 1)
    sheet.put(3, 2, f"=AVERAGE({column})", np.mean(losses), "result")
    return sheet


def binary_sheet(scores: np.ndarray, truths: Sequence[int]) -> Sheet:
    """Return a sheet of binary cross-entropy, each loss in three ways.

    Parameters
    ----------
    scores, truths
        One score and a truth of 0 or 1 for each row.

    """
    sheet = titled_sheet(
        "binary",
        "Binary cross-entropy, written in three ways.",
        "mean loss",
        ["score z", "truth y", "p", "as a sum", "as a choice", "from z",
         "p - y"],
    )  # fmt: skip
    losses = []
    for i, (z, y) in enumerate(zip(scores, truths, strict=True)):
        row, p = TOP + i, 1 / (1 + np.exp(-z))
        losses.append(max(z, 0) - z * y + np.log1p(np.exp(-abs(z))))
        sheet.put(row, 1, float(z), style="input")
        sheet.put(row, 2, int(y), style="input")
        for column, formula, value in [
            (3, f"=1/(1+EXP(-A{row}))", p),
            (4, f"=-(B{row}*LN(C{row})+(1-B{row})*LN(1-C{row}))", losses[-1]),
            (5, f"=-LN(IF(B{row}=1,C{row},1-C{row}))", losses[-1]),
            (6, f"=MAX(A{row},0)-A{row}*B{row}+LN(1+EXP(-ABS(A{row})))",
             losses[-1]),
            (7, f"=C{row}-B{row}", p - y),
        ]:  # fmt: skip
            sheet.put(row, column, formula, float(value))
    every = block(TOP, 6, len(losses), 1)
    sheet.put(3, 2, f"=AVERAGE({every})", np.mean(losses), "result")
    return sheet
