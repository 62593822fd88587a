"""What all augmentations have in common.

A transform is called on a batch of pictures and gives a batch back, of the
same kind (bytes or floats). `Geometry` moves pixels, `Light` changes their
values; `Compose` chains them and samples the pixels only once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import torch
from torch import Generator, Tensor

from .warp import sample

__all__ = ["Compose", "Geometry", "Light", "Transform", "draw", "joined"]

_CHUNK = 73_728  # pixels at a time: they stay near the processor


def draw(count: int, low: float, high: float, generator: Generator) -> Tensor:
    """Return `count` numbers between `low` and `high`, all as likely.

    Examples
    --------
    >>> draw(2, 3.0, 3.0, Generator())
    tensor([3., 3.])

    """
    return low + (high - low) * torch.rand(count, generator=generator)


class Transform:
    """Base class: a random change of a batch of pictures.

    Parameters
    ----------
    seed
        Start of the transform's own random generator, used in calls that
        bring none.

    """

    def __init__(self, seed: int = 0) -> None:
        self.generator = Generator().manual_seed(seed)

    def __call__(
        self, images: Tensor, generator: Generator | None = None
    ) -> Tensor:
        """Return a changed copy of images (N, C, H, W)."""
        if images.ndim != 4:
            raise ValueError(
                f"expected images of shape (N, C, H, W), got "
                f"{tuple(images.shape)}; add a batch axis with image[None]"
            )
        if images.dtype != torch.uint8 and not images.is_floating_point():
            raise TypeError(
                f"images must be uint8 in 0..255 or float in [0, 1], got "
                f"{images.dtype}; convert with images.to(torch.uint8)"
            )
        return self.apply(images, generator or self.generator)

    def apply(self, images: Tensor, generator: Generator) -> Tensor:
        """Return the changed pictures; what subclasses write."""
        raise NotImplementedError


class Geometry(Transform):
    """Base class of transforms that move pixels.

    A subclass writes `matrices`; one with another output size sets `size`.
    """

    size: int | None = None

    def matrices(self, shape: Sequence[int], generator: Generator) -> Tensor:
        """Return (N, 3, 3) for images of this shape; see `warp`."""
        raise NotImplementedError

    def apply(self, images: Tensor, generator: Generator) -> Tensor:
        return sample(
            images, self.matrices(images.shape, generator), self.size
        )


class Light(Transform):
    """Base class of transforms that scale and shift the values of pixels.

    A subclass writes `scale_and_shift`. Values beyond black and white are
    cut off.
    """

    def scale_and_shift(
        self, images: Tensor, generator: Generator
    ) -> tuple[Tensor, Tensor]:
        """Return two numbers a picture, shape (N,) each, in its own units."""
        raise NotImplementedError

    def apply(self, images: Tensor, generator: Generator) -> Tensor:
        scale, shift = (
            values.to(images.device).view(-1, 1, 1, 1)
            for values in self.scale_and_shift(images, generator)
        )
        is_float = images.is_floating_point()
        white = 1.0 if is_float else 255.0
        result = torch.empty_like(images)
        chunk = max(_CHUNK // max(images.shape[2] * images.shape[3], 1), 1)
        if images.device.type != "cpu":
            chunk = max(len(images), 1)
        for start in range(0, len(images), chunk):
            rows = slice(start, start + chunk)
            new = torch.addcmul(
                shift[rows].to(scale.dtype), images[rows], scale[rows]
            ).clamp_(0.0, white)
            result[rows] = new if is_float else new.round_()
        return result


class Compose(Transform):
    """Several transforms, one after the other.

    Changes of geometry that follow each other become one: their matrices are
    multiplied and the pictures are sampled, and blurred, once.

    Parameters
    ----------
    transforms
        In the order of use; all draw from one generator.
    seed
        Start of that generator, used in calls that bring none.

    Examples
    --------
    >>> from sevenlessons.vision.augment import HorizontalFlip
    >>> from sevenlessons.vision.lighting import Brightness
    >>> augment = Compose([HorizontalFlip(), Brightness(0.2)], seed=1)
    >>> augment(torch.zeros(4, 3, 8, 8, dtype=torch.uint8)).shape
    torch.Size([4, 3, 8, 8])

    """

    def __init__(
        self, transforms: Sequence[Transform], *, seed: int = 0
    ) -> None:
        super().__init__(seed)
        for place, transform in enumerate(transforms):
            if not isinstance(transform, Transform):
                raise TypeError(
                    f"transforms must be a list of Transform objects, got "
                    f"{transform!r} at place {place}; write Rotate(10), not "
                    f"Rotate"
                )
        self.transforms = list(transforms)

    def apply(self, images: Tensor, generator: Generator) -> Tensor:
        for moves, run in groupby(
            self.transforms, lambda t: isinstance(t, Geometry)
        ):
            if moves:
                run_of_moves = [t for t in run if isinstance(t, Geometry)]
                images = sample(
                    images, *joined(images.shape, run_of_moves, generator)
                )
            else:
                for transform in run:
                    images = transform.apply(images, generator)
        return images.clone() if not self.transforms else images


def joined(
    shape: Sequence[int], moves: Sequence[Geometry], generator: Generator
) -> tuple[Tensor, int | None]:
    """Return the matrices of all `moves` as one a picture, and the new size.

    Parameters
    ----------
    shape
        Of the pictures, (N, C, H, W).
    moves
        In the order of use; all draw from `generator`.

    Returns
    -------
    tuple of Tensor and int or None
        Matrices (N, 3, 3) from new places to old ones; None for the size
        where the pictures keep theirs.

    Examples
    --------
    >>> from sevenlessons.vision.augment import HorizontalFlip
    >>> flip = HorizontalFlip(p=1)
    >>> matrices, size = joined((1, 3, 8, 8), [flip, flip], Generator())
    >>> bool((matrices == torch.eye(3)).all()), size
    (True, None)

    """
    shape, size = list(shape), None
    total = torch.eye(3).repeat(shape[0], 1, 1)
    for move in moves:
        # a later move says where to look in the result of the earlier ones
        total = total @ move.matrices(shape, generator)
        if move.size is not None:
            size = move.size
            shape[2:] = size, size
    return total, size
