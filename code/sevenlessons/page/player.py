"""Figures that move: a player with buttons, a slider and the keyboard.

`animate` takes panels and a sentence a frame. It starts paused, never moves
where the reader asked for less motion, and shows chosen frames side by side
on paper and where scripts do not run. Nothing is loaded: the script stands
in the output. `stage` holds the parts that other moving figures share.
"""

from collections.abc import Sequence

from .assets import asset, embedded
from .canvas import Canvas, path
from .output import escape
from .panels import Panel
from .stage import Layer, figure, key, still

__all__ = ["Player", "animate"]

BUTTONS = (
    '<div class="bp-row"><button type="button" class="bp-play">Play</button>'
    '<button type="button" class="bp-back" aria-label="One step back">'
    '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M11,2L4,8L11,14"/>'
    '</svg></button><button type="button" class="bp-next" '
    'aria-label="One step forward"><svg viewBox="0 0 16 16" '
    'aria-hidden="true"><path d="M5,2L12,8L5,14"/></svg></button>'
    '<button type="button" class="bp-speed" aria-label="Speed: 1 times">'
    "1&times;</button></div>"
)


class Player:
    """An animation, shown by the notebook if it is the last thing in a cell.

    Parameters
    ----------
    html
        The figure with its script.
    alt
        What it shows.
    num_frames
        How many frames it has.

    """

    def __init__(self, html: str, alt: str, num_frames: int) -> None:
        self.html = html
        self.alt = alt
        self.num_frames = num_frames

    def __repr__(self) -> str:
        return f"Animation of {self.num_frames} frames: {self.alt}"

    def _repr_html_(self) -> str:
        return self.html


def animate(
    panels: Sequence[Panel],
    says: Sequence[str],
    *,
    alt: str,
    slider: str = "step",
    seconds: float = 10.0,
    stills: Sequence[int] | None = None,
    begin: int = 0,
    caption: str = "",
) -> Player:
    """Return a player for some panels side by side.

    Parameters
    ----------
    panels
        What is drawn; all with the same number of frames.
    says
        A sentence a frame: what one sees now. It stands below the drawing,
        and is read out when the frame was chosen by hand.
    alt
        What the animation shows as a whole.
    slider
        What the slider counts.
    seconds
        How long it plays at speed 1.
    stills
        Numbers of the frames that paper shows; four of them if not given.
    begin
        Number of the frame that it shows first; -1 is the last one, from
        which it plays from the start.
    caption
        A line below.

    Raises
    ------
    ValueError
        If a panel has another number of frames than there are sentences, or
        there is no frame `begin`.

    Examples
    --------
    >>> from sevenlessons.page.panels import Panel
    >>> from sevenlessons.page.player import animate
    >>> lines = [([0, 1], [0, 1]), ([0, 1], [0, 2])]
    >>> panel = Panel("x", "y", moving={"a line": lines})
    >>> animate([panel], ["flat", "steep"], alt="A line that gets steeper.")
    Animation of 2 frames: A line that gets steeper.

    """
    count = len(says)
    _check(panels, count, alt, seconds)
    if not -count <= begin < count:
        raise ValueError(
            f"begin must be a frame from {-count} to {count - 1}, got {begin}"
        )
    begin %= count
    if stills is None:
        stills = sorted({0, count // 10, count // 3, count - 1})
    stages: list[tuple[Canvas, list[Layer]]] = []
    for panel in panels:
        colours = sum(one.moves for _, ls in stages for one in ls)
        stages.append((panel.canvas(), panel.layers(colours)))
    small = [(canvas.smaller(), layers) for canvas, layers in stages]
    drawn = "".join(
        still([c.svg(_draw(c, ls, k)) for c, ls in small], says[k])
        for k in stills
    )
    layers = [one for _, layers in stages for one in layers]
    data = {
        "says": list(says),
        "ms": round(1000 * seconds / count),
        "begin": begin,
        "layers": [
            _frames(c, layer, count)
            for c, ls in stages
            for layer in ls
            if layer.moves
        ],
    }
    first = "".join(c.svg(_draw(c, ls, begin)) for c, ls in stages)
    live = (
        f'<div class="bp-panels" role="img" aria-label="{escape(alt)}">'
        f'{first}</div><p class="bp-says">{escape(says[begin])}</p>'
        f'<label class="bp-slider"><span>{escape(slider)}</span><input '
        f'type="range" min="0" max="{count - 1}" value="{begin}"></label>'
        f"{BUTTONS}"
    )
    html = figure(
        "bp-animation",
        alt,
        style=asset("player.css"),
        stills=drawn,
        live=live,
        below=key(layers),
        caption=caption,
        script=embedded("player.js", data),
    )
    return Player(html, alt, count)


def _check(
    panels: Sequence[Panel], count: int, alt: str, seconds: float
) -> None:
    if count < 2 or seconds <= 0:
        raise ValueError(
            "expected at least 2 frames and seconds > 0, got "
            f"{count} and {seconds:g}"
        )
    if len(alt.strip()) < 10:
        raise ValueError(
            f"alt must say what the animation shows, got {alt!r}; write a "
            "sentence for readers who cannot see it"
        )
    for panel in panels:
        sizes = {k: len(v) for k, v in panel.moving.items()}
        sizes |= {k: len(v) for k, v in panel.swarms.items()}
        sizes |= {k: len(v[0]) for k, v in panel.trails.items()}
        for label, size in sizes.items():
            if size != count:
                raise ValueError(
                    f"{label!r} has {size} frames, but there are {count} "
                    "sentences in says; pass one a frame"
                )


def _frames(canvas: Canvas, layer: Layer, count: int) -> dict[str, object]:
    """Return all frames of a layer as the script reads them."""
    if layer.trail:
        places = canvas.places(*layer.series[0])
        return {"trail": [path([place])[1:] for place in places]}
    return {
        "frames": [
            path(canvas.places(*one), dots=layer.dots) for one in layer.series
        ]
    }


def _draw(canvas: Canvas, layers: Sequence[Layer], frame: int) -> str:
    return "".join(layer.drawn(canvas, frame) for layer in layers)
