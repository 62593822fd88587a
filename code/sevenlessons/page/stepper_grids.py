"""What a stepper draws: numbers in squares, and the sum of one place."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .output import escape

__all__ = ["Slide", "grid", "number_text"]

SIDE = 26  # pixels of a square
HEAD = 16  # pixels of the title
MINUS = "\u2212"  # as wide as a plus
Numbers = Sequence[Sequence[float]]
Cells = Collection[tuple[int, int]]


def number_text(value: float) -> str:
    """Return a number as a square shows it: two decimals at most.

    Examples
    --------
    >>> from sevenlessons.page.stepper_grids import number_text
    >>> number_text(3.0), number_text(2.256), number_text(-0.001)
    ('3', '2.26', '0')

    """
    # halves away from zero, as JavaScript's toFixed does in the live figure
    exact = Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)
    text = str(exact).rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", MINUS)


def grid(
    numbers: Numbers,
    title: str,
    *,
    border: int = 0,
    marked: Cells = (),
) -> str:
    """Return numbers as squares of SVG, blue above zero and orange below.

    Parameters
    ----------
    numbers
        Row by row.
    title
        Stands above.
    border
        How many squares at each side are no part of the picture.
    marked
        Rows and columns of squares with a strong frame.

    Examples
    --------
    >>> from sevenlessons.page.stepper_grids import grid
    >>> grid([[1.0, -2.0]], "two numbers").count("<rect")
    2

    """
    height, width = len(numbers), len(numbers[0])
    most = max((abs(v) for row in numbers for v in row), default=0) or 1
    parts = [f'<text x="1" y="11" class="st-title">{escape(title)}</text>']
    last = []  # strong frames lie above their neighbors
    for i, row in enumerate(numbers):
        for j, value in enumerate(row):
            inside = (
                border <= i < height - border and border <= j < width - border
            )
            kind = "st-cell" if inside else "st-cell st-border"
            place = f'x="{SIDE * j + 1.5}" y="{HEAD + SIDE * i + 1.5}"'
            size = f'width="{SIDE}" height="{SIDE}"'
            tint = "st-above" if value > 0 else "st-below"
            share = f'fill-opacity="{0.45 * abs(value) / most:.2f}"'
            parts.append(
                f'<rect class="{kind} {tint}" {place} {size} {share}/>'
            )
            at = f'x="{SIDE * (j + 0.5) + 1.5:g}"'
            down = HEAD + SIDE * (i + 0.5) + 5.5
            parts.append(
                f'<text class="st-number" {at} y="{down:g}">'
                f"{number_text(value)}</text>"
            )
            if (i, j) in marked:
                last.append(f'<rect class="st-marked" {place} {size}/>')
    wide, high = SIDE * width + 3, HEAD + SIDE * height + 3
    return (
        f'<svg class="bp-svg st-grid" viewBox="0 0 {wide} {high}" '
        f'width="{wide}" height="{high}" aria-hidden="true" '
        f'focusable="false">{"".join(parts + last)}</svg>'
    )


@dataclass(frozen=True)
class Slide:
    """A kernel on its way over a picture.

    Parameters
    ----------
    picture, kernel
        Their numbers, row by row.
    stride, padding, dilation
        As in `torch.nn.functional.conv2d`.

    Examples
    --------
    >>> from sevenlessons.page.stepper_grids import Slide
    >>> slide = Slide([[1, 2, 4]], [[-1, 1]])
    >>> slide.answer, slide.products((0, 1))
    ([[1, 2]], [(2, -1), (4, 1)])

    """

    picture: Numbers
    kernel: Numbers
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    @property
    def bordered(self) -> list[list[float]]:
        """The picture with its border of zeros."""
        width = len(self.picture[0]) + 2 * self.padding
        empty = [[0.0] * width for _ in range(self.padding)]
        side = [0.0] * self.padding
        rows = [[*side, *row, *side] for row in self.picture]
        return [*empty, *rows, *empty]

    def met(self, place: tuple[int, int]) -> list[tuple[int, int]]:
        """Return which squares of the bordered picture the kernel meets."""
        top, left = (self.stride * p for p in place)
        return [
            (top + self.dilation * k, left + self.dilation * m)
            for k in range(len(self.kernel))
            for m in range(len(self.kernel[0]))
        ]

    def products(self, place: tuple[int, int]) -> list[tuple[float, float]]:
        """Return the pairs that are multiplied: pixel and weight."""
        pixels, weights = (
            self.bordered,
            [w for row in self.kernel for w in row],
        )
        return [
            (pixels[i][j], w)
            for (i, j), w in zip(self.met(place), weights, strict=True)
        ]

    @property
    def answer(self) -> list[list[float]]:
        """The sum at each place."""
        rows, columns = self.places
        return [
            [
                sum(pixel * w for pixel, w in self.products((i, j)))
                for j in range(columns)
            ]
            for i in range(rows)
        ]

    @property
    def places(self) -> tuple[int, int]:
        """How many places there are, down and across."""
        rows, columns = (
            (len(picture) + 2 * self.padding - self.dilation * (n - 1) - 1)
            // self.stride
            + 1
            for picture, n in (
                (self.picture, len(self.kernel)),
                (self.picture[0], len(self.kernel[0])),
            )
        )
        return rows, columns
