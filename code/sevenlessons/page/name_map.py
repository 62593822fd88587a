"""A map of names: each a dot, and as many names as find room."""

from collections.abc import Mapping

from .figures import Picture, new_figure, show

__all__ = ["name_map"]

_LETTER, _LINE = 0.0115, 0.028  # of the width and the height of the axes
_PLACES = (  # where a name may stand beside its dot
    (0.012, 0.0, "left", "center"),
    (-0.012, 0.0, "right", "center"),
    (0.0, 0.024, "center", "center"),
    (0.0, -0.024, "center", "center"),
)
_Box = tuple[float, float, float, float]


def name_map(
    places: Mapping[str, tuple[float, float]],
    *,
    alt: str,
    x: str = "",
    y: str = "",
    caption: str = "",
) -> Picture:
    """Draw names at their places.

    A name is written beside its dot where it covers no other name. Where
    there is no room the dot stays without: put the most telling names first.

    Parameters
    ----------
    places
        Name to ``(x, y)``, at least two of them.
    alt
        What the figure shows.
    x, y
        Axis labels.
    caption
        A line below.

    Raises
    ------
    ValueError
        If there are fewer than two names.

    Examples
    --------
    >>> from sevenlessons.page.name_map import name_map
    >>> name_map(
    ...     {"Alien": (0.0, 1.0), "Babe": (1.0, 0.0)},
    ...     alt="Two films far from each other.",
    ... )
    Figure: Two films far from each other.

    """
    if len(places) < 2:
        raise ValueError(f"a map needs at least two names, got {len(places)}")
    fig, ax = new_figure(7.0, 5.6)
    xs, ys = zip(*places.values(), strict=True)
    across, up = (_span(values) for values in (xs, ys))
    ax.scatter(xs, ys, s=10, linewidths=0)
    ax.set_xlim(across[0], across[0] + across[1])
    ax.set_ylim(up[0], up[0] + up[1])
    spots = [
        ((a - across[0]) / across[1], (b - up[0]) / up[1])
        for a, b in places.values()
    ]
    taken = [(a - 0.006, b - 0.008, a + 0.006, b + 0.008) for a, b in spots]
    for name, (a, b) in zip(places, spots, strict=True):
        for right, above, across_from, up_from in _PLACES:
            box = _box(a + right, b + above, len(name), across_from)
            if _inside(box) and not any(_meet(box, one) for one in taken):
                taken.append(box)
                ax.text(
                    a + right,
                    b + above,
                    name,
                    transform=ax.transAxes,
                    ha=across_from,
                    va=up_from,
                    fontsize=7.5,
                )
                break
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    return show(fig, alt, caption)


def _span(values: tuple[float, ...]) -> tuple[float, float]:
    """Return where an axis begins and how long it is."""
    low, high = min(values), max(values)
    room = 0.08 * (high - low) or 1.0
    return low - room, high - low + 2 * room


def _box(x: float, y: float, letters: int, start: str) -> _Box:
    """Return the place that a name needs, roughly."""
    width = letters * _LETTER
    left = {"left": x, "right": x - width, "center": x - width / 2}[start]
    return left, y - _LINE / 2, left + width, y + _LINE / 2


def _inside(box: _Box) -> bool:
    return min(box) >= 0 and max(box) <= 1


def _meet(first: _Box, second: _Box) -> bool:
    return (
        first[0] < second[2]
        and second[0] < first[2]
        and first[1] < second[3]
        and second[1] < first[3]
    )
