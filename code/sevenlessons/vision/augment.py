"""Augmentation: small random moves that leave the meaning of a picture.

A network that meets each picture a little different in each epoch learns
what matters instead of learning the pictures by heart. Each class below
moves the pixels of a whole batch, bytes or floats, on the training side only:
``TensorLoader(..., transform=Compose([HorizontalFlip(), Rotate(10)]))``.
`lighting` has the changes of brightness, `transforms` has `Compose`.

Every picture draws its own change from a `torch.Generator`: the one handed
over in the call, else the transform's own, which starts from `seed`.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Generator, Tensor

from .transforms import Geometry, draw
from .warp import box_matrix, dihedral_matrix, rotation_matrix, tilt_matrix

__all__ = [
    "Dihedral",
    "HorizontalFlip",
    "RandomResizedCrop",
    "Rotate",
    "Warp",
    "Zoom",
]


def _check(name: str, value: float, low: float, high: float) -> None:
    """Refuse a parameter outside [low, high)."""
    if not low <= value < high:
        raise ValueError(f"{name} must be in [{low}, {high}), got {value}")


class HorizontalFlip(Geometry):
    """Mirror left and right.

    Parameters
    ----------
    p
        Share of pictures mirrored, in [0, 1].

    Examples
    --------
    >>> images = torch.tensor([[[[1, 2]]]], dtype=torch.uint8)
    >>> HorizontalFlip(p=1.0)(images).tolist()
    [[[[2, 1]]]]

    """

    def __init__(self, p: float = 0.5, *, seed: int = 0) -> None:
        super().__init__(seed)
        if not 0 <= p <= 1:
            raise ValueError(f"p must be in [0, 1], got {p}")
        self.p = p

    def matrices(self, shape: Sequence[int], generator: Generator) -> Tensor:
        flips = torch.rand(shape[0], generator=generator) < self.p
        return dihedral_matrix(flips.long())


class Dihedral(Geometry):
    """Lay down a square picture in one of its eight ways, at random.

    For pictures without an above and below: seen from the air, through a
    microscope or a telescope.

    Parameters
    ----------
    p
        Share of pictures that are laid anew, in [0, 1]; an eighth of these
        come to lie as before.

    Examples
    --------
    >>> images = torch.arange(4, dtype=torch.uint8).view(1, 1, 2, 2)
    >>> sorted(Dihedral()(images).flatten().tolist())
    [0, 1, 2, 3]

    """

    def __init__(self, p: float = 1.0, *, seed: int = 0) -> None:
        super().__init__(seed)
        if not 0 <= p <= 1:
            raise ValueError(f"p must be in [0, 1], got {p}")
        self.p = p

    def matrices(self, shape: Sequence[int], generator: Generator) -> Tensor:
        if shape[2] != shape[3]:
            raise ValueError(
                f"Dihedral needs square images, got {shape[2]} x {shape[3]}; "
                f"crop first, or use HorizontalFlip"
            )
        which = torch.randint(8, (shape[0],), generator=generator)
        chosen = torch.rand(shape[0], generator=generator) < self.p
        return dihedral_matrix(which * chosen)


class Rotate(Geometry):
    """Turn by a random angle; what comes in at the corners is mirrored.

    Parameters
    ----------
    degrees
        Largest angle either way, in [0, 180].

    Examples
    --------
    >>> images = torch.zeros(2, 3, 8, 8, dtype=torch.uint8)
    >>> Rotate(10)(images).shape
    torch.Size([2, 3, 8, 8])

    """

    def __init__(self, degrees: float = 10.0, *, seed: int = 0) -> None:
        super().__init__(seed)
        if not 0 <= degrees <= 180:
            raise ValueError(f"degrees must be in [0, 180], got {degrees}")
        self.degrees = degrees

    def matrices(self, shape: Sequence[int], generator: Generator) -> Tensor:
        angles = draw(shape[0], -self.degrees, self.degrees, generator)
        return rotation_matrix(angles, aspect=shape[3] / shape[2])


class Zoom(Geometry):
    """Enlarge the middle of the picture.

    Parameters
    ----------
    max_zoom
        Largest enlargement, at least 1 and less than 10.

    Examples
    --------
    >>> images = torch.zeros(2, 3, 8, 8, dtype=torch.uint8)
    >>> Zoom(1.1)(images).shape
    torch.Size([2, 3, 8, 8])

    """

    def __init__(self, max_zoom: float = 1.1, *, seed: int = 0) -> None:
        super().__init__(seed)
        _check("max_zoom", max_zoom, 1, 10)
        self.max_zoom = max_zoom

    def matrices(self, shape: Sequence[int], generator: Generator) -> Tensor:
        scale = 1 / draw(shape[0], 1.0, self.max_zoom, generator)
        return box_matrix(
            torch.zeros(shape[0], 2), torch.stack([scale, scale], dim=1)
        )


class RandomResizedCrop(Geometry):
    """Cut out a random box and stretch it to a square or the old size.

    Parameters
    ----------
    min_area
        Smallest box as a share of the picture, in (0, 1].
    stretch
        Most that width over height may be changed, either way, at least 1.
    size
        Height and width of the result in pixels; None keeps the picture's.

    Examples
    --------
    >>> images = torch.zeros(2, 3, 16, 16, dtype=torch.uint8)
    >>> RandomResizedCrop(0.5, size=8)(images).shape
    torch.Size([2, 3, 8, 8])

    """

    def __init__(
        self,
        min_area: float = 0.35,
        stretch: float = 4 / 3,
        *,
        size: int | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__(seed)
        if not 0 < min_area <= 1:
            raise ValueError(f"min_area must be in (0, 1], got {min_area}")
        _check("stretch", stretch, 1, 10)
        if size is not None and size < 1:
            raise ValueError(f"size must be at least 1, got {size}")
        self.min_area = min_area
        self.stretch = stretch
        self.size = size

    def matrices(self, shape: Sequence[int], generator: Generator) -> Tensor:
        area = draw(shape[0], self.min_area, 1.0, generator)
        power = draw(shape[0], -0.5, 0.5, generator)
        ratio = self.stretch**power  # square root of the change
        side = area.sqrt()
        scale = torch.stack([side * ratio, side / ratio], dim=1).clamp(max=1)
        place = 2 * torch.rand(shape[0], 2, generator=generator) - 1
        return box_matrix(place * (1 - scale), scale)


class Warp(Geometry):
    """Look at the picture a little from the side, or from above or below.

    Parameters
    ----------
    strength
        How far the far side recedes, in [0, 0.5).

    Examples
    --------
    >>> images = torch.zeros(2, 3, 8, 8, dtype=torch.uint8)
    >>> Warp(0.2)(images).shape
    torch.Size([2, 3, 8, 8])

    """

    def __init__(self, strength: float = 0.2, *, seed: int = 0) -> None:
        super().__init__(seed)
        _check("strength", strength, 0, 0.5)
        self.strength = strength

    def matrices(self, shape: Sequence[int], generator: Generator) -> Tensor:
        count, most = 2 * shape[0], self.strength
        return tilt_matrix(draw(count, -most, most, generator).view(-1, 2))
