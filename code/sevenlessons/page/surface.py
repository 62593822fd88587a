"""Walks of gradient descent over the lines of equal loss."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from .figures import CYCLE, Picture, new_figure, show

__all__ = ["paths"]

DASHES = ["-", "--", ":", "-."]


def paths(
    walks: Mapping[str, Any],
    loss: Callable[[np.ndarray], Any],
    *,
    alt: str,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    x: str = "slope",
    y: str = "intercept",
    best: Any = None,
    together: bool = False,
    caption: str = "",
) -> Picture:
    """Draw walks of two weights over contours of their loss.

    Parameters
    ----------
    walks
        Label to places, shape ``(steps + 1, 2)``.
    loss
        Returns the losses of weights of shape ``(M, 2)``.
    alt
        What the figure shows.
    x_range, y_range
        Ends of the axes. A walk that leaves them is cut.
    x, y
        What the two weights are called.
    best
        The lowest place, marked with a cross.
    together
        Draw all walks over each other instead of side by side.
    caption
        A line below.

    Examples
    --------
    >>> from sevenlessons.page.surface import paths
    >>> paths(
    ...     {"two steps": [[4, 4], [2, 3], [1, 2]]},
    ...     lambda weights: (weights**2).sum(axis=1),
    ...     x_range=(-5, 5),
    ...     y_range=(-5, 5),
    ...     alt="Two steps down a round bowl.",
    ... )
    Figure: Two steps down a round bowl.

    """
    labels = list(walks)
    if not labels:
        raise ValueError("paths needs at least one walk, got none")
    sheets = [labels] if together else [[label] for label in labels]
    columns = min(2, len(sheets))
    rows = -(-len(sheets) // columns)
    fig, axes = new_figure(
        *((5.6, 3.6) if len(sheets) == 1 else (6.4, 2.6 * rows)),
        ncols=columns,
        nrows=rows,
        squeeze=False,
        sharex=True,
        sharey=True,
    )
    for number, ax in enumerate(axes.ravel()):
        if number >= len(sheets):
            ax.set_axis_off()
            continue
        _contours(ax, loss, x_range, y_range)
        for i, label in enumerate(sheets[number]):
            _walk(ax, np.asarray(walks[label], float), label, i)
        if best is not None:
            ax.plot(*np.asarray(best, float), "x", color="black", ms=8, mew=2)
        ax.set_xlim(*x_range)
        ax.set_ylim(*y_range)
        if len(sheets) > 1:
            ax.set_title(sheets[number][0])
        elif len(labels) > 1:
            ax.legend()
    for ax in axes[-1]:
        ax.set_xlabel(x)
    for ax in axes[:, 0]:
        ax.set_ylabel(y)
    return show(fig, alt, caption)


def _contours(
    ax: Axes,
    loss: Callable[[np.ndarray], Any],
    x_range: tuple[float, float],
    y_range: tuple[float, float],
) -> None:
    xs, ys = np.linspace(*x_range, 41), np.linspace(*y_range, 41)
    grid = np.stack(np.meshgrid(xs, ys), axis=-1)  # (41, 41, 2)
    values = np.asarray(loss(grid.reshape(-1, 2)), float).reshape(41, 41)
    low, high = values.min(), values.max()
    levels = low + (high - low) * 0.4 ** np.arange(6)[::-1]
    ax.contour(
        xs, ys, values, levels, colors="#808080", linewidths=0.8, alpha=0.7
    )


def _walk(ax: Axes, walk: np.ndarray, label: str, number: int) -> None:
    if walk.ndim != 2 or walk.shape[1] != 2:
        raise ValueError(
            f"walk {label!r} must have the shape (steps + 1, 2), got "
            f"{walk.shape}"
        )
    colour = CYCLE[number % len(CYCLE)]
    ax.plot(
        *np.clip(walk, -1e6, 1e6).T,
        color=colour,
        linestyle=DASHES[number % len(DASHES)],
        marker=".",
        markersize=5,
        linewidth=1.4,
        label=label,
    )
    ax.plot(*walk[0], "o", color=colour, markersize=8, mfc="none", mew=2)
