"""The drawings of a result: bars, learning curves, heat maps, scatter.

One call a figure; every call needs `alt`, a sentence for those who cannot
see it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .figures import CYCLE, Picture, new_figure, show

__all__ = [
    "bars",
    "heat_map",
    "histogram",
    "learning_curve",
    "scatter",
]

MARKERS = ["o", "s", "^", "D", "v", "P", "X", "*"]


def bars(
    values: Mapping[str, float],
    *,
    alt: str,
    intervals: Mapping[str, tuple[float, float]] | None = None,
    highlight: str | None = None,
    x: str = "",
    caption: str = "",
) -> Picture:
    """Draw horizontal bars, with an interval where one is known.

    Parameters
    ----------
    values
        Label to number, drawn from top to bottom.
    alt
        What the figure shows.
    intervals
        Label to ``(low, high)``.
    highlight
        The label to set apart.
    x
        Label of the horizontal axis.
    caption
        A line below.

    Examples
    --------
    >>> from sevenlessons.page.charts import bars
    >>> bars({"coin": 0.5, "ours": 0.9}, alt="Ours is nearly twice as high.")
    Figure: Ours is nearly twice as high.

    """
    fig, ax = new_figure(5.6, 0.8 + 0.38 * len(values))
    names = list(values)[::-1]
    colours = [CYCLE[0] if name == highlight else "#808080" for name in names]
    ax.barh(names, [values[name] for name in names], color=colours, height=0.6)
    for row, name in enumerate(names):
        end = values[name]
        if intervals and name in intervals:
            low, high = intervals[name]
            ax.plot([low, high], [row, row], color="black", linewidth=1.4)
            ax.plot([low, high], [row, row], "|", color="black", ms=9)
            end = max(end, high)
        ax.annotate(
            f"{values[name]:.3g}",
            (end, row),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
        )
    ax.margins(x=0.14)
    ax.grid(False, axis="y")
    ax.set_xlabel(x)
    return show(fig, alt, caption)


def learning_curve(
    sizes: Sequence[int],
    values: Sequence[float],
    intervals: Sequence[tuple[float, float]],
    *,
    alt: str,
    y: str = "accuracy",
    reference: tuple[str, float] | None = None,
    caption: str = "",
) -> Picture:
    """Draw a score against the number of training samples, with intervals.

    Parameters
    ----------
    sizes, values, intervals
        One of each a point.
    alt
        What the figure shows.
    y
        Label of the vertical axis.
    reference
        Name and height of a dashed line to beat.
    caption
        A line below.

    """
    fig, ax = new_figure()
    low, high = zip(*intervals, strict=True)
    ax.fill_between(list(sizes), low, high, alpha=0.25, linewidth=0)
    ax.plot(list(sizes), list(values), marker="o", label=y)
    if reference is not None:
        label, height = reference
        ax.axhline(height, color=CYCLE[1], linestyle="--", label=label)
        ax.legend(loc="lower right")
    ax.set_xlabel("training samples")
    ax.set_ylabel(y)
    return show(fig, alt, caption)


def scatter(
    points: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    *,
    alt: str,
    x: str = "",
    y: str = "",
    caption: str = "",
) -> Picture:
    """Draw groups of points, told apart by colour and marker.

    Parameters
    ----------
    points
        Label to ``(xs, ys)``. Above 2,000 points the dots become pixels.
    alt
        What the figure shows.
    x, y
        Axis labels.
    caption
        A line below.

    """
    fig, ax = new_figure()
    many = sum(len(list(xs)) for xs, _ in points.values()) > 2000
    for i, (label, (xs, ys)) in enumerate(points.items()):
        ax.scatter(
            list(xs),
            list(ys),
            s=18,
            marker=MARKERS[i % len(MARKERS)],
            label=label,
            alpha=0.8,
            linewidths=0,
            rasterized=many,
        )
    if len(points) > 1:
        ax.legend()
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    return show(fig, alt, caption)


def histogram(
    values: Sequence[float],
    *,
    alt: str,
    bins: int = 30,
    x: str = "",
    marks: Mapping[str, float] | None = None,
    caption: str = "",
) -> Picture:
    """Draw how often values fall into equal bins.

    Parameters
    ----------
    values
        The numbers.
    alt
        What the figure shows.
    bins
        How many bars.
    x
        Label of the horizontal axis.
    marks
        Label to position of vertical lines.
    caption
        A line below.

    """
    fig, ax = new_figure(5.6, 2.8)
    ax.hist(list(values), bins=bins, color="#808080")
    for i, (label, at) in enumerate((marks or {}).items()):
        style = ["--", ":", "-."][i % 3]
        ax.axvline(at, color=CYCLE[i], linestyle=style, label=label)
    if marks:
        ax.legend()
    ax.set_xlabel(x)
    ax.set_ylabel("how many")
    return show(fig, alt, caption)


def heat_map(
    image: Any,
    *,
    alt: str,
    extent: tuple[float, float, float, float] | None = None,
    x: str = "",
    y: str = "",
    colour_bar: str = "",
    caption: str = "",
) -> Picture:
    """Draw a matrix as colours, row 0 at the bottom; for spectrograms.

    Parameters
    ----------
    image
        A matrix: tensor or array of shape ``(H, W)``.
    alt
        What the figure shows.
    extent
        Left, right, bottom and top in the units of the axes.
    x, y, colour_bar
        Labels; without `colour_bar` none is drawn.
    caption
        A line below.

    """
    values = np.asarray(image)
    if values.ndim != 2:
        raise ValueError(
            f"expected a matrix of shape (H, W), got shape {values.shape}"
        )
    fig, ax = new_figure(5.6, 2.8)
    ax.grid(False)
    drawn = ax.imshow(
        values,
        origin="lower",
        aspect="auto",
        cmap="viridis",
        extent=extent,
        interpolation="nearest",
        rasterized=True,
    )
    if colour_bar:
        fig.colorbar(drawn, ax=ax, label=colour_bar)
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    return show(fig, alt, caption)
