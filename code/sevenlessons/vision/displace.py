"""Moves that need more than flips, turns and boxes: corners and single pixels.

`Perspective` pulls the four corners of a picture to new places, each its own
way. `Jitter` lets every pixel look for its color a little beside its place,
as through a shower screen.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from .transforms import Geometry, Transform

__all__ = ["Jitter", "Perspective", "corner_matrix", "displaced"]

# top left, top right, bottom right, bottom left: x and y
CORNERS = ((-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0))


def corner_matrix(places: Tensor) -> Tensor:
    """Return matrices (N, 3, 3) that put the corners at `places`.

    A matrix that keeps straight lines straight has eight free numbers, and
    four corners fix them: two equations each. Like all matrices of `warp` it
    goes from new places to old ones.

    Parameters
    ----------
    places
        Where the corners of the old picture come to lie, shape (N, 4, 2):
        top left, top right, bottom right, bottom left, x and y from -1 to 1.
        They must go round a shape without dents.

    Examples
    --------
    >>> stay = torch.tensor([[[-1, -1], [1, -1], [1, 1], [-1, 1.0]]])
    >>> torch.equal(corner_matrix(stay)[0], torch.eye(3))
    True

    """
    if places.ndim != 3 or places.shape[1:] != (4, 2):
        raise ValueError(
            f"expected places of shape (N, 4, 2), got {tuple(places.shape)}; "
            f"give x and y of four corners a picture"
        )
    after = torch.roll(places, -1, 1) - places
    next_one = torch.roll(after, -1, 1)
    turns = after[..., 0] * next_one[..., 1] - after[..., 1] * next_one[..., 0]
    if not (turns > 0).all():
        raise ValueError(
            "places must go round a shape without dents, clockwise from the "
            "top left, got corners that do not; move them less"
        )
    x, y = places.double().unbind(-1)
    corners = torch.tensor(CORNERS, dtype=x.dtype, device=x.device)
    old_x, old_y = corners.expand(len(x), 4, 2).unbind(-1)
    zero, one = torch.zeros_like(x), torch.ones_like(x)
    rows = torch.cat(
        [
            torch.stack(
                [x, y, one, zero, zero, zero, -x * old_x, -y * old_x], -1
            ),
            torch.stack(
                [zero, zero, zero, x, y, one, -x * old_y, -y * old_y], -1
            ),
        ],
        dim=1,
    )
    known = torch.cat([old_x, old_y], dim=1)
    solved = torch.linalg.solve(rows, known)
    matrices = F.pad(solved, (0, 1), value=1.0).unflatten(1, (3, 3))
    still = (places == corners.to(places)).flatten(1).all(1)
    eye = torch.eye(3, dtype=matrices.dtype, device=x.device)
    matrices = torch.where(still[:, None, None], eye, matrices)
    return matrices.to(places.dtype)


class Perspective(Geometry):
    """Pull each corner of the picture inwards, by a length of its own.

    Parameters
    ----------
    strength
        Most that a corner moves along each side, as a share of half the
        picture, in [0, 1).

    Examples
    --------
    >>> images = torch.zeros(2, 3, 8, 8, dtype=torch.uint8)
    >>> Perspective(0.3)(images).shape
    torch.Size([2, 3, 8, 8])

    """

    def __init__(self, strength: float = 0.2, *, seed: int = 0) -> None:
        super().__init__(seed)
        if not 0 <= strength < 1:
            raise ValueError(f"strength must be in [0, 1), got {strength}")
        self.strength = strength

    def matrices(self, shape: Sequence[int], generator: Generator) -> Tensor:
        pulled = torch.rand(shape[0], 4, 2, generator=generator)
        corners = torch.tensor(CORNERS)
        return corner_matrix(corners * (1 - self.strength * pulled))


def displaced(
    images: Tensor, moves: Tensor, *, padding_mode: str = "reflection"
) -> Tensor:
    """Return pictures whose pixels take their colors from beside them.

    Parameters
    ----------
    images
        Shape (N, C, H, W), bytes or floats.
    moves
        How far to the right and down each new pixel looks, in pixels of the
        old picture, shape (N, H, W, 2).
    padding_mode
        What lies beyond the border, as in `warp.sample`.

    Examples
    --------
    >>> images = torch.tensor([[[[1, 2, 3]]]], dtype=torch.uint8)
    >>> right = torch.tensor([1.0, 0.0]).expand(1, 1, 3, 2)
    >>> displaced(images, right).tolist()
    [[[[2, 3, 3]]]]

    """
    count, _, height, width = images.shape
    if moves.shape != (count, height, width, 2):
        raise ValueError(
            f"expected moves of shape {(count, height, width, 2)}, got "
            f"{tuple(moves.shape)}; give x and y for each pixel"
        )
    if not count:
        return images.clone()
    is_float = images.is_floating_point()
    floats = images if is_float else images.float()
    moves = moves.to(floats)
    eye = torch.eye(2, 3).to(floats).expand(count, 2, 3)
    places = F.affine_grid(eye, list(images.shape), align_corners=False)
    size = torch.tensor([width, height]).to(floats)
    new = F.grid_sample(
        floats,
        places + 2 * moves / size,
        padding_mode=padding_mode,
        align_corners=False,
    )
    if not is_float:
        new = new.round_().to(images.dtype)
    still = (moves == 0).flatten(1).all(1)
    return torch.where(still[:, None, None, None], images, new)


class Jitter(Transform):
    """Let each pixel look for its color a little beside its place.

    Parameters
    ----------
    pixels
        Farthest look to each side, in pixels, at least 0.

    Examples
    --------
    >>> images = torch.zeros(2, 3, 8, 8, dtype=torch.uint8)
    >>> Jitter(1.5)(images).shape
    torch.Size([2, 3, 8, 8])

    """

    def __init__(self, pixels: float = 1.0, *, seed: int = 0) -> None:
        super().__init__(seed)
        if not pixels >= 0:
            raise ValueError(f"pixels must be at least 0, got {pixels}")
        self.pixels = pixels

    def apply(self, images: Tensor, generator: Generator) -> Tensor:
        shape = (len(images), *images.shape[2:], 2)
        drawn = 2 * torch.rand(shape, generator=generator) - 1
        return displaced(images, drawn * self.pixels)
