"""The pointing game: whether a map's highest point lies on the object.

An object is planted at a known place; the map is asked for it and points at
one pixel. Whoever points at random hits with the object's share of the area.
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from .gradcam import enlarged

__all__ = ["area_shares", "peaks", "plant", "random_places", "within"]


def random_places(
    count: int,
    picture_size: tuple[int, int],
    object_size: tuple[int, int],
    *,
    generator: Generator | None = None,
) -> Tensor:
    """Return top and left of objects that lie wholly in their pictures.

    Parameters
    ----------
    count
        How many.
    picture_size, object_size
        Height and width in pixels.
    generator
        Source of the draws; every place is equally likely.

    Examples
    --------
    >>> random_places(2, (8, 8), (8, 8)).tolist()
    [[0, 0], [0, 0]]

    """
    room = [p - o for p, o in zip(picture_size, object_size, strict=True)]
    if min(room) < 0 or min(object_size) < 1:
        raise ValueError(
            f"an object of {object_size} pixels must fit into a picture of "
            f"{picture_size}; make it smaller"
        )
    return torch.stack(
        [
            torch.randint(free + 1, (count,), generator=generator)
            for free in room
        ],
        dim=1,
    )


def plant(
    pictures: Tensor, objects: Tensor, places: Tensor
) -> tuple[Tensor, Tensor]:
    """Paste an object into each picture.

    Parameters
    ----------
    pictures
        Shape (N, C, H, W); not changed.
    objects
        Shape (N, C, h, w), or (1, C, h, w) for one mark on all.
    places
        Top and left of each, shape (N, 2), as `random_places` gives them.

    Returns
    -------
    pictures : Tensor
        Shape (N, C, H, W).
    boxes : Tensor
        Top, left, bottom and right of each object, shape (N, 4); bottom and
        right are no part of it any more.

    Examples
    --------
    >>> sky, star = torch.zeros(1, 1, 3, 3), torch.ones(1, 1, 2, 2)
    >>> planted, boxes = plant(sky, star, torch.tensor([[1, 0]]))
    >>> planted[0, 0].tolist(), boxes.tolist()
    ([[0.0, 0.0, 0.0], [1.0, 1.0, 0.0], [1.0, 1.0, 0.0]], [[1, 0, 3, 2]])

    """
    count, channels, height, width = pictures.shape
    if len(objects) not in (1, count) or objects.shape[1] != channels:
        raise ValueError(
            f"expected objects of shape ({count}, {channels}, h, w) or one "
            f"for all, got {tuple(objects.shape)}"
        )
    if objects.dtype != pictures.dtype:
        raise ValueError(
            f"objects must be of the pictures' type {pictures.dtype}, got "
            f"{objects.dtype}; convert one of them"
        )
    if places.shape != (count, 2):
        raise ValueError(
            f"places must have shape ({count}, 2), top and left, got "
            f"{tuple(places.shape)}"
        )
    sides = [objects.shape[2:], (height, width)]
    size, ends = torch.tensor(sides, device=places.device)
    boxes = torch.cat([places, places + size], dim=1)
    if (boxes < 0).any() or (boxes[:, 2:] > ends).any():
        raise ValueError(
            f"every object must lie in its picture of {height} by {width} "
            f"pixels, got boxes up to {boxes.amax(0).tolist()}; draw places "
            f"with random_places"
        )
    planted = pictures.clone()
    whole = objects.expand(count, *objects.shape[1:])
    for i, (top, left, bottom, right) in enumerate(boxes.tolist()):
        planted[i, :, top:bottom, left:right] = whole[i]
    return planted, boxes


def peaks(maps: Tensor, size: tuple[int, int]) -> Tensor:
    """Return row and column of the highest pixel of each enlarged map.

    An enlarged map is flat towards the border, so several pixels may be
    highest: the one nearest to the middle of them all counts, and no side of
    the picture is preferred.

    Parameters
    ----------
    maps
        Shape (N, h, w).
    size
        Height and width of the picture.

    Returns
    -------
    Tensor
        Whole numbers, shape (N, 2). A map that is equal everywhere points
        nowhere: (-1, -1).

    Examples
    --------
    >>> maps = torch.tensor([[[0.0, 1.0], [0.0, 0.0]], [[2.0, 2.0]] * 2])
    >>> peaks(maps, (4, 4)).tolist()
    [[0, 3], [-1, -1]]

    """
    if maps.ndim != 3:
        raise ValueError(
            f"maps must have shape (N, h, w), got {tuple(maps.shape)}; for "
            "one map pass map[None]"
        )
    if not maps.isfinite().all():
        raise ValueError(
            f"maps must be finite, got {int((~maps.isfinite()).sum())} "
            "numbers that are not; look for NaN in weights and pictures"
        )
    large = enlarged(maps - maps.amin((1, 2), keepdim=True), size)
    top = large.amax((1, 2), keepdim=True)
    highest = large >= top * (1 - 1e-6)  # equal but for rounding
    rows, columns = (
        (torch.arange(side, device=maps.device) - _middle(highest.any(axis)))
        for side, axis in zip(size, ((2,), (1,)), strict=True)
    )
    away = rows[:, :, None].square() + columns[:, None].square()
    best = away.masked_fill(~highest, torch.inf).flatten(1).argmin(dim=1)
    points = torch.stack([best // size[1], best % size[1]], dim=1)
    return points.masked_fill(top[:, 0] == 0, -1)


def _middle(marked: Tensor) -> Tensor:
    """Return the middle of the first and the last mark, (N, L) to (N, 1)."""
    marks = marked.int()
    last = marks.shape[1] - 1 - marks.flip(1).argmax(dim=1)
    return (marks.argmax(dim=1) + last)[:, None] / 2


def within(points: Tensor, boxes: Tensor) -> Tensor:
    """Return whether each point lies in its box.

    Parameters
    ----------
    points
        Row and column, shape (N, 2).
    boxes
        As `plant` gives them, shape (N, 4).

    Examples
    --------
    >>> within(torch.tensor([[1, 1], [3, 1]]), torch.tensor([[1, 0, 3, 2]]))
    tensor([ True, False])

    """
    if points.shape[-1] != 2 or boxes.shape[-1] != 4:
        raise ValueError(
            f"expected points of shape (N, 2) and boxes of shape (N, 4), got "
            f"{tuple(points.shape)} and {tuple(boxes.shape)}"
        )
    after = points >= boxes[:, :2]
    return (after & (points < boxes[:, 2:])).all(dim=1)


def area_shares(boxes: Tensor, size: tuple[int, int]) -> Tensor:
    """Return each box's share of the picture: the hit rate of chance.

    Examples
    --------
    >>> area_shares(torch.tensor([[1, 0, 3, 2]]), (4, 4)).item()
    0.25

    """
    sides = boxes[:, 2:] - boxes[:, :2]
    return sides.prod(dim=1) / (size[0] * size[1])
