"""What a race of optimizers draws: the landscape, the losses, the controls."""

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from .canvas import Canvas, path
from .figures import CYCLE
from .output import escape
from .stage import Layer, still
from .surfaces import Surface, contours

__all__ = ["axes", "live_race", "still_race"]

# name -> settings, by the names that torch.optim gives them
RACERS: dict[str, dict[str, Any]] = {
    "SGD": {},
    "momentum": {"momentum": 0.9},
    "Nesterov": {"momentum": 0.9, "nesterov": True},
    "RMSProp": {"alpha": 0.99},
    "Adam": {"betas": (0.9, 0.999)},
}
DASH = ("", "6 3", "2 3", "8 3 2 3", "12 2")
LEVEL = Layer("lines of equal loss", "#808080", [])
LEAST = Layer("lowest place", "currentColor", [], dots=True)
START = Layer("start", "#d55e00", [], dots=True)
LAYERS = [
    Layer(name, color, [], dash=dash)
    for name, color, dash in zip(
        RACERS, [*CYCLE[:4], CYCLE[5]], DASH, strict=True
    )
]
KEY = [*LAYERS, LEVEL, LEAST, START]


def axes(ground: Surface, steps: int) -> tuple[Canvas, Canvas]:
    """Return the axes of the landscape and of the loss.

    Parameters
    ----------
    ground
        The landscape.
    steps
        How many the walks take.

    Examples
    --------
    >>> from sevenlessons.page.race_panels import axes
    >>> from sevenlessons.page.surfaces import surfaces
    >>> [canvas.x for canvas in axes(surfaces()[0], 100)]
    ['weight a', 'step']

    """
    top = float(ground.loss(*ground.start)) - ground.least
    high = 10.0 ** math.ceil(math.log10(top) + 0.5)
    return (
        Canvas(ground.x_range, ground.y_range, x="weight a", y="weight b"),
        Canvas(
            (0, steps),
            (1e-4 * high, high),
            x="step",
            y="above the lowest",
            log_y=True,
        ),
    )


def _dot(canvas: Canvas, at: Sequence[float], colour: str) -> str:
    d = path(canvas.places(*([v] for v in at)), dots=True)
    return f'<path class="bp-line bp-end" stroke="{colour}" d="{d}"/>'


def still_race(
    ground: Surface,
    walks: Mapping[str, Sequence[tuple[float, float]]],
    steps: int,
    away: Collection[str] = (),
) -> str:
    """Return walks as paper shows them, with a sentence on where they led.

    Parameters
    ----------
    ground, steps
        As in `axes`.
    walks
        All places of each of `RACERS`.
    away
        Those that flew off.

    """
    surface, curve = (axes.smaller() for axes in axes(ground, steps))
    rings = f'<path class="bp-ring" d="{contours(ground, surface)}"/>'
    lines, falls, ends = [], [], {}
    for layer, (name, walk) in zip(LAYERS, walks.items(), strict=True):
        losses = [ground.loss(a, b) - ground.least for a, b in walk]
        ends[name] = losses[-1]
        style = (
            f'<path class="bp-line" stroke="{layer.colour}" '
            f'stroke-dasharray="{layer.dash or "none"}" d="'
        )
        xs, ys = zip(*walk, strict=True)
        lines.append(f'{style}{path(surface.places(xs, ys))}"/>')
        d = path(curve.places(range(0, steps + 1, 2), losses[::2]))
        falls.append(f'{style}{d}"/>')
    order = ", ".join(
        f"{name} flew off"
        if name in away
        else f"{name} {ends[name] if ends[name] > 1e-12 else 0:.2g}"
        for name in sorted(ends, key=lambda name: (name in away, ends[name]))
    )
    return still(
        [
            surface.svg(
                rings
                + _dot(surface, ground.lowest, LEAST.colour)
                + "".join(lines)
                + _dot(surface, ground.start, START.colour)
            ),
            curve.svg("".join(falls)),
        ],
        f"{ground.name.capitalize()}, loss above the lowest after {steps} "
        f"steps: {order}.",
    )


def live_race(grounds: Sequence[Surface], steps: int, alt: str) -> str:
    """Return what the script brings to life: panels, buttons, sliders.

    Parameters
    ----------
    grounds, steps
        As in `axes`; one pair of panels each.
    alt
        What the figure shows.

    """
    style = [
        f'stroke="{layer.colour}" stroke-dasharray="{layer.dash or "none"}" '
        'd=""/>'
        for layer in LAYERS
    ]
    walks = "".join(f'<path class="bp-line bp-walk" {s}' for s in style)
    heads = "".join(f'<path class="bp-line bp-end" {s}' for s in style)
    falls = "".join(f'<path class="bp-line bp-falls" {s}' for s in style)
    panels = "".join(
        '<div class="bp-panels bp-ground" hidden><div class="bp-plot">'
        f'<div role="img" aria-label="{escape(ground.name)}: {escape(alt)}">'
        + surface.svg(
            '<path class="bp-ring" d=""/>'
            + _dot(surface, ground.lowest, LEAST.colour)
            + f"{walks}{heads}"
        )
        + '</div><div class="bp-start" tabindex="0" role="application" '
        'aria-roledescription="point to move"></div></div>'
        '<div role="img" aria-label="The loss of each, step by step">'
        f"{curve.svg(falls)}</div></div>"
        for ground in grounds
        for surface, curve in [axes(ground, steps)]
    )
    options = "".join(
        f'<option value="{k}">{escape(ground.name)}</option>'
        for k, ground in enumerate(grounds)
    )
    sliders = "".join(
        f'<label class="bp-slider"><span>{label}</span><input type="range" '
        f'class="bp-{name}" min="{low}" max="{high}" step="{by}" '
        f'value="{value}"><output></output></label>'
        for label, name, low, high, by, value in (
            ("steps", "count", 0, steps, 1, steps),
            ("all rates", "factor", -4, 4, 0.25, 0),
        )
    )
    return (
        '<div class="bp-row"><label>landscape <select class="bp-choice">'
        f'{options}</select></label><button type="button" class="bp-play">'
        f"Play</button></div>{panels}"
        "<p>Drag the start, or move it with the arrow keys.</p>"
        '<p class="bp-says" aria-live="polite">'
        f"</p>{sliders}"
    )
