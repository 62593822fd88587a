"""Photos with points drawn on them: where it is, and where it was said."""

from __future__ import annotations

from PIL import Image, ImageDraw
from torch import Tensor

__all__ = ["photos_with_points"]

_SCALE = 2  # drawn larger, so that circles stay round
_TRUE, _SAID = "#ffffff", "#ffb000"  # both on a dark edge: seen on any sky


def photos_with_points(
    images: Tensor,
    true: Tensor | None = None,
    said: Tensor | None = None,
    *,
    size: int = 192,
) -> list[Image.Image]:
    """Return photos with a ring at the true point, a cross at the answer.

    Where both are given, a line joins them: the error. A point outside the
    photo is not drawn.

    Parameters
    ----------
    images
        Square photos (N, 3, H, H), bytes.
    true, said
        Points (N, 2), x and y in [-1, 1], y down.
    size
        Edge of the result in pixels.

    Returns
    -------
    list of PIL.Image.Image
        For `photo_grid`.

    Examples
    --------
    >>> import torch
    >>> black = torch.zeros(1, 3, 8, 8, dtype=torch.uint8)
    >>> photo = photos_with_points(black, torch.zeros(1, 2), size=64)[0]
    >>> photo.size, photo.getextrema()[0][1] > 200
    ((64, 64), True)

    """
    for name, points in (("true", true), ("said", said)):
        if points is not None and tuple(points.shape) != (len(images), 2):
            raise ValueError(
                f"{name} must have shape ({len(images)}, 2), one point a "
                f"photo, got {tuple(points.shape)}"
            )
    return [
        _draw(
            image,
            None if true is None else true[i],
            None if said is None else said[i],
            size,
        )
        for i, image in enumerate(images)
    ]


def _draw(
    image: Tensor, true: Tensor | None, said: Tensor | None, size: int
) -> Image.Image:
    edge = size * _SCALE
    photo = Image.fromarray(image.permute(1, 2, 0).cpu().numpy())
    photo = photo.resize((edge, edge), Image.Resampling.BICUBIC)
    canvas, reach = ImageDraw.Draw(photo), edge // 22
    ends = [_place(point, edge) for point in (true, said)]
    if ends[0] and ends[1]:
        canvas.line([*ends[0], *ends[1]], fill="#000000", width=7)
        canvas.line([*ends[0], *ends[1]], fill=_SAID, width=3)
    for color, width in (("#000000", 9), (_TRUE, 4)):
        if ends[0]:
            x, y = ends[0]
            box = [x - reach, y - reach, x + reach, y + reach]
            canvas.ellipse(box, outline=color, width=width)
    for color, width in (("#000000", 9), (_SAID, 4)):
        if ends[1]:
            x, y = ends[1]
            for slope in (-1, 1):
                arm = [x - reach, y - slope * reach]
                arm += [x + reach, y + slope * reach]
                canvas.line(arm, fill=color, width=width)
    return photo.resize((size, size), Image.Resampling.LANCZOS)


def _place(point: Tensor | None, edge: int) -> tuple[float, float] | None:
    """Return pixels of a point, None for one that is not in the photo."""
    if point is None or not bool((point.abs() <= 1).all()):
        return None
    x, y = ((point.double() + 1) / 2 * edge).tolist()
    return x, y
