"""The book's look: drawings that read on white and on black.

A figure becomes SVG inside the page. Whatever matplotlib draws in black
(text, axes, ticks) takes the colour of the surrounding text instead, and
the background is left out, so the same drawing serves light and dark mode.
The same figure gives the same bytes.
"""

import base64
import hashlib
import io
import re
from typing import Any

import matplotlib
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from .output import escape

__all__ = ["Picture", "new_figure", "show"]

# At least 3:1 against white and against #121212; told apart by
# colour-blind readers. A test computes both.
CYCLE = ["#0b7ac0", "#d55e00", "#0f9b74", "#c06ba0", "#808080", "#9a7d0a"]
STYLE: dict[Any, Any] = {
    "axes.prop_cycle": cycler(color=CYCLE),
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 11,
    "axes.labelsize": 11,
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "font.size": 11,
    "font.family": "DejaVu Sans",
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "svg.fonttype": "none",
    "svg.hashsalt": "sevenlessons",
}


class Picture:
    """A drawing as inline SVG, with its description for those who hear it.

    Parameters
    ----------
    svg
        The drawing, from ``<svg`` to ``</svg>``.
    alt
        What a reader should see in it, in a sentence.
    caption
        A line below it; empty for none.

    """

    def __init__(self, svg: str, alt: str, caption: str = "") -> None:
        if len(alt.strip()) < 10:
            raise ValueError(
                f"alt must say what the figure shows, got {alt!r}; write a "
                "sentence for readers who cannot see it"
            )
        self.alt = " ".join(alt.split())
        self.caption = caption
        self.svg = _inline(svg, self.alt)

    def __repr__(self) -> str:
        return f"Figure: {self.alt}"

    def _repr_html_(self) -> str:
        below = ""
        if self.caption:
            below = f"<figcaption>{escape(self.caption)}</figcaption>"
        return (
            '<figure class="book-figure" style="margin:0.5em 0">'
            f"{self.svg}{below}</figure>"
        )


def new_figure(
    width: float = 5.6, height: float = 3.2, **subplots: Any
) -> tuple[Figure, Any]:
    """Return a figure and its axes in the book's look.

    Parameters
    ----------
    width, height
        In inches; a phone shows about 4 of them.
    **subplots
        Passed on to ``Figure.subplots``, for instance ``ncols=2``.

    Returns
    -------
    tuple
        The figure, and one axes object or an array of them.

    Examples
    --------
    >>> from sevenlessons.page.figures import new_figure, show
    >>> fig, ax = new_figure()
    >>> _ = ax.plot([1, 4, 9])
    >>> show(fig, alt="Three points on a curve that bends upwards.")
    Figure: Three points on a curve that bends upwards.

    """
    with matplotlib.rc_context(STYLE):
        fig = Figure(figsize=(width, height), layout="constrained")
        axes = fig.subplots(**subplots)
        for ax in fig.axes:
            _quiet_grid(ax)
    return fig, axes


def show(fig: Figure, alt: str, caption: str = "") -> Picture:
    """Turn a matplotlib figure into a picture for the page.

    Parameters
    ----------
    fig
        Made by `new_figure`.
    alt
        What a reader should see in it, in a sentence.
    caption
        A line below it; empty for none.

    Returns
    -------
    Picture
        Shown by the notebook if it is the last thing in a cell.

    """
    for ax in fig.axes:
        legend = ax.get_legend()
        if legend is not None:
            legend.set_frame_on(False)  # its box would stay light in the dark
    buffer = io.StringIO()
    with matplotlib.rc_context(STYLE):
        fig.savefig(buffer, format="svg", dpi=96, metadata={"Date": None})
    return Picture(buffer.getvalue(), alt, caption)


def _quiet_grid(ax: Axes) -> None:
    ax.grid(True, color="#808080", alpha=0.25, linewidth=0.7)
    ax.set_axisbelow(True)


def _inline(svg: str, alt: str) -> str:
    """Make matplotlib's SVG fit into a page next to others."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
    svg = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", svg, flags=re.S)
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.S)
    svg = svg.replace("#000000", "currentColor")
    svg = re.sub(r"data:image/png;base64,([^\"]+)", _lighter, svg)
    svg = re.sub(r"font: ([^;\"]*?px)[^;\"]*", r"font: \1 sans-serif", svg)
    svg = re.sub(r"font-family: [^;\"]*", "font-family: sans-serif", svg)
    svg = _unique_ids(svg, hashlib.sha256(f"{alt}{svg}".encode()).hexdigest())
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    pixels = round(float(size[1]) * 96 / 72) if size else 600
    head = (
        f'<svg role="img" aria-label="{escape(alt)}" fill="currentColor" '
        'xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {size[1]} {size[2]}" '
        if size
        else "<svg "
    ) + (
        f'style="width:100%;max-width:{pixels}px;height:auto;'
        'stroke-linejoin:round;stroke-linecap:butt">'
        f"<title>{escape(alt)}</title>"
    )
    svg = re.sub(r"<svg[^>]*>", lambda _: head, svg, count=1)
    return re.sub(r"\n\s*", "\n", svg).strip()


def _lighter(found: re.Match[str]) -> str:
    """Return an embedded PNG as WebP, which weighs a fraction."""
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(base64.b64decode(found[1]))) as picture:
        picture.save(buffer, "WEBP", quality=80)
    text = base64.b64encode(buffer.getvalue()).decode("ascii")
    return f"data:image/webp;base64,{text}"


def _unique_ids(svg: str, digest: str) -> str:
    """Drop ids nobody refers to; mark the others as this figure's own."""
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    mark = f"f{digest[:8]}-"
    svg = re.sub(
        r' id="([^"]*)"',
        lambda m: f' id="{mark}{m[1]}"' if m[1] in used else "",
        svg,
    )
    return re.sub(r'(href="#|url\(#)', rf"\g<1>{mark}", svg)
