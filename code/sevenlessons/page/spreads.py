"""Lines with a band: the mean of several runs, and how far they spread."""

from collections.abc import Mapping, Sequence

from matplotlib.ticker import FuncFormatter, NullFormatter

from .figures import CYCLE, Picture, new_figure, show
from .plots import DASHES, MARKERS

__all__ = ["spreads"]


def spreads(
    series: Mapping[str, tuple[Sequence[float], Sequence[Sequence[float]]]],
    *,
    alt: str,
    x: str = "",
    y: str = "",
    log_x: bool = False,
    y_range: tuple[float, float] | None = None,
    caption: str = "",
) -> Picture:
    """Draw the mean of some runs a series, and a band from worst to best.

    Parameters
    ----------
    series
        Label to ``(xs, runs)``: for each place on the horizontal axis the
        numbers of all runs there, one or more.
    alt
        What the figure shows.
    x, y
        Axis labels.
    log_x
        Whether the horizontal axis is logarithmic; its ticks are the `xs`
        of the first series then.
    y_range
        Ends of the vertical axis, for lines that leave it.
    caption
        A line below.

    Raises
    ------
    ValueError
        If a series is not a list of runs for each of its places.

    Examples
    --------
    >>> from sevenlessons.page.spreads import spreads
    >>> runs = [[0.81, 0.83], [0.84, 0.85]]
    >>> spreads({"ours": ([1, 2], runs)}, alt="A line that rises a little.")
    Figure: A line that rises a little.

    """
    for label, (xs, runs) in series.items():
        if len(xs) != len(runs) or not all(len(one) for one in runs):
            raise ValueError(
                f"{label!r}: expected the numbers of at least one run for "
                f"each of {len(xs)} places, got {[len(one) for one in runs]}"
            )
    fig, ax = new_figure()
    for i, (label, (xs, runs)) in enumerate(series.items()):
        color = CYCLE[i % len(CYCLE)]
        ax.fill_between(
            list(xs),
            [min(one) for one in runs],
            [max(one) for one in runs],
            color=color,
            alpha=0.2,
            linewidth=0,
        )
        ax.plot(
            list(xs),
            [sum(one) / len(one) for one in runs],
            color=color,
            linestyle=DASHES[i % len(DASHES)],
            marker=MARKERS[i % len(MARKERS)] if len(xs) <= 20 else None,
            markersize=5,
            label=label,
        )
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    if log_x:
        ax.set_xscale("log")
        ticks = [float(value) for value in next(iter(series.values()))[0]]
        ax.set_xticks(ticks)
        ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
        ax.xaxis.set_minor_formatter(NullFormatter())
    if y_range is not None:
        ax.set_ylim(*y_range)
    if len(series) > 1:
        ax.legend()
    return show(fig, alt, caption)
