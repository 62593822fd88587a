r"""A table of written-out pieces: formula, reference, and how far apart.

On the site MathJax sets the formulas; elsewhere they are shown as text.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .output import escape

__all__ = ["PieceRow", "PieceTable"]


@dataclass(frozen=True)
class PieceRow:
    r"""What the table says of one piece.

    Attributes
    ----------
    name, reference, formula
        In words; what it must equal; LaTeX without dollar signs.
    module, test, page
        ``"scratch/softmax"``, the file of its tests, the page that shows it.
    deviations
        The largest for each type of numbers; None where there is none.

    """

    name: str
    reference: str
    formula: str
    module: str
    test: str
    page: str
    deviations: tuple[float | None, ...]


class PieceTable:
    r"""Pieces under a caption, as HTML in a notebook and as text elsewhere.

    Parameters
    ----------
    rows
        At least one; each with as many deviations as there are `dtypes`.
    caption
        The topic.
    dtypes
        What the deviations are called.

    Raises
    ------
    ValueError
        If there is no row, or the deviations do not fit.

    Examples
    --------
    >>> from sevenlessons.page.piece_table import PieceRow, PieceTable
    >>> row = PieceRow(
    ...     "ReLU", "torch.relu", r"\max(0, x)", "scratch/autograd",
    ...     "tests/scratch/test_autograd.py", "lesson5/backprop", (0.0, 2e-16),
    ... )
    >>> PieceTable([row], caption="Functions")
    Functions
    piece  equals      float32  float64
    ReLU   torch.relu        0    2e-16

    """

    def __init__(
        self,
        rows: Sequence[PieceRow],
        *,
        caption: str,
        dtypes: Sequence[str] = ("float32", "float64"),
    ) -> None:
        if not rows:
            raise ValueError(
                f"the table {caption!r} has no rows; pass at least one piece"
            )
        for row in rows:
            if len(row.deviations) != len(dtypes):
                raise ValueError(
                    f"{row.name}: expected a deviation for each of "
                    f"{list(dtypes)}, got {row.deviations}"
                )
        self.rows = list(rows)
        self.caption = caption
        self.dtypes = list(dtypes)

    def __repr__(self) -> str:
        lines = [["piece", "equals", *self.dtypes]]
        for row in self.rows:
            lines.append([row.name, row.reference, *map(_far, row.deviations)])
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        text = [
            "  ".join(
                cell.ljust(width) if place < 2 else cell.rjust(width)
                for place, (cell, width) in enumerate(
                    zip(line, widths, strict=True)
                )
            ).rstrip()
            for line in lines
        ]
        return "\n".join([self.caption, *text])

    def _repr_html_(self) -> str:
        # the formula last: where the page is narrow, it is what scrolls
        names = ["piece", *self.dtypes, "formula"]
        head = "".join(
            f'<th scope="col" style="text-align:left">{escape(name)}</th>'
            for name in names
        )
        body = "".join(map(_row, self.rows))
        caption = escape(self.caption)
        return (
            '<div style="overflow-x:auto" tabindex="0" role="group" '
            f'aria-label="{caption}"><table class="book-table">'
            f"<caption>{caption}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table></div>"
        )


def _far(deviation: float | None) -> str:
    if deviation is None:
        return "not used"
    return f"{deviation:.0e}" if deviation else "0"


def _row(row: PieceRow) -> str:
    where = [
        f"equals <code>{escape(row.reference)}</code>",
        f"<code>{escape(row.module)}</code>",
        f"<code>{escape(row.test)}</code>",
    ]
    if row.page:
        where.append(
            f'page <a href="../{escape(row.page)}.html">{escape(row.page)}</a>'
        )
    cells = "".join(
        f'<td style="white-space:nowrap">{_far(deviation)}</td>'
        for deviation in row.deviations
    )
    return (
        '<tr><th scope="row" style="text-align:left;font-weight:normal;'
        'min-width:15em">'
        f"<strong>{escape(row.name)}</strong>"
        '<div style="font-size:0.85em;overflow-wrap:anywhere">'
        f"{' · '.join(where)}</div></th>{cells}"
        '<td style="white-space:nowrap">'
        r'<span class="math notranslate nohighlight">\('
        rf"{escape(row.formula)}\)</span></td></tr>"
    )
