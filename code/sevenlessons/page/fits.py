"""Points with curves through them: what a model says, and what was seen."""

from collections.abc import Mapping, Sequence

from .figures import CYCLE, Picture, new_figure, show

__all__ = ["fit"]

DASHES = ["-", "--", ":", "-."]


def fit(
    points: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    curves: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    *,
    alt: str,
    x: str = "x",
    y: str = "y",
    y_range: tuple[float, float] | None = None,
    caption: str = "",
) -> Picture:
    """Draw groups of points in grey, and coloured curves over them.

    Parameters
    ----------
    points
        Label to ``(xs, ys)``; groups differ by their marker.
    curves
        Label to ``(xs, ys)`` in the order of drawing.
    alt
        What the figure shows.
    x, y
        Axis labels.
    y_range
        Ends of the vertical axis, for curves that leave it.
    caption
        A line below.

    Examples
    --------
    >>> from sevenlessons.page.fits import fit
    >>> fit(
    ...     {"data": ([0, 1, 2], [0, 1, 3])},
    ...     {"line": ([0, 2], [0, 3])},
    ...     alt="A line through three points.",
    ... )
    Figure: A line through three points.

    """
    fig, ax = new_figure()
    for i, (label, (xs, ys)) in enumerate(points.items()):
        marker = "os^D"[i % 4]
        ax.plot(
            list(xs),
            list(ys),
            marker,
            color="#808080",
            markersize=4,
            label=label,
            markerfacecolor="none" if i else "#808080",
        )
    for i, (label, (xs, ys)) in enumerate(curves.items()):
        ax.plot(
            list(xs),
            list(ys),
            color=CYCLE[i % len(CYCLE)],
            linestyle=DASHES[i % len(DASHES)],
            label=label,
        )
    if y_range is not None:
        ax.set_ylim(*y_range)
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    ax.legend()
    return show(fig, alt, caption)
