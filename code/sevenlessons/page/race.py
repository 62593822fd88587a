"""Optimizers racing down a landscape, before the reader's eyes.

`race` takes landscapes, the rate of each optimizer on each, and a function
that walks. Its walks are drawn for paper and where no script runs. The script
walks itself, so that the reader may choose another landscape, make all rates
larger or smaller, drag the start, and play the steps.
"""

import math
from collections.abc import Callable, Mapping, Sequence

from .assets import asset, embedded
from .race_panels import KEY, RACERS, axes, live_race, still_race
from .stage import figure, key
from .surfaces import Surface

__all__ = ["Race", "race"]

FAR = 1e6  # whoever is farther out has flown off

Walk = Callable[[str, Surface, float, int], Sequence[Sequence[float]]]


class Race:
    """The figure, shown by the notebook if it is the last thing in a cell.

    Parameters
    ----------
    html
        The figure with its script.
    alt
        What it shows.

    """

    def __init__(self, html: str, alt: str) -> None:
        self.html = html
        self.alt = alt

    def __repr__(self) -> str:
        return f"Race: {self.alt}"

    def _repr_html_(self) -> str:
        return self.html


def race(
    grounds: Sequence[Surface],
    rates: Mapping[str, Mapping[str, float]],
    walk: Walk,
    *,
    steps: int = 100,
    alt: str,
    caption: str = "",
) -> Race:
    """Return a figure in which optimizers race on several surfaces.

    Parameters
    ----------
    grounds
        The surfaces; the first one is shown first.
    rates
        Surface's name to the rate of each of `race_panels.RACERS`.
    walk
        Called with a racer, a surface, a rate and a number of steps; returns
        all places from `Surface.start` on, shape ``(steps + 1, 2)``.
    steps
        From 1 to 150.
    alt
        What the figure shows.
    caption
        A line below.

    Raises
    ------
    ValueError
        If there is no surface, a rate is missing or not positive, a walk
        has another length, or a setting is out of its range.

    Examples
    --------
    >>> from sevenlessons.page.race import race
    >>> from sevenlessons.page.race_panels import RACERS
    >>> from sevenlessons.page.surfaces import surfaces
    >>> bowl = surfaces()[0]
    >>> rates = {bowl.name: dict.fromkeys(RACERS, 0.1)}
    >>> def stay(racer, surface, lr, steps):
    ...     return [surface.start] * (steps + 1)
    >>> race([bowl], rates, stay, alt="Five that stay at home.")
    Race: Five that stay at home.

    """
    _check(grounds, rates, steps, alt)
    walks = {
        g.name: {
            name: walk(name, g, rates[g.name][name], steps) for name in RACERS
        }
        for g in grounds
    }
    found = {
        ground: {name: _kept(w, steps, name) for name, w in own.items()}
        for ground, own in walks.items()
    }
    away = {
        ground: [name for name, w in own.items() if not all(map(_inside, w))]
        for ground, own in walks.items()
    }
    data = {
        "racers": RACERS,
        "steps": steps,
        "far": FAR,
        "grounds": [
            {
                "name": g.name,
                "terms": [[*powers, c] for powers, c in g.terms.items()],
                "start": g.start,
                "least": g.least,
                "rates": rates[g.name],
                "surface": axes(g, steps)[0].settings(),
                "curve": axes(g, steps)[1].settings(),
            }
            for g in grounds
        ],
    }
    html = figure(
        "bp-race",
        alt,
        style=asset("player.css") + asset("race.css"),
        stills="".join(
            still_race(g, found[g.name], steps, away[g.name]) for g in grounds
        ),
        live=live_race(grounds, steps, alt),
        below=key(KEY),
        caption=caption,
        script=embedded("race.js", data),
    )
    return Race(html, alt)


def _check(
    grounds: Sequence[Surface],
    rates: Mapping[str, Mapping[str, float]],
    steps: int,
    alt: str,
) -> None:
    if not grounds or not 1 <= steps <= 150:
        raise ValueError(
            "expected at least one surface and steps in [1, 150], got "
            f"{len(grounds)} surfaces and {steps} steps"
        )
    for ground in grounds:
        own = rates.get(ground.name, {})
        wrong = [n for n in RACERS if not 0 < own.get(n, 0) < math.inf]
        if wrong:
            raise ValueError(
                f"expected a positive rate on {ground.name!r} for each of "
                f"{', '.join(RACERS)}, got none for {', '.join(wrong)}"
            )
    if len(alt.strip()) < 10:
        raise ValueError(
            f"alt must say what the figure shows, got {alt!r}; write a "
            "sentence for readers who cannot see it"
        )


def _kept(
    places: Sequence[Sequence[float]], steps: int, name: str
) -> list[tuple[float, float]]:
    """Return the places as numbers; who flies off stays where that was."""
    if len(places) != steps + 1:
        raise ValueError(
            f"the walk of {name} has {len(places)} places; expected the "
            f"start and one after each of {steps} steps"
        )
    kept: list[tuple[float, float]] = []
    for place in places:
        a, b = (float(value) for value in place)
        kept.append((a, b) if _inside(place) or not kept else kept[-1])
    return kept


def _inside(place: Sequence[float]) -> bool:
    return all(abs(float(value)) < FAR for value in place)  # not for NaN
