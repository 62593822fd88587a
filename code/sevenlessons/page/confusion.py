"""The confusion matrix as a table that can be read aloud."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .output import escape

__all__ = ["ConfusionTable", "confusion_table"]


class ConfusionTable:
    """Counts by actual class (rows) and predicted class (columns).

    Parameters
    ----------
    counts
        Square matrix of whole numbers.
    names
        One name a class.
    alt
        What the table shows, in a sentence.

    """

    def __init__(
        self, counts: np.ndarray, names: Sequence[str], alt: str
    ) -> None:
        if counts.ndim != 2 or counts.shape != (len(names), len(names)):
            raise ValueError(
                f"expected a matrix of {len(names)} x {len(names)} for the "
                f"classes {list(names)}, got shape {counts.shape}"
            )
        self.counts = counts
        self.names = list(names)
        self.alt = alt

    def __repr__(self) -> str:
        width = max(6, *map(len, self.names))
        head = ["actual", *self.names]
        rows = [
            [name, *map(str, row)]
            for name, row in zip(self.names, self.counts.tolist(), strict=True)
        ]
        return "\n".join(
            "  ".join(cell.rjust(width) for cell in row)
            for row in [head, *rows]
        )

    def _repr_html_(self) -> str:
        largest = max(1, int(self.counts.max()))
        columns = "".join(
            f'<th scope="col" style="text-align:right">{escape(name)}</th>'
            for name in self.names
        )
        body = "".join(self._row(i, largest) for i in range(len(self.names)))
        return (
            '<div style="overflow-x:auto" tabindex="0" role="region" '
            f'aria-label="{escape(self.alt)}">'
            '<table class="book-table confusion">'
            f"<caption>{escape(self.alt)} Rows: actual class. Columns: "
            "predicted class.</caption><thead><tr>"
            f'<th scope="col">actual</th>{columns}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
        )

    def _row(self, i: int, largest: int) -> str:
        cells = [f'<th scope="row">{escape(self.names[i])}</th>']
        for j, count in enumerate(self.counts[i].tolist()):
            tint = "11,122,192" if i == j else "213,94,0"
            depth = 0 if count == 0 else 0.08 + 0.32 * count / largest
            text = f"<strong>{count}</strong>" if i == j else str(count)
            cells.append(
                '<td style="text-align:right;'
                f'background:rgba({tint},{depth:.2f})">{text}</td>'
            )
        return f"<tr>{''.join(cells)}</tr>"


def confusion_table(
    counts: Any, names: Sequence[str], *, alt: str
) -> ConfusionTable:
    """Return the table of a confusion matrix.

    Parameters
    ----------
    counts
        Tensor or array of shape ``(K, K)``; row = actual, column =
        predicted.
    names
        One name a class.
    alt
        What the table shows, in a sentence; it becomes the caption.

    Examples
    --------
    >>> from sevenlessons.page.confusion import confusion_table
    >>> confusion_table([[9, 1], [2, 8]], ["cat", "dog"], alt="Few errors.")
    actual     cat     dog
       cat       9       1
       dog       2       8

    """
    return ConfusionTable(np.asarray(counts).astype(int), names, alt)
