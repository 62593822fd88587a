"""True against predicted numbers: on the diagonal they agree."""

from collections.abc import Mapping, Sequence

from .figures import CYCLE, Picture, new_figure, show

__all__ = ["agreement"]


def agreement(
    panels: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    *,
    alt: str,
    limits: tuple[float, float],
    unit: str = "",
    caption: str = "",
) -> Picture:
    """Draw predicted over true values, a panel each, with the diagonal.

    Both axes have the same scale and the same ends, so a vertical distance
    from the dashed line is the error.

    Parameters
    ----------
    panels
        Title to ``(true, predicted)``.
    alt
        What the figure shows.
    limits
        Ends of all axes.
    unit
        Of the numbers.
    caption
        A line below.

    Examples
    --------
    >>> from sevenlessons.page.agreement import agreement
    >>> agreement(
    ...     {"x": ([0, 1], [0, 0.9])},
    ...     limits=(0, 1),
    ...     alt="Two dots close to the diagonal.",
    ... )
    Figure: Two dots close to the diagonal.

    """
    if not panels:
        raise ValueError("panels is empty; pass at least one title and values")
    low, high = limits
    if not low < high:
        raise ValueError(f"limits must rise, got {limits}")
    fig, axes = new_figure(
        2.6 * len(panels), 2.9, ncols=len(panels), squeeze=False, sharey=True
    )
    after = f", {unit}" if unit else ""
    for column, (title, (true, said)) in enumerate(panels.items()):
        ax = axes[0, column]
        ax.plot(limits, limits, "--", color="#808080", linewidth=1.2)
        ax.scatter(
            list(true),
            list(said),
            s=9,
            color=CYCLE[0],
            alpha=0.35,
            linewidths=0,
            rasterized=True,
        )
        ax.set(xlim=limits, ylim=limits, aspect="equal", title=title)
        ax.set_yticks(ax.get_xticks())
        ax.set(xlim=limits, ylim=limits)
        ax.set_xlabel(f"true{after}")
    axes[0, 0].set_ylabel(f"predicted{after}")
    return show(fig, alt, caption)
