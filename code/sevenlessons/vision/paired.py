"""Move pictures and what belongs to them together.

A class keeps its meaning when a picture is turned; a mask of classes or a
point in the picture does not. `Paired` draws one random change a picture and
applies it to both, on the training side only:
``TensorLoader(images, masks, paired=Paired([Rotate(10)], kind="mask"))``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import torch
from torch import Generator, Tensor

from .transforms import Compose, Geometry, Light, Transform, joined
from .warp import sample

__all__ = ["Paired", "inside", "move_points"]

_KINDS = ("mask", "points")
_HORIZON = 1e-3  # smallest depth; places behind the viewer end far outside


def inside(points: Tensor) -> Tensor:
    """Return which points lie in the frame; a missing one (NaN) does not.

    Parameters
    ----------
    points
        Shape (..., 2), x and y in [-1, 1].

    Examples
    --------
    >>> inside(torch.tensor([[0.5, -1.0], [0.0, 1.2]]))
    tensor([ True, False])

    """
    return (points.abs() <= 1).all(-1)


def move_points(points: Tensor, matrices: Tensor) -> Tensor:
    """Return where points of the old pictures lie in the new ones.

    Parameters
    ----------
    points
        Shape (N, P, 2), x and y in [-1, 1], y down.
    matrices
        Shape (N, 3, 3), from *new* places to old ones, as `warp.sample`
        takes them; so the points go through their inverse.

    Examples
    --------
    >>> from sevenlessons.vision.warp import dihedral_matrix
    >>> mirrored = dihedral_matrix(torch.tensor([1]))
    >>> move_points(torch.tensor([[[0.5, 0.25]]]), mirrored).tolist()
    [[[-0.5, 0.25]]]

    """
    back = torch.linalg.inv(matrices.to(points.device, torch.float64))
    ones = torch.ones_like(points[..., :1])
    places = torch.cat([points, ones], dim=-1).double() @ back.transpose(1, 2)
    depth = places[..., 2:].clamp(min=_HORIZON)
    return (places[..., :2] / depth).to(points.dtype)


class Paired:
    """The same random change for pictures and their masks or points.

    Changes of geometry that follow each other become one matrix a picture.
    The picture is sampled by mixing pixels, a mask by taking the nearest, so
    that no class is mixed; a point goes through the matrix itself. Changes
    of light touch the pictures only. The pictures are the ones that
    `Compose` of the same transforms gives, bit for bit.

    Parameters
    ----------
    transforms
        In the order of use, as for `Compose`.
    kind
        "mask": whole numbers (N, H, W), the border mirrored as the
        picture's is. "points": (N, 2) or (N, P, 2), x and y in [-1, 1], y
        down, as in torch's `grid_sample`. A point can leave the frame:
        `inside` tells.
    seed
        Start of a random generator, used in calls that bring none.

    Examples
    --------
    >>> from sevenlessons.vision.augment import HorizontalFlip
    >>> flip = Paired([HorizontalFlip(p=1)], kind="points")
    >>> images = torch.tensor([[[[9, 0]]]], dtype=torch.uint8)
    >>> new_images, points = flip(images, torch.tensor([[-0.5, 0.0]]))
    >>> new_images.tolist(), points.tolist()
    ([[[[0, 9]]]], [[0.5, 0.0]])

    """

    def __init__(
        self, transforms: Sequence[Transform], *, kind: str, seed: int = 0
    ) -> None:
        if kind not in _KINDS:
            raise ValueError(
                f"kind must be one of {', '.join(_KINDS)}, got {kind!r}"
            )
        self.transforms = _flat(transforms)
        self.kind = kind
        self.generator = Generator().manual_seed(seed)

    def __call__(
        self,
        images: Tensor,
        target: Tensor,
        *,
        generator: Generator | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Return changed copies of images (N, C, H, W) and their target."""
        Compose([])(images)  # refuses what no transform takes
        _CHECKS[self.kind](images, target)
        generator = generator or self.generator
        images, target = images.clone(), target.clone()
        for moves, run in groupby(
            self.transforms, lambda t: isinstance(t, Geometry)
        ):
            if moves:
                matrices, size = joined(
                    images.shape,
                    [t for t in run if isinstance(t, Geometry)],
                    generator,
                )
                images = sample(images, matrices, size)
                target = self._move(target, matrices, size)
            else:
                for transform in run:
                    images = transform.apply(images, generator)
        return images, target

    def _move(
        self, target: Tensor, matrices: Tensor, size: int | None
    ) -> Tensor:
        """Return the target as it lies in the moved pictures."""
        if self.kind == "mask":
            masks = target[:, None]
            return sample(masks, matrices, size, mode="nearest")[:, 0]
        if target.ndim == 2:
            return move_points(target[:, None], matrices)[:, 0]
        return move_points(target, matrices)


def _flat(transforms: Sequence[Transform]) -> list[Transform]:
    """Return the transforms with each `Compose` opened."""
    flat: list[Transform] = []
    for transform in Compose(transforms).transforms:
        if isinstance(transform, Compose):
            flat += _flat(transform.transforms)
        elif isinstance(transform, (Geometry, Light)):
            flat.append(transform)
        else:
            raise TypeError(
                f"{type(transform).__name__} is neither a Geometry nor a "
                f"Light, so nobody knows whether the target must follow; "
                f"derive it from one of them"
            )
    return flat


def _check_mask(images: Tensor, target: Tensor) -> None:
    expected = (len(images), *images.shape[2:])
    if tuple(target.shape) != expected:
        raise ValueError(
            f"expected masks of shape {expected} for images of shape "
            f"{tuple(images.shape)}, got {tuple(target.shape)}; resize both "
            f"alike, masks without a channel axis"
        )
    if target.is_floating_point():
        raise TypeError(
            f"masks hold numbers of classes, whole numbers, got "
            f"{target.dtype}; convert with masks.long()"
        )


def _check_points(images: Tensor, target: Tensor) -> None:
    shape = tuple(target.shape)
    if target.ndim not in (2, 3) or shape[0] != len(images) or shape[-1] != 2:
        raise ValueError(
            f"expected points of shape (N, 2) or (N, P, 2) with N = "
            f"{len(images)}, got {shape}"
        )
    if not target.is_floating_point():
        raise TypeError(
            f"points are floats in [-1, 1], got {target.dtype}; pixels p of "
            f"n become (2 p + 1) / n - 1"
        )


_CHECKS = {"mask": _check_mask, "points": _check_points}
