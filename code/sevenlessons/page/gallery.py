"""Photos on a page: a grid with captions, credits and marks.

The photos travel inside the page as WebP, so nothing is loaded from
elsewhere and nine of them stay below 150 KB.
"""

import base64
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps
from torch import Tensor

from .output import escape

__all__ = ["Gallery", "photo_grid"]

BUDGET = 12_000  # bytes a photo of 192 px: nine with base64 make 144 KB
MARKS = {True: ("✓ right", "#0b6b4f"), False: ("✗ wrong", "#b3261e")}


class Gallery:
    """Photos in a grid, as HTML for notebooks and a line of text elsewhere.

    Parameters
    ----------
    tiles
        The finished HTML of each photo with its caption.
    captions
        The captions, for the text form.
    columns
        How many stand side by side if there is room.
    size
        Edge of a photo in pixels.

    """

    def __init__(
        self,
        tiles: Sequence[str],
        captions: Sequence[str],
        columns: int,
        size: int,
    ) -> None:
        self.tiles = list(tiles)
        self.captions = list(captions)
        self.columns = columns
        self.size = size

    def __repr__(self) -> str:
        return f"{len(self.tiles)} photos: {'; '.join(self.captions)}"

    def _repr_html_(self) -> str:
        gap, columns = 12, self.columns
        width = columns * self.size + (columns - 1) * gap
        share = f"calc((100% - {(columns - 1) * gap}px)/{columns})"
        return (
            '<div class="photo-grid" style="display:grid;'
            f"gap:{gap}px;max-width:{width}px;"
            "grid-template-columns:repeat(auto-fill,"
            f'minmax(max({min(130, self.size)}px,{share}),1fr))">'
            f"{''.join(self.tiles)}</div>"
        )


def photo_grid(
    images: Sequence[Any] | Tensor,
    captions: Sequence[str],
    *,
    alts: Sequence[str],
    columns: int = 3,
    credits: Sequence[str | tuple[str, str]] | None = None,
    marks: Sequence[bool | None] | None = None,
    size: int = 192,
    crop: bool = True,
) -> Gallery:
    """Lay photos out in a grid.

    Parameters
    ----------
    images
        Each a uint8 tensor ``(3, H, W)``, a PIL image or a path.
    captions
        The line below each photo.
    alts
        What each photo shows, for those who cannot see it.
    columns
        How many side by side; a narrow screen shows fewer.
    credits
        Who made each photo: a text, or a text and a link.
    marks
        True writes "right" on a caption, False "wrong", None nothing.
    size
        Edge in pixels.
    crop
        True cuts what is not square to its middle square. False shows the
        whole picture, its longer side of `size` pixels.

    Returns
    -------
    Gallery
        Shown by the notebook if it is the last thing in a cell.

    Raises
    ------
    ValueError
        If the lists are not equally long or an image has another shape.

    Examples
    --------
    >>> import torch
    >>> from sevenlessons.page.gallery import photo_grid
    >>> black = torch.zeros(2, 3, 8, 8, dtype=torch.uint8)
    >>> photo_grid(black, ["one", "two"], alts=["a black square"] * 2)
    2 photos: one; two

    """
    count = len(images)
    lists = {"captions": captions, "alts": alts}
    if credits is not None:
        lists["credits"] = credits  # type: ignore[assignment]
    if marks is not None:
        lists["marks"] = marks  # type: ignore[assignment]
    for name, given in lists.items():
        if len(given) != count:
            raise ValueError(
                f"expected one entry of {name} for each of the {count} "
                f"images, got {len(given)}"
            )
    tiles = [
        _tile(
            _frame(_open(images[i]), size, crop),
            captions[i],
            alts[i],
            None if credits is None else credits[i],
            None if marks is None else marks[i],
            size,
        )
        for i in range(count)
    ]
    return Gallery(tiles, captions, columns, size)


def _open(image: Any) -> Image.Image:
    """Return `image`, whatever it is, as an RGB picture."""
    if isinstance(image, Tensor):
        if image.ndim != 3 or image.shape[0] not in (1, 3):
            raise ValueError(
                "expected an image of shape (3, H, W), got "
                f"{tuple(image.shape)}; take one of a batch with batch[0]"
            )
        if image.is_floating_point():
            image = (image.clamp(0, 1) * 255).round().byte()
        array = image.cpu().expand(3, -1, -1).permute(1, 2, 0).numpy()
        return Image.fromarray(array)
    if isinstance(image, str | Path):
        with Image.open(image) as opened:
            return ImageOps.exif_transpose(opened).convert("RGB")
    return image.convert("RGB")  # type: ignore[no-any-return]


def _frame(picture: Image.Image, size: int, crop: bool) -> Image.Image:
    """Return the picture cut, or fitted, into ``size`` by ``size``."""
    small = min(picture.size) < size / 2  # digits: show the pixels
    method = Image.Resampling.NEAREST if small else Image.Resampling.LANCZOS
    shape = ImageOps.fit if crop else ImageOps.contain
    return shape(picture, (size, size), method)


def _encode(picture: Image.Image, budget: int) -> str:
    """Return a data URI of at most about `budget` bytes before base64."""
    for quality in (82, 74, 66, 58, 50, 40, 30, 20, 10):
        buffer = io.BytesIO()
        picture.save(buffer, "WEBP", quality=quality, method=4)
        if buffer.tell() <= budget:
            break
    return "data:image/webp;base64," + base64.b64encode(
        buffer.getvalue()
    ).decode("ascii")


def _tile(
    picture: Image.Image,
    caption: str,
    alt: str,
    credit: str | tuple[str, str] | None,
    mark: bool | None,
    size: int,
) -> str:
    badge = ""
    if mark is not None:
        word, colour = MARKS[bool(mark)]
        badge = (
            f'<strong style="background:{colour};color:#fff;'
            f'border-radius:3px;padding:0 .4em">{word}</strong> '
        )
    small = ""
    if credit is not None:
        text, link = (credit, "") if isinstance(credit, str) else credit
        inside = escape(text)
        if link:
            inside = f'<a href="{escape(link)}" rel="noopener">{inside}</a>'
        small = f'<br><small class="credit">{inside}</small>'
    uri = _encode(picture, BUDGET * size * size // 192**2)
    width, height = picture.size
    return (
        '<figure style="margin:0">'
        f'<img src="{uri}" alt="{escape(alt)}" width="{width}" '
        f'height="{height}" style="width:100%;height:auto;display:block">'
        f'<figcaption style="font-size:.85em;line-height:1.35">{badge}'
        f"{escape(caption)}{small}</figcaption></figure>"
    )
