"""The drawings of a training run: curves, finder, schedules.

One call a figure, each with `alt`: what one should see, for those who cannot.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from matplotlib.axes import Axes
from matplotlib.ticker import (
    FuncFormatter,
    LogLocator,
    MaxNLocator,
    NullFormatter,
)

from .figures import CYCLE, Picture, new_figure, show

__all__ = ["curves", "finder", "lines", "schedule"]

DASHES = ["-", "--", ":", "-.", (0, (5, 1)), (0, (7, 1, 1, 1, 1, 1))]
MARKERS = ["o", "s", "^", "D", "v", "P"]


class _Recorded(Protocol):
    """A history: one row an epoch, each row a mapping."""

    @property
    def epochs(self) -> Sequence[Mapping[str, float]]: ...


class _Trial(Protocol):
    """What the learning-rate finder returns."""

    @property
    def lrs(self) -> Sequence[float]: ...
    @property
    def losses(self) -> Sequence[float]: ...
    @property
    def smoothed(self) -> Sequence[float]: ...
    @property
    def steepest(self) -> float: ...
    @property
    def valley(self) -> float: ...


def lines(
    series: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    *,
    alt: str,
    x: str = "",
    y: str = "",
    log_x: bool = False,
    log_y: bool = False,
    caption: str = "",
) -> Picture:
    """Draw one line a series, told apart by colour, dash and label.

    Parameters
    ----------
    series
        Label to ``(xs, ys)``.
    alt
        What the figure shows.
    x, y
        Axis labels.
    log_x, log_y
        Whether an axis is logarithmic.
    caption
        A line below.

    Examples
    --------
    >>> from sevenlessons.page.plots import lines
    >>> lines({"square": ([0, 1, 2], [0, 1, 4])}, alt="A parabola rising.")
    Figure: A parabola rising.

    """
    fig, ax = new_figure()
    _draw(ax, series)
    _finish(ax, x, y, log_x, log_y, legend=len(series) > 1)
    return show(fig, alt, caption)


def curves(
    history: _Recorded,
    columns: Sequence[str] = ("train_loss", "valid_loss"),
    *,
    alt: str,
    y: str = "loss",
    caption: str = "",
) -> Picture:
    """Draw columns of ``history.epochs`` over the epochs.

    Parameters
    ----------
    history
        What ``Learner.fit`` returned.
    columns
        Which columns; by default the two losses.
    alt
        What the figure shows.
    y
        Label of the vertical axis.
    caption
        A line below.

    Raises
    ------
    ValueError
        If a column was not recorded.

    """
    rows = history.epochs
    known = list(rows[0]) if rows else []
    for column in columns:
        if column not in known:
            raise ValueError(
                f"column {column!r} is not recorded; available: "
                f"{', '.join(known) or 'nothing, fit first'}"
            )
    epochs = [row["epoch"] for row in rows]
    series = {
        column.replace("_", " "): (epochs, [row[column] for row in rows])
        for column in columns
    }
    fig, ax = new_figure()
    _draw(ax, series)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    _finish(ax, "epoch", y, False, False, legend=len(series) > 1)
    return show(fig, alt, caption)


def finder(
    result: _Trial,
    *,
    alt: str,
    chosen: float | None = None,
    y_range: tuple[float, float] | None = None,
    caption: str = "",
) -> Picture:
    """Draw loss against learning rate with both suggestions marked.

    Dots are the losses of single batches, the line is their running mean.

    Parameters
    ----------
    result
        What ``lr_find`` returned.
    alt
        What the figure shows.
    chosen
        A rate that the page takes, marked too.
    y_range
        Ends of the vertical axis; found from the curve if not given.
    caption
        A line below.

    """
    lrs, curve = list(result.lrs), list(result.smoothed)
    fig, ax = new_figure()
    ax.plot(lrs, list(result.losses), ".", color="#808080", markersize=3)
    ax.plot(lrs, curve, color="#808080")
    marks = [("steepest", result.steepest), ("valley", result.valley)]
    if chosen is not None:
        marks.append(("chosen", chosen))
    for i, (label, lr) in enumerate(marks):
        height = curve[min(range(len(lrs)), key=lambda j: abs(lrs[j] - lr))]
        ax.axvline(lr, color=CYCLE[i], linestyle=DASHES[i + 1], linewidth=1.2)
        (dot,) = ax.plot([lr], [height], MARKERS[i], markersize=8)
        dot.set(color=CYCLE[i], label=f"{label} {lr:.2g}")
    first = min(10, len(curve) // 10)  # before, a mean of too few losses
    lowest = curve.index(min(curve[first:]), first)
    low, high = curve[lowest], max(curve[: lowest + 1])
    room = max(high - low, 0.2 * abs(high), 1e-6)
    # Cuts the explosion.
    ax.set_ylim(y_range or (low - 0.3 * room, high + 0.6 * room))
    _finish(ax, "learning rate", "loss", True, False, legend=True)
    return show(fig, alt, caption)


def schedule(
    lrs: Sequence[float],
    momenta: Sequence[float] | None = None,
    *,
    alt: str,
    caption: str = "",
) -> Picture:
    """Draw the learning rate, and the momentum beside it, step by step.

    Parameters
    ----------
    lrs
        One rate a step.
    momenta
        One momentum a step, or None for a single panel.
    alt
        What the figure shows.
    caption
        A line below.

    """
    panels = [("learning rate", lrs)]
    if momenta is not None:
        panels.append(("momentum", momenta))
    fig, axes = new_figure(
        3.0 * len(panels), 2.6, ncols=len(panels), squeeze=False
    )
    for i, (label, values) in enumerate(panels):
        ax = axes[0][i]
        ax.plot(list(values), color=CYCLE[i], linestyle=DASHES[i])
        _finish(ax, "step", label, False, False, legend=False)
    return show(fig, alt, caption)


def _draw(
    ax: Axes, series: Mapping[str, tuple[Sequence[float], Sequence[float]]]
) -> None:
    for i, (label, (xs, ys)) in enumerate(series.items()):
        ax.plot(
            list(xs),
            list(ys),
            label=label,
            linestyle=DASHES[i % len(DASHES)],
            marker=MARKERS[i % len(MARKERS)] if len(list(xs)) <= 20 else None,
            markersize=4,
            linewidth=1.8,
        )


def _finish(
    ax: Axes, x: str, y: str, log_x: bool, log_y: bool, *, legend: bool
) -> None:
    """Label the axes; write powers of ten as plain text."""
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    plain = FuncFormatter(lambda value, _: f"{value:g}")
    if log_x:
        ax.set_xscale("log")
    if log_y:
        ax.set_yscale("log")
    for logarithmic, axis in ((log_x, ax.xaxis), (log_y, ax.yaxis)):
        if logarithmic:
            axis.set_major_locator(LogLocator(numticks=7))
            axis.set_major_formatter(plain)
            axis.set_minor_formatter(NullFormatter())
    if legend and len(ax.get_legend_handles_labels()[0]) > 4:
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3)
    elif legend:
        ax.legend()
