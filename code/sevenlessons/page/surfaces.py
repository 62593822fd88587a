"""Landscapes of two weights that optimizers are raced on.

All are polynomials, so a table of coefficients says everything: the same one
gives losses, gradients and lines of equal loss here, and goes into the script
of `race`, which walks on it in the reader's browser.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .canvas import Canvas, path
from .figures import new_figure

__all__ = ["Surface", "contours", "surfaces"]

Terms = Mapping[tuple[int, int], float]


@dataclass(frozen=True)
class Surface:
    """A loss over two weights, as the sum of ``c * a**i * b**j``.

    Attributes
    ----------
    name
        For the reader.
    terms
        Coefficient of each pair of powers ``(i, j)``.
    x_range, y_range
        What is shown.
    start
        Where walks begin.
    lowest
        A lowest place.

    Examples
    --------
    >>> from sevenlessons.page.surfaces import Surface
    >>> bowl = Surface(
    ...     "bowl", {(2, 0): 1.0, (0, 2): 1.0}, (-2, 2), (-2, 2), (1, 1),
    ...     (0, 0),
    ... )
    >>> bowl.loss(1.0, 2.0), bowl.gradient(1.0, 2.0)
    (5.0, (2.0, 4.0))

    """

    name: str
    terms: Terms
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    start: tuple[float, float]
    lowest: tuple[float, float]

    def loss(self, a: Any, b: Any) -> Any:
        """Return the loss of two numbers, arrays or tensors."""
        return sum(c * a**i * b**j for (i, j), c in self.terms.items())

    def gradient(self, a: Any, b: Any) -> tuple[Any, Any]:
        """Return how much the loss grows with each of the two."""
        by_a = by_b = 0.0 * a
        for (i, j), c in self.terms.items():
            if i:
                by_a = by_a + c * i * a ** (i - 1) * b**j
            if j:
                by_b = by_b + c * j * a**i * b ** (j - 1)
        return by_a, by_b

    @property
    def least(self) -> float:
        """The loss at the lowest place."""
        return float(self.loss(*map(float, self.lowest)))


def surfaces() -> tuple[Surface, ...]:
    """Return the landscapes of the race.

    A round bowl; a ravine along one weight; the same ravine turned, so that
    both weights are involved; a saddle between two hollows; Beale's plain,
    flat far and wide; Rosenbrock's bent valley.

    Examples
    --------
    >>> from sevenlessons.page.surfaces import surfaces
    >>> [surface.name for surface in surfaces()][:3]
    ['round bowl', 'ravine', 'ravine, turned']

    """
    square = (-3.0, 3.0)
    saddle = {(2, 0): 0.5, (0, 2): -0.5, (0, 4): 0.25}
    return (
        Surface(
            "round bowl",
            {(2, 0): 0.5, (0, 2): 0.5},
            square,
            square,
            (-2.5, 1.5),
            (0, 0),
        ),
        Surface(
            "ravine",
            {(2, 0): 0.02, (0, 2): 1.0},
            square,
            square,
            (-2.7, 1.0),
            (0, 0),
        ),
        Surface(
            "ravine, turned",
            {(2, 0): 0.51, (1, 1): -0.98, (0, 2): 0.51},
            square,
            square,
            (-2.6163, -1.2021),  # that of the ravine, turned
            (0, 0),
        ),
        Surface(
            "saddle", saddle, (-2.0, 2.0), (-1.6, 1.6), (-1.5, 0.1), (0, 1)
        ),
        Surface(
            "Beale's plain",
            _beale(),
            (-1.0, 4.5),
            (-1.5, 1.5),
            (0.5, 1.2),
            (3, 0.5),
        ),
        Surface(
            "Rosenbrock's valley",
            {(0, 0): 1, (1, 0): -2, (2, 0): 1, **_bend(100.0)},
            (-2.0, 2.0),
            (-1.0, 3.0),
            (-1.2, 1.0),
            (1, 1),
        ),
    )


def contours(surface: Surface, canvas: Canvas, levels: int = 7) -> str:
    """Return lines of equal loss as one path of SVG.

    They lie closer towards the lowest place: each at 0.3 of the one above.

    Parameters
    ----------
    surface, canvas
        What, and where.
    levels
        How many lines.

    """
    x = np.linspace(*surface.x_range, 41)
    y = np.linspace(*surface.y_range, 41)
    heights = surface.loss(*np.meshgrid(x, y)) - surface.least
    shares = 0.3 ** np.arange(levels)[::-1]
    figure, axes = new_figure()
    lines = axes.contour(x, y, heights, 0.7 * heights.max() * shares)
    figure.clear()
    pieces = [
        path([(round(u), round(v)) for u, v in canvas.places(*piece.T)])
        for level in lines.allsegs
        for piece in level
        if len(piece) > 1
    ]
    return "".join(pieces)


def _bend(steepness: float) -> dict[tuple[int, int], float]:
    """Return the terms of steepness * (b - a**2)**2."""
    return {
        (0, 2): steepness,
        (2, 1): -2 * steepness,
        (4, 0): steepness,
    }


def _beale() -> dict[tuple[int, int], float]:
    """Return Beale's: the sum of (k - a + a * b**n)**2 for three k, n."""
    terms: dict[tuple[int, int], float] = {}
    for n, k in ((1, 1.5), (2, 2.25), (3, 2.625)):
        factor = {(0, 0): k, (1, 0): -1.0, (1, n): 1.0}
        for (i, j), c in factor.items():
            for (p, q), d in factor.items():
                both = (i + p, j + q)
                terms[both] = terms.get(both, 0.0) + c * d
    return terms
