"""A catalog of augmentations, each at strengths that you choose.

The random transforms of `augment`, `lighting`, `color`, `displace` and
`cutout` draw a strength for each picture. Here the strength is given, so that
a row of pictures shows what each does, and so that each can be held against
torchvision, which changes one picture at a time. `CATALOG` holds all moves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from . import catalog_references as reference
from .color import adjust_hue, adjust_saturation
from .cutout import box_mask
from .displace import CORNERS, corner_matrix, displaced
from .warp import (
    box_matrix,
    dihedral_matrix,
    rotation_matrix,
    sample,
    tilt_matrix,
)

__all__ = ["Move", "row_of", "worst_difference"]

Batch = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Move:
    """One kind of change, at given strengths.

    Parameters
    ----------
    words
        What the strength counts, with a place for it: ``"{:g} degrees"``.
    strengths
        Those worth a look, from none to too much; the first is 0 and changes
        nothing.
    batch
        ``batch(images, strengths)``: float pictures (N, C, H, W) and one
        strength each, (N,); returns them changed.
    reference
        ``reference(image, strength)``: the same for one picture (C, H, W),
        by torchvision. Both fill with black what lies beyond the border.

    """

    words: str
    strengths: tuple[float, ...]
    batch: Batch
    reference: Callable[[Tensor, float], Tensor]


def _moved(matrices_of: Callable[[Tensor, int, int], Tensor]) -> Batch:
    """Return a batch form from strengths, width and height to matrices."""

    def batch(images: Tensor, strengths: Tensor) -> Tensor:
        height, width = images.shape[2:]
        matrices = matrices_of(strengths, width, height)
        return sample(images, matrices, padding_mode="zeros")

    return batch


def _box(place: float, size: Tensor) -> Tensor:
    """Return matrices of a box of this size towards the top left."""
    size = size[:, None].expand(-1, 2)
    return box_matrix(place * (1 - size), size)


def _pulled(strengths: Tensor, width: int, height: int) -> Tensor:
    """Return matrices that pull two corners inwards, each its own way."""
    both = torch.tensor([CORNERS, reference.PULLS])
    corners, shares = both.to(strengths)
    return corner_matrix(corners * (1 - shares * strengths.view(-1, 1, 1)))


def _tilted(strengths: Tensor, width: int, height: int) -> Tensor:
    return tilt_matrix(torch.stack([strengths, 0 * strengths], dim=1))


def _light(images: Tensor, strengths: Tensor) -> Tensor:
    scale = 1 + strengths.view(-1, 1, 1, 1)
    return (images * scale).clamp(0, 1)


def _contrast(images: Tensor, strengths: Tensor) -> Tensor:
    mean = images.mean((1, 2, 3), keepdim=True)
    scale = 1 + strengths.view(-1, 1, 1, 1)
    return torch.where(
        scale == 1, images, (mean + (images - mean) * scale).clamp(0, 1)
    )


def _jitter(images: Tensor, strengths: Tensor) -> Tensor:
    height, width = images.shape[2:]
    drawn = reference.jitter_directions(height, width).to(images)
    return displaced(
        images, drawn * strengths.view(-1, 1, 1, 1), padding_mode="zeros"
    )


def _cutout(images: Tensor, strengths: Tensor) -> Tensor:
    height, width = images.shape[2:]
    boxes = torch.tensor(
        [reference.middle_box(height, width, s) for s in strengths.tolist()],
        device=images.device,
    )
    return images.masked_fill(box_mask(boxes, height, width), 0)


_lay = _moved(lambda s, w, h: dihedral_matrix(s.long()))
CATALOG = {
    "flip": Move("flip {:g}", (0, 1), _lay, reference.lay),
    "dihedral": Move(
        "way {:g} of eight", (0, 1, 2, 4, 7), _lay, reference.lay
    ),
    "rotate": Move(
        "{:g} degrees",
        (0, 10, 30, 60, 120),
        _moved(lambda s, w, h: rotation_matrix(s, aspect=w / h)),
        reference.rotate,
    ),
    "zoom": Move(
        "larger by {:g}",
        (0, 0.1, 0.3, 1, 3),
        _moved(lambda s, w, h: _box(0.0, 1 / (1 + s))),
        reference.zoom,
    ),
    "crop": Move(
        "{:g} of each side cut",
        (0, 0.125, 0.25, 0.5, 0.75),
        _moved(lambda s, w, h: _box(-1.0, 1 - s)),
        reference.crop,
    ),
    "symmetric warp": Move(
        "tilt {:g}",
        (0, 0.1, 0.2, 0.35, 0.5),
        _moved(_tilted),
        reference.tilt,
    ),
    "perspective": Move(
        "corners {:g}",
        (0, 0.1, 0.2, 0.4, 0.7),
        _moved(_pulled),
        reference.perspective,
    ),
    "jitter": Move(
        "{:g} pixels", (0, 0.5, 1, 3, 8), _jitter, reference.jitter
    ),
    "brightness": Move(
        "{:+g}", (0, -0.4, 0.4, -0.8, 2), _light, reference.brightness
    ),
    "contrast": Move(
        "{:+g}", (0, -0.4, 0.4, -0.9, 3), _contrast, reference.contrast
    ),
    "saturation": Move(
        "{:+g}",
        (0, -0.5, 0.5, -1, 3),
        lambda images, s: adjust_saturation(images, 1 + s),
        reference.saturation,
    ),
    "hue": Move(
        "{:g} of a turn",
        (0, 0.03, 0.1, 0.25, 0.5),
        adjust_hue,
        reference.hue,
    ),
    "cutout": Move(
        "{:g} of each side", (0, 0.2, 0.4, 0.6, 0.9), _cutout, reference.cutout
    ),
}


def row_of(name: str, image: Tensor) -> Tensor:
    """Return one picture at all strengths of a move of the catalog.

    Parameters
    ----------
    name
        A key of `CATALOG`.
    image
        Floats in [0, 1], shape (C, H, W).

    Examples
    --------
    >>> row_of("rotate", torch.zeros(3, 8, 8)).shape
    torch.Size([5, 3, 8, 8])

    """
    move = _find(name)
    if image.ndim != 3 or not image.is_floating_point():
        raise ValueError(
            f"expected one float image of shape (C, H, W), got {image.dtype} "
            f"of shape {tuple(image.shape)}; divide bytes by 255"
        )
    strengths = torch.tensor(move.strengths, dtype=image.dtype)
    copies = image.expand(len(strengths), -1, -1, -1)
    return move.batch(copies, strengths)


def worst_difference(name: str, images: Tensor, seed: int = 0) -> float:
    """Return how far the batch form is from torchvision, at most.

    The strengths are drawn; the reference takes the pictures one by one.

    Parameters
    ----------
    name
        A key of `CATALOG`.
    images
        Floats in [0, 1], shape (N, 3, H, W).
    seed
        Of the strengths.

    Examples
    --------
    >>> worst_difference("flip", torch.rand(4, 3, 8, 8))
    0.0

    """
    move = _find(name)
    generator = Generator().manual_seed(seed)
    which = torch.randint(
        len(move.strengths), (len(images),), generator=generator
    )
    strengths = torch.tensor(move.strengths, dtype=images.dtype)[which]
    together = move.batch(images, strengths)
    alone = torch.stack(
        [
            move.reference(image, strength)
            for image, strength in zip(images, strengths.tolist(), strict=True)
        ]
    )
    return (together - alone).abs().max().item()


def _find(name: str) -> Move:
    """Return a move of the catalog."""
    if name not in CATALOG:
        raise ValueError(
            f"name must be one of {', '.join(CATALOG)}, got {name!r}"
        )
    return CATALOG[name]
