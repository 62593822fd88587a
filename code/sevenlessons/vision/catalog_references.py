"""The moves of `catalog`, done by torchvision, one picture at a time.

Each function takes a float picture (C, H, W) and a strength, and returns the
changed picture. They are slower than the batch forms and written by others:
that makes them good judges. `PULLS` is what both share: which way each corner
goes.
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor
from torchvision.transforms import InterpolationMode
from torchvision.transforms.v2 import functional

__all__ = [
    "brightness",
    "contrast",
    "crop",
    "cutout",
    "hue",
    "jitter",
    "jitter_directions",
    "lay",
    "middle_box",
    "perspective",
    "rotate",
    "saturation",
    "tilt",
    "zoom",
]

# How far each corner goes, as a share of the strength: x and y
PULLS = ((1.0, 0.5), (0.25, 1.0), (0.0, 0.0), (0.5, 0.0))
_LINEAR = InterpolationMode.BILINEAR


def lay(image: Tensor, way: float) -> Tensor:
    """Return the picture laid in one of eight ways, as `warp` counts them."""
    if int(way) & 4:  # rows become columns
        image = functional.vertical_flip(image.rot90(1, (1, 2)))
    if int(way) & 1:
        image = functional.horizontal_flip(image)
    return functional.vertical_flip(image) if int(way) & 2 else image


def rotate(image: Tensor, degrees: float) -> Tensor:
    """Return the picture turned counterclockwise."""
    return functional.rotate(image, degrees, interpolation=_LINEAR)


def zoom(image: Tensor, more: float) -> Tensor:
    """Return the middle of the picture, larger by `more` times its size."""
    return _affine(image, 1 + more, 0.0)


def crop(image: Tensor, cut: float) -> Tensor:
    """Return what is left after cutting at the right and below, enlarged."""
    return _affine(image, 1 / (1 - cut), 0.5 * cut / (1 - cut))


def _affine(image: Tensor, scale: float, shift: float) -> Tensor:
    """Return the picture scaled about its middle, then moved by a share."""
    height, width = image.shape[1:]
    return functional.affine(
        image,
        angle=0.0,
        translate=[shift * width, shift * height],
        scale=scale,
        shear=[0.0, 0.0],
        interpolation=_LINEAR,
    )


def tilt(image: Tensor, strength: float) -> Tensor:
    """Return the picture seen from the side."""
    # where a corner at x = 1 or -1 comes to lie, from x / (1 + strength x)
    left, right = 1 / (1 + strength), 1 / (1 - strength)
    corners = [[-left, -left], [right, -right], [right, right], [-left, left]]
    return _by_corners(image, corners)


def perspective(image: Tensor, strength: float) -> Tensor:
    """Return the picture with three corners pulled inwards."""
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    corners = [
        [
            sign * (1 - pull * strength)
            for sign, pull in zip(*both, strict=True)
        ]
        for both in zip(signs, PULLS, strict=True)
    ]
    return _by_corners(image, corners)


def _by_corners(image: Tensor, corners: list[list[float]]) -> Tensor:
    """Return the picture with its corners at places from -1 to 1."""
    height, width = image.shape[1:]
    start = [[0, 0], [width, 0], [width, height], [0, height]]
    end = [[(x + 1) / 2 * width, (y + 1) / 2 * height] for x, y in corners]
    return functional.perspective(
        image,
        startpoints=start,
        endpoints=end,  # type: ignore[arg-type]
        interpolation=_LINEAR,
    )


def jitter_directions(height: int, width: int) -> Tensor:
    """Return the same random directions each time, (H, W, 2), -1 to 1."""
    generator = Generator().manual_seed(0)
    return 2 * torch.rand(height, width, 2, generator=generator) - 1


def jitter(image: Tensor, pixels: float) -> Tensor:
    """Return the picture with each pixel looked up beside its place."""
    height, width = image.shape[1:]
    shares = 2 * pixels / torch.tensor([width, height])
    moves = jitter_directions(height, width) * shares
    return functional.elastic(
        image, moves[None].to(image), interpolation=_LINEAR
    )


def brightness(image: Tensor, change: float) -> Tensor:
    """Return a brighter or darker picture."""
    return functional.adjust_brightness(image, 1 + change)


def contrast(image: Tensor, change: float) -> Tensor:
    """Return more or less contrast about the plain mean of all values.

    torchvision goes about the mean of the picture in gray, where green
    counts most. All values side by side in one gray picture have the plain
    mean.
    """
    flat = image.flatten()[None, None]
    return functional.adjust_contrast(flat, 1 + change).view_as(image)


def saturation(image: Tensor, change: float) -> Tensor:
    """Return stronger or duller colors."""
    return functional.adjust_saturation(image, 1 + change)


def hue(image: Tensor, turn: float) -> Tensor:
    """Return the circle of colors turned."""
    return functional.adjust_hue(image, turn)


def middle_box(height: int, width: int, share: float) -> list[int]:
    """Return top, left, bottom and right of a box in the middle."""
    tall, wide = round(share * height), round(share * width)
    top, left = (height - tall) // 2, (width - wide) // 2
    return [top, left, top + tall, left + wide]


def cutout(image: Tensor, share: float) -> Tensor:
    """Return the picture with its middle hidden."""
    height, width = image.shape[1:]
    top, left, bottom, right = middle_box(height, width, share)
    black = torch.zeros(1, dtype=image.dtype)
    return functional.erase(
        image, top, left, bottom - top, right - left, black
    )
