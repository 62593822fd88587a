"""Axes drawn as small SVG that a script can go on drawing in.

`figures` hands drawings to matplotlib. A figure that moves needs less, and
needs to know where a value lies: a `Canvas` maps values to places and draws
axes, paths and dots in the colour of the text around it.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from matplotlib.ticker import MaxNLocator

from .output import escape

__all__ = ["Canvas", "path"]

LEFT, RIGHT, TOP, BOTTOM = 44, 10, 10, 40


def path(places: Sequence[tuple[float, float]], *, dots: bool = False) -> str:
    """Return places as the `d` of an SVG path: a line, or separate dots.

    Examples
    --------
    >>> from sevenlessons.page.canvas import path
    >>> path([(1, 2), (3.14159, 4)])
    'M1,2L3.1,4'
    >>> path([(1, 2), (3, 4)], dots=True)
    'M1,2h0M3,4h0'

    """
    texts = [f"{round(x, 1):g},{round(y, 1):g}" for x, y in places]
    if dots:
        return "".join(f"M{text}h0" for text in texts)
    return "M" + "L".join(texts) if texts else ""


@dataclass(frozen=True)
class Canvas:
    """A pair of axes, in pixels of a drawing that scales.

    Parameters
    ----------
    x_range, y_range
        Lowest and highest value; higher values lie to the right and above.
    x, y
        Names of the axes, with units.
    log_y
        Whether the vertical axis is logarithmic.
    width, height
        Of the drawing.

    Examples
    --------
    >>> from sevenlessons.page.canvas import Canvas
    >>> canvas = Canvas((0, 1), (0, 10), x="x", y="y")
    >>> canvas.places([0, 1], [0, 10])
    [(44.0, 200.0), (310.0, 10.0)]

    """

    x_range: tuple[float, float]
    y_range: tuple[float, float]
    x: str
    y: str
    log_y: bool = False
    width: int = 320
    height: int = 240

    def __post_init__(self) -> None:
        for name, (low, high) in (("x", self.x_range), ("y", self.y_range)):
            if not (math.isfinite(low) and math.isfinite(high) and low < high):
                raise ValueError(
                    f"the {name} axis must go from a lower to a higher "
                    f"number, got {low:g} to {high:g}"
                )
        if self.log_y and self.y_range[0] <= 0:
            raise ValueError(
                "a logarithmic axis starts above 0, got "
                f"{self.y_range[0]:g}; pass a positive lower end"
            )

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, width and height of the inner part."""
        return (
            LEFT,
            TOP,
            self.width - LEFT - RIGHT,
            self.height - TOP - BOTTOM,
        )

    def places(
        self, xs: Iterable[float], ys: Iterable[float]
    ) -> list[tuple[float, float]]:
        """Return where values lie, in pixels; far ones stay near the edge."""
        left, top, width, height = self.box
        low, high = (self._level(y) for y in self.y_range)
        found = []
        for x, y in zip(xs, ys, strict=True):
            across = (float(x) - self.x_range[0]) / (
                self.x_range[1] - self.x_range[0]
            )
            up = (self._level(float(y)) - low) / (high - low)
            found.append(
                (
                    left + width * _near(across),
                    top + height * (1 - _near(up)),
                )
            )
        return found

    def smaller(self) -> "Canvas":
        """Return the same axes for a drawing among many.

        Letters keep their size, so they can still be read there.
        """
        return replace(self, width=200, height=170)

    def settings(self) -> dict[str, object]:
        """Return what a script needs to place values itself."""
        return {
            "box": self.box,
            "size": (self.width, self.height),
            "x": self.x_range,
            "y": self.y_range,
            "log": self.log_y,
        }

    def svg(self, inside: str) -> str:
        """Return the drawing, hidden from screen readers: label its holder.

        Parameters
        ----------
        inside
            SVG in the pixels of the drawing; what leaves the axes is cut.

        """
        left, top, width, height = self.box
        bottom = top + height
        parts = [
            f'<rect x="{left}" y="{top}" width="{width}" class="bp-box" '
            f'height="{height}"/>'
        ]
        for value in self._ticks(self.x_range, False, 5):
            ((at, _),) = self.places([value], [self.y_range[0]])
            parts.append(
                f'<path class="bp-grid" d="M{at:.1f},{top}v{height}"/>'
            )
            parts.append(_text(at, bottom + 15, f"{value:g}", "middle"))
        for value in self._ticks(self.y_range, self.log_y, 5):
            ((_, at),) = self.places([self.x_range[0]], [value])
            parts.append(
                f'<path class="bp-grid" d="M{left},{at:.1f}h{width}"/>'
            )
            parts.append(_text(left - 5, at + 4, f"{value:g}", "end"))
        middle = left + width / 2
        parts.append(_text(middle, self.height - 6, self.x, "middle"))
        turn = f' transform="rotate(-90 11 {top + height / 2:g})"'
        parts.append(_text(11, top + height / 2, self.y, "middle", turn))
        view = f"{left} {top} {width} {height}"
        return (
            f'<svg class="bp-svg" viewBox="0 0 {self.width} {self.height}" '
            f'aria-hidden="true" focusable="false">{"".join(parts)}'
            f'<svg x="{left}" y="{top}" width="{width}" height="{height}" '
            f'viewBox="{view}">{inside}</svg></svg>'
        )

    def _level(self, y: float) -> float:
        """Return the height of a value before it is scaled."""
        if not self.log_y:
            return y
        return math.log10(max(y, 1e-300))

    @staticmethod
    def _ticks(
        ends: tuple[float, float], logarithmic: bool, most: int
    ) -> list[float]:
        if not logarithmic:
            values = MaxNLocator(most, steps=[1, 2, 5, 10]).tick_values(*ends)
            values = [round(float(v), 12) for v in values]
        else:
            powers = range(
                math.floor(math.log10(ends[0])),
                math.ceil(math.log10(ends[1])) + 1,
            )
            every = [1, 2, 5] if len(powers) < 4 else [1]
            values = [n * 10.0**power for power in powers for n in every]
        return [v for v in values if ends[0] <= v <= ends[1]]


def _near(share: float) -> float:
    """Keep a path that flies off within what browsers draw."""
    if math.isnan(share):
        raise ValueError("cannot draw NaN; leave those points out")
    return min(max(share, -20.0), 21.0)


def _text(x: float, y: float, words: str, anchor: str, extra: str = "") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{extra}>'
        f"{escape(words)}</text>"
    )
