"""Ridges: many histograms one above the other, one panel a case.

Made for what goes through the layers of a network: one ridge a layer, the
first at the bottom, so that a signal that fades or explodes can be seen.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from .figures import CYCLE, Picture, new_figure, show

__all__ = ["ridges"]

BINS = 40


def ridges(
    panels: Mapping[str, Sequence[Sequence[float]]],
    *,
    alt: str,
    x_range: tuple[float, float],
    x: str = "",
    y: str = "layer",
    columns: int = 2,
    caption: str = "",
) -> Picture:
    """Draw a panel of histograms for each case, side by side.

    Parameters
    ----------
    panels
        Title to the numbers of each ridge, from bottom to top. Each
        histogram has the same height, whatever it counts.
    alt
        What the figure shows.
    x_range
        Ends of the horizontal axis, shared by all panels. What lies outside
        is counted in the bin at the edge.
    x, y
        Axis labels.
    columns
        How many panels stand side by side.
    caption
        A line below.

    Raises
    ------
    ValueError
        If there is no panel, one has no ridge, a ridge no finite number, or
        the ends of the axis are not in order.

    Examples
    --------
    >>> from sevenlessons.page.ridges import ridges
    >>> ridges(
    ...     {"fades": [[-2, 0, 2], [-1, 0, 1]]},
    ...     alt="The upper of two histograms is narrower.",
    ...     x_range=(-3, 3),
    ... )
    Figure: The upper of two histograms is narrower.

    """
    low, high = x_range
    if not panels or not low < high or columns < 1:
        raise ValueError(
            "expected at least one panel, one column and a range (low, high) "
            f"with low < high, got {len(panels)} panels, {columns} columns "
            f"and {x_range}"
        )
    rows = -(-len(panels) // columns)
    columns = min(columns, len(panels))
    fig, grid = new_figure(
        2.4 * columns + 0.5,
        2.0 * rows + 0.3,
        nrows=rows,
        ncols=columns,
        sharex=True,
        squeeze=False,
    )
    for ax in grid.flat[len(panels) :]:
        ax.set_visible(False)
    for place, (title, layers) in enumerate(panels.items()):
        ax = grid.flat[place]
        _panel(ax, title, layers, low, high)
        ax.set_title(title)
        if place % columns == 0:
            ax.set_ylabel(y)
        if place + columns >= len(panels):
            ax.set_xlabel(x)
            ax.tick_params(labelbottom=True)
    return show(fig, alt, caption)


def _panel(
    ax: Axes,
    title: str,
    layers: Sequence[Sequence[float]],
    low: float,
    high: float,
) -> None:
    if not len(layers):
        raise ValueError(f"panel {title!r} has no ridge; give one a layer")
    for number, values in enumerate(layers, 1):
        found = np.asarray(values, dtype=float).ravel()
        if not found.size or not np.isfinite(found).all():
            raise ValueError(
                f"ridge {number} of panel {title!r} must hold finite "
                "numbers and at least one; leave out a layer that overflowed"
            )
        counts, edges = np.histogram(
            found.clip(low, high), bins=BINS, range=(low, high)
        )
        ax.stairs(
            number + 0.9 * counts / counts.max(),
            edges,
            baseline=number,
            fill=True,
            color=CYCLE[0],
        )
    ax.set_xlim(low, high)
    ax.set_yticks(range(1, len(layers) + 1, max(1, len(layers) // 4)))
    ax.grid(False, axis="y")
