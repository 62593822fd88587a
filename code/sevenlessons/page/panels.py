"""What an animation draws: panels with things that stay, move or grow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .canvas import Canvas
from .figures import CYCLE
from .stage import Layer

__all__ = ["Panel"]

Series = tuple[Sequence[float], Sequence[float]]


@dataclass(frozen=True)
class Panel:
    """One drawing of an animation: what stays, what moves, what grows.

    Parameters
    ----------
    x, y
        Names of the axes, with units.
    points, lines
        Label to ``(xs, ys)``; drawn in every frame, as dots or as a line.
    moving
        Label to a line for each frame.
    swarms
        Label to a heap of dots for each frame.
    trails
        Label to ``(xs, ys)`` with a point for each frame; a frame shows it
        up to its own, with a dot at the end.
    x_range, y_range
        Ends of the axes; found from all that is drawn if not given.
    log_y
        Whether the vertical axis is logarithmic.

    """

    x: str
    y: str
    points: Mapping[str, Series] = field(default_factory=dict)
    lines: Mapping[str, Series] = field(default_factory=dict)
    moving: Mapping[str, Sequence[Series]] = field(default_factory=dict)
    trails: Mapping[str, Series] = field(default_factory=dict)
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None
    log_y: bool = False
    swarms: Mapping[str, Sequence[Series]] = field(default_factory=dict)

    def canvas(self) -> Canvas:
        """Return the axes that hold everything."""
        drawn = [*self.points.values(), *self.lines.values()]
        drawn += [one for lines in self.moving.values() for one in lines]
        drawn += [one for heap in self.swarms.values() for one in heap]
        drawn += list(self.trails.values())
        xs = [float(v) for one in drawn for v in one[0]]
        ys = [float(v) for one in drawn for v in one[1]]
        return Canvas(
            self.x_range or _ends(xs, log=False),
            self.y_range or _ends(ys, log=self.log_y),
            x=self.x,
            y=self.y,
            log_y=self.log_y,
        )

    def layers(self, first: int = 0) -> list[Layer]:
        """Return what is drawn, from the lowest to the topmost.

        Parameters
        ----------
        first
            How many colours the panels before have taken.

        """
        layers = [
            Layer(label, "#808080", [one], dots=True)
            for label, one in self.points.items()
        ]
        layers += [
            Layer(label, "#808080", [one], dash="5 4")
            for label, one in self.lines.items()
        ]
        moving = [(k, v, "line") for k, v in self.moving.items()]
        moving += [(k, v, "dots") for k, v in self.swarms.items()]
        moving += [(k, [v], "trail") for k, v in self.trails.items()]
        return layers + [
            Layer(
                label,
                CYCLE[(first + i) % len(CYCLE)],
                list(one),
                dots=kind == "dots",
                moves=True,
                trail=kind == "trail",
            )
            for i, (label, one, kind) in enumerate(moving)
        ]


def _ends(values: list[float], log: bool) -> tuple[float, float]:
    """Return the range of some values, with a margin."""
    if not values:
        raise ValueError("a panel needs something to draw: points, lines, ...")
    low, high = min(values), max(values)
    if log:
        return low / 1.3, high * 1.3
    room = 0.05 * (high - low) or 1.0
    return low - room, high + room
