"""What moving figures share: layers, stills, the key, the frame around all."""

from collections.abc import Sequence
from dataclasses import dataclass

from .canvas import Canvas, path
from .output import escape

__all__ = ["Layer", "figure", "key", "still"]


@dataclass(frozen=True)
class Layer:
    """One line or one cloud of dots.

    Parameters
    ----------
    label
        For the key; empty for none.
    colour
        Of the stroke.
    series
        ``(xs, ys)``: a single one, or one a frame if it moves.
    dots
        Whether it is drawn as dots.
    dash
        Dash pattern of a line.
    moves
        Whether the script draws it anew for each frame.
    trail
        Whether the frames show more and more of a single series.

    Examples
    --------
    >>> from sevenlessons.page.canvas import Canvas
    >>> from sevenlessons.page.stage import Layer
    >>> line = Layer("a line", "#0b7ac0", [([0, 1], [0, 1])])
    >>> line.drawn(Canvas((0, 1), (0, 1), x="x", y="y"), 0)
    '<path class="bp-line" stroke="#0b7ac0" d="M44,200L310,10"/>'

    """

    label: str
    colour: str
    series: Sequence[tuple[Sequence[float], Sequence[float]]]
    dots: bool = False
    dash: str = ""
    moves: bool = False
    trail: bool = False

    def drawn(self, canvas: Canvas, frame: int) -> str:
        """Return the SVG of one frame."""
        places = canvas.places(*self.series[frame if self._many else 0])
        if self.trail:
            places = places[: frame + 1]
        return self._path(path(places, dots=self.dots)) + (
            self._path(path(places[-1:], dots=True), " bp-end")
            if self.trail
            else ""
        )

    @property
    def _many(self) -> bool:
        return self.moves and not self.trail

    def _path(self, d: str, more: str = "") -> str:
        kind = ("bp-dots" if self.dots else "bp-line") + more
        dash = f' stroke-dasharray="{self.dash}"' if self.dash else ""
        moves = " bp-moves" if self.moves and not more else ""
        return (
            f'<path class="{kind}{moves}" stroke="{self.colour}"{dash} '
            f'd="{d}"/>'
        )

    def swatch(self) -> str:
        """Return the layer's entry in the key."""
        drawn = self._path("M9,5h0" if self.dots else "M1,5h16")
        drawn = drawn.replace(" bp-moves", "")
        return (
            '<span><svg viewBox="0 0 18 10" aria-hidden="true">'
            f"{drawn}</svg>{escape(self.label)}</span>"
        )


def key(layers: Sequence[Layer]) -> str:
    """Return what each line and dot stands for, each label once."""
    entries = {layer.label: layer.swatch() for layer in layers if layer.label}
    return f'<div class="bp-key">{"".join(entries.values())}</div>'


def still(drawings: Sequence[str], says: str) -> str:
    """Return one frame as paper shows it, with its sentence.

    Examples
    --------
    >>> from sevenlessons.page.stage import still
    >>> still(["<svg></svg>"], "A line.").count("A line.")
    2

    """
    return (
        f'<div class="bp-still"><div class="bp-panels" role="img" '
        f'aria-label="{escape(says)}">{"".join(drawings)}</div>'
        f"<p>{escape(says)}</p></div>"
    )


def figure(
    kind: str,
    alt: str,
    *,
    style: str,
    stills: str,
    live: str,
    script: str,
    below: str = "",
    caption: str = "",
) -> str:
    """Return the whole figure.

    Parameters
    ----------
    kind
        Class by which its script finds it.
    alt
        Its name for screen readers.
    style
        Its style sheet.
    stills
        What paper shows, and a reader without scripts.
    live
        What the script brings to life.
    script
        Data and script, from `assets.embedded`.
    below
        Shown below both.
    caption
        A line at the foot; empty for none.

    """
    foot = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return (
        f'<figure class="book-player {kind}" role="group" '
        f'aria-label="{escape(alt)}"><style>{style}</style>'
        f'<div class="bp-stills">{stills}</div>'
        f'<div class="bp-live">{live}</div>{below}{foot}{script}</figure>'
    )
