"""A place to try learning rates: move the slider, see the path.

`descent_playground` takes the points of a line fit. Its script walks down
their squared error itself, with the numbers that Python has summed up, so it
answers at once and without a server. Where no script runs, and on paper, it
shows four walks: low, high, just below and just above the limit.
"""

import math
from collections.abc import Sequence

import numpy as np

from .assets import asset, embedded
from .bowl import Bowl
from .canvas import Canvas, path
from .figures import CYCLE
from .output import escape
from .stage import Layer, figure, key, still

__all__ = ["Playground", "descent_playground"]

STEPS = 100  # at most, in the figure
WALK = Layer("path of the weights", CYCLE[0], [])
LEVEL = Layer("lines of equal loss", "#808080", [])
LEAST = Layer("lowest loss", CYCLE[2], [], dots=True)
START = Layer("start: drag it, or press arrow keys", CYCLE[1], [], dots=True)


class Playground:
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
        return f"Playground: {self.alt}"

    def _repr_html_(self) -> str:
        return self.html


def descent_playground(
    x: Sequence[float],
    y: Sequence[float],
    *,
    start: tuple[float, float] = (-1.0, 1.0),
    lr: float | None = None,
    steps: int = 30,
    alt: str,
    caption: str = "",
) -> Playground:
    """Return a figure in which the reader walks down the loss of a line.

    Sliders set learning rate and number of steps; the start can be dragged,
    clicked, or moved with the arrow keys. Words below say where the walk has
    come to, and whether it converges, oscillates or diverges.

    Parameters
    ----------
    x, y
        The points that the line is fitted to.
    start
        Slope and intercept before the first step.
    lr, steps
        Where the sliders stand at first; `steps` is at most 100. Without
        `lr`, a quarter of the rate from which on the walk diverges.
    alt
        What the figure shows.
    caption
        A line below.

    Raises
    ------
    ValueError
        If there is no best line, or a setting is out of its range.

    Examples
    --------
    >>> from sevenlessons.page.playground import descent_playground
    >>> descent_playground([0, 1, 2], [1, 3, 5], alt="A walk down a bowl.")
    Playground: A walk down a bowl.

    """
    bowl = Bowl(x, y)
    step = _round_step(bowl.limit / 150)
    if lr is None:
        lr = round(bowl.limit / 4 / step) * step
    if not 0 <= steps <= STEPS or not 0 < lr <= 1.1 * bowl.limit:
        raise ValueError(
            f"expected steps in [0, {STEPS}] and lr in (0, "
            f"{1.1 * bowl.limit:.3g}], got {steps} and {lr:g}"
        )
    if len(alt.strip()) < 10:
        raise ValueError(
            f"alt must say what the figure shows, got {alt!r}; write a "
            "sentence for readers who cannot see it"
        )
    first = np.array(start, float)
    reach = 1.25 * max(*np.abs(first - bowl.best), 1.0)
    surface = Canvas(
        (bowl.best[0] - reach, bowl.best[0] + reach),
        (bowl.best[1] - reach, bowl.best[1] + reach),
        x="slope",
        y="intercept",
    )
    highest = float(bowl.loss(bowl.best + reach))
    curve = Canvas(
        (0, STEPS),
        (max(bowl.least, 1e-3 * highest) / 2, 10 * highest),
        x="step",
        y="mean squared error",
        log_y=True,
    )
    data = {
        "square": bowl.square.tolist(),
        "product": bowl.product.tolist(),
        "constant": bowl.constant,
        "best": bowl.best.tolist(),
        "least": bowl.least,
        "limit": bowl.limit,
        "start": first.tolist(),
        "surface": surface.settings(),
        "curve": curve.settings(),
    }
    fine = min(step, _round_step(lr))
    places = 2 - round(math.log10(bowl.limit))  # decimals of a short number
    rates = [lr, *(round(k * bowl.limit, places) for k in (0.7, 0.97, 1.05))]
    html = figure(
        "bp-playground",
        alt,
        style=asset("player.css"),
        stills="".join(
            _still(bowl, surface, curve, first, rate, steps) for rate in rates
        ),
        live=_live(bowl, surface, curve, fine, lr, steps, alt),
        below=key([WALK, LEVEL, LEAST, START]),
        caption=caption,
        script=embedded("playground.js", data),
    )
    return Playground(html, alt)


def _round_step(value: float) -> float:
    """Return the largest 1, 2 or 5 times a power of ten up to `value`."""
    power = math.floor(math.log10(value))
    steps = [float(f"{digit}e{power}") for digit in (1, 2, 5)]
    return max([steps[0], *(s for s in steps if s <= value)])


def _fixed(bowl: Bowl, surface: Canvas) -> str:
    corner = np.array([surface.x_range[1], surface.y_range[1]])
    best = path(surface.places(bowl.best[:1], bowl.best[1:]), dots=True)
    return bowl.levels(surface, corner) + (
        f'<path class="bp-line bp-end" stroke="{LEAST.colour}" d="{best}"/>'
    )


def _floor(bowl: Bowl, curve: Canvas) -> str:
    d = path(curve.places([0, STEPS], [bowl.least] * 2))
    return (
        f'<path class="bp-line" stroke="{LEAST.colour}" '
        f'stroke-dasharray="5 4" d="{d}"/>'
    )


def _still(
    bowl: Bowl,
    surface: Canvas,
    curve: Canvas,
    start: np.ndarray,
    lr: float,
    steps: int,
) -> str:
    surface, curve = surface.smaller(), curve.smaller()
    walk = bowl.walk(start, lr, steps)
    losses = bowl.loss(walk)
    d = path(surface.places(walk[:, 0], walk[:, 1]))
    first = path(surface.places(start[:1], start[1:]), dots=True)
    falls = path(curve.places(range(steps + 1), losses))
    line = f'<path class="bp-line" stroke="{WALK.colour}" d="'
    dot = f'<path class="bp-line bp-end" stroke="{START.colour}" d="'
    drawings = [
        surface.svg(f'{_fixed(bowl, surface)}{line}{d}"/>{dot}{first}"/>'),
        curve.svg(f'{_floor(bowl, curve)}{line}{falls}"/>'),
    ]
    verdict = (
        "it diverges"
        if lr > bowl.limit
        else "it oscillates, and arrives"
        if lr > bowl.limit / 2
        else "it converges"
    )
    return still(
        drawings,
        f"Learning rate {lr:.3g}: {verdict}. After {steps} steps the loss is "
        f"{losses[-1]:.3g}; the lowest is {bowl.least:.3g}.",
    )


def _live(
    bowl: Bowl,
    surface: Canvas,
    curve: Canvas,
    step: float,
    lr: float,
    steps: int,
    alt: str,
) -> str:
    line = f'stroke="{WALK.colour}" d=""/>'
    walk = (
        f'<path class="bp-line bp-walk" {line}'
        f'<path class="bp-dots bp-steps" {line}'
    )
    falls = f'<path class="bp-line bp-falls" {line}'
    sliders = "".join(
        f'<label class="bp-slider"><span>{label}</span><input type="range" '
        f'class="bp-{name}" min="{low:g}" max="{high:g}" step="{by:g}" '
        f'value="{value:g}"><output></output></label>'
        for label, name, low, high, by, value in (
            ("learning rate", "lr", step, 1.1 * bowl.limit, step, lr),
            ("steps", "count", 0, STEPS, 1, steps),
        )
    )
    return (
        '<div class="bp-panels"><div class="bp-plot"><div role="img" '
        f'aria-label="{escape(alt)}">'
        f"{surface.svg(_fixed(bowl, surface) + walk)}</div>"
        '<div class="bp-start" tabindex="0" role="application" '
        'aria-roledescription="point to move"></div></div>'
        '<div role="img" aria-label="The loss, step by step">'
        f"{curve.svg(_floor(bowl, curve) + falls)}</div></div>"
        '<p class="bp-says" aria-live="off"><span class="bp-verdict">'
        f'</span> <span class="bp-now"></span></p>{sliders}'
    )
