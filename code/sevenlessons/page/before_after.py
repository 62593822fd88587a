"""Two pictures of the same thing under one slider: before and after.

`before_after` lays pictures of one size on each other. The reader moves the
border between two of them, with the mouse, a finger or the arrow keys, and
chooses which two. On paper, and where no script runs, all stand side by side.
"""

import base64
import io
from collections.abc import Mapping

from PIL import Image
from torch import Tensor

from .assets import asset, embedded
from .output import escape
from .stage import figure

__all__ = ["BeforeAfter", "before_after"]


class BeforeAfter:
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
        return f"Before and after: {self.alt}"

    def _repr_html_(self) -> str:
        return self.html


def before_after(
    pictures: Mapping[str, Tensor],
    *,
    alt: str,
    size: int = 384,
    caption: str = "",
    credit: str | tuple[str, str] = "",
) -> BeforeAfter:
    """Return a figure that uncovers one picture under another.

    Parameters
    ----------
    pictures
        Name to picture, at least two, all uint8 ``(3, H, W)`` of one shape.
        At first the first is on the left and the last on the right. They are
        stored without loss.
    alt
        What the pictures show.
    size
        Width on the page in pixels, where there is room.
    caption
        A line below.
    credit
        Who made the photo: a text, or a text and a link.

    Raises
    ------
    TypeError
        If a picture is not of bytes.
    ValueError
        If there are too few pictures, their shapes differ, or `alt` says
        nothing.

    Examples
    --------
    >>> import torch
    >>> from sevenlessons.page.before_after import before_after
    >>> dark = torch.zeros(3, 8, 8, dtype=torch.uint8)
    >>> before_after({"dark": dark, "light": dark + 9}, alt="Eight pixels.")
    Before and after: Eight pixels.

    """
    _check(pictures, alt, size)
    names = list(pictures)
    first = pictures[names[0]]
    height = round(size * first.shape[1] / first.shape[2])
    stills = "".join(
        f'<figure class="ba-still"><img src="{_source(picture)}" '
        f'alt="{escape(f"{alt} Here: {name}.")}" width="{size}" '
        f'height="{height}"><figcaption>{escape(name)}</figcaption></figure>'
        for name, picture in pictures.items()
    )
    html = figure(
        "bp-before-after",
        alt,
        style=asset("player.css") + asset("before_after.css"),
        stills=stills,
        live=_live(names, alt, size),
        below=_credit(credit),
        caption=caption,
        script=embedded("before_after.js", {"names": names}),
    )
    return BeforeAfter(html, alt)


def _check(pictures: Mapping[str, Tensor], alt: str, size: int) -> None:
    if len(pictures) < 2:
        raise ValueError(
            f"expected at least two pictures, got {len(pictures)}; a slider "
            "needs something on both sides"
        )
    for name, picture in pictures.items():
        if str(picture.dtype) != "torch.uint8":
            raise TypeError(
                f"picture {name!r} must be uint8 in 0..255, got "
                f"{picture.dtype}; multiply floats in [0, 1] by 255, round, "
                "and call .to(torch.uint8)"
            )
    shapes = {tuple(picture.shape) for picture in pictures.values()}
    shape = min(shapes)
    if len(shapes) > 1 or len(shape) != 3 or shape[0] != 3:
        raise ValueError(
            "expected pictures of one shape (3, H, W), got "
            f"{sorted(shapes)}; enlarge the smaller ones"
        )
    if len(alt.strip()) < 10:
        raise ValueError(
            f"alt must say what the pictures show, got {alt!r}; write a "
            "sentence for readers who cannot see them"
        )
    if size < 64:
        raise ValueError(f"size must be at least 64 pixels, got {size}")


def _source(picture: Tensor) -> str:
    """Return a data URI of the picture, bit for bit."""
    buffer = io.BytesIO()
    pixels = picture.cpu().permute(1, 2, 0).contiguous().numpy()
    Image.fromarray(pixels).save(buffer, "WEBP", lossless=True, method=4)
    text = base64.b64encode(buffer.getvalue()).decode("ascii")
    return f"data:image/webp;base64,{text}"


def _live(names: list[str], alt: str, size: int) -> str:
    """Return what the script brings to life: choices, pictures, slider."""

    def choice(side: str, chosen: int) -> str:
        options = "".join(
            f'<option value="{k}"{" selected" * (k == chosen)}>'
            f"{escape(name)}</option>"
            for k, name in enumerate(names)
        )
        return (
            f'<label>{side} <select class="ba-{side}">{options}</select>'
            "</label>"
        )

    return (
        f'<div class="bp-row">{choice("left", 0)}'
        f"{choice('right', len(names) - 1)}</div>"
        f'<div class="ba-stage" role="img" aria-label="{escape(alt)}" '
        f'style="max-width:{size}px"></div>'
        f'<label class="bp-slider" style="max-width:{size}px">'
        '<span>border</span><input type="range" class="ba-border" min="0" '
        'max="100" step="1" value="50"></label>'
    )


def _credit(credit: str | tuple[str, str]) -> str:
    text, link = (credit, "") if isinstance(credit, str) else credit
    if not text:
        return ""
    inside = escape(text)
    if link:
        inside = f'<a href="{escape(link)}" rel="noopener">{inside}</a>'
    return f'<p><small class="credit">{inside}</small></p>'
