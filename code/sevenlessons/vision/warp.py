"""Geometry of pictures: where each pixel of the new picture comes from.

A change of geometry is a 3 x 3 matrix a picture. It maps a place (x, y, 1) of
the *new* picture to its place in the old one, with x and y from -1 to 1.
Several changes are one product of matrices, so that a picture is sampled, and
blurred, only once.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = [
    "box_matrix",
    "dihedral_matrix",
    "rotation_matrix",
    "sample",
    "tilt_matrix",
]

_PADDINGS = ("reflection", "border", "zeros")
_CHUNK = 36_864  # pixels at a time: their grids stay near the processor


def rotation_matrix(degrees: Tensor, aspect: float = 1.0) -> Tensor:
    """Return matrices (N, 3, 3) that turn counterclockwise by `degrees`.

    Parameters
    ----------
    degrees
        One angle a picture, shape (N,).
    aspect
        Width over height, so that shapes keep their angles.

    Examples
    --------
    >>> rotation_matrix(torch.zeros(1))[0].tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]

    """
    angle = degrees.deg2rad()
    cos, sin = angle.cos(), angle.sin()
    zero, one = torch.zeros_like(cos), torch.ones_like(cos)
    # y points down: a picture turned one way is read turned the other way
    rows = [cos, -sin / aspect, zero, sin * aspect, cos, zero, zero, zero, one]
    return torch.stack(rows, dim=-1).unflatten(-1, (3, 3)) + 0.0


def box_matrix(center: Tensor, scale: Tensor) -> Tensor:
    """Return matrices (N, 3, 3) that show a box of the old picture only.

    Parameters
    ----------
    center
        Middle of the box (x, y), shape (N, 2).
    scale
        Width and height of the box as a share of the picture's, (N, 2).

    Examples
    --------
    >>> center, scale = torch.tensor([[-0.5, 0]]), torch.tensor([[0.5, 1]])
    >>> left_half = box_matrix(center, scale)
    >>> (left_half @ torch.tensor([1.0, 1.0, 1.0])).tolist()
    [[0.0, 1.0, 1.0]]

    """
    matrix = torch.diag_embed(F.pad(scale, (0, 1), value=1.0))
    matrix[:, :2, 2] = center
    return matrix


def dihedral_matrix(which: Tensor) -> Tensor:
    """Return matrices (N, 3, 3) of the eight ways to lay down a square.

    Parameters
    ----------
    which
        In [0, 8), shape (N,): 4 swaps rows and columns, then 1 mirrors left
        and right, and 2 above and below; the numbers add up.

    Examples
    --------
    >>> dihedral_matrix(torch.tensor([1]))[0].tolist()
    [[-1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]

    """
    signs = torch.ones(len(which), 3)
    signs[:, 0] = 1.0 - 2.0 * (which & 1)
    signs[:, 1] = 1.0 - (which & 2)
    matrix = torch.diag_embed(signs)
    swapped = matrix[:, [1, 0, 2]]
    return torch.where((which >= 4)[:, None, None], swapped, matrix)


def tilt_matrix(tilt: Tensor) -> Tensor:
    """Return matrices (N, 3, 3) that look at a picture from the side.

    One side comes nearer, the other goes away: the place is divided by
    ``1 + tilt_x x + tilt_y y``.

    Parameters
    ----------
    tilt
        Shape (N, 2); ``|tilt_x| + |tilt_y| < 1``.

    Examples
    --------
    >>> tilt_matrix(torch.tensor([[0.25, 0.0]]))[0, 2].tolist()
    [0.25, 0.0, 1.0]

    """
    matrix = torch.eye(3, dtype=tilt.dtype).repeat(len(tilt), 1, 1)
    matrix[:, 2, :2] = tilt
    return matrix


def sample(
    images: Tensor,
    matrices: Tensor,
    size: int | None = None,
    *,
    mode: str = "bilinear",
    padding_mode: str = "reflection",
) -> Tensor:
    """Return `images` as seen through `matrices`.

    Pictures whose matrix changes nothing come back bit for bit.

    Parameters
    ----------
    images
        Shape (N, C, H, W), bytes or floats.
    matrices
        Shape (N, 3, 3), from new places to old ones.
    size
        Height and width of the result in pixels; None keeps them.
    mode
        "bilinear" mixes the pixels around a place; "nearest" takes the
        nearest one, for numbers of classes, which must not be mixed.
    padding_mode
        What lies beyond the border: "reflection" mirrors the picture,
        "border" repeats its outermost pixels, "zeros" is black.

    Examples
    --------
    >>> images = torch.arange(4, dtype=torch.uint8).view(1, 1, 2, 2)
    >>> sample(images, dihedral_matrix(torch.tensor([1])))[0, 0].tolist()
    [[1, 0], [3, 2]]

    """
    if padding_mode not in _PADDINGS:
        raise ValueError(
            f"padding_mode must be one of {', '.join(_PADDINGS)}, got "
            f"{padding_mode!r}"
        )
    height, width = (size, size) if size else images.shape[2:]
    is_float = images.is_floating_point()
    matrices = matrices.to(images.device)
    matrices = matrices.to(images.dtype if is_float else torch.float32)
    moved = torch.ones(len(images), dtype=torch.bool, device=images.device)
    if (height, width) == tuple(images.shape[2:]):
        moved = (matrices != torch.eye(3).to(matrices)).flatten(1).any(1)
        result = images.clone()
    else:
        result = images.new_empty(len(images), images.shape[1], height, width)
    places = _pixel_places(height, width, matrices)
    chunk = max(_CHUNK // max(height * width, 1), 1)
    if images.device.type != "cpu":
        chunk = max(len(images), 1)
    for rows in moved.nonzero().flatten().split(chunk):
        grid = _old_places(matrices[rows], places)
        result[rows] = _look_up(
            images[rows],
            grid.unflatten(1, (height, width)),
            mode,
            padding_mode,
        )
    return result


def _pixel_places(height: int, width: int, like: Tensor) -> Tensor:
    """Return the middle of each pixel as columns (x, y, 1), (3, H*W)."""
    x, y = (
        (torch.arange(n, dtype=like.dtype, device=like.device) * 2 + 1) / n - 1
        for n in (width, height)
    )
    columns = [x.repeat(height), y.repeat_interleave(width)]
    return torch.stack([*columns, torch.ones_like(columns[0])])


def _old_places(matrices: Tensor, places: Tensor) -> Tensor:
    """Return where new places lie in the old pictures, (n, H*W, 2)."""
    old = matrices @ places  # (n, 3, H*W)
    if matrices[:, 2, :2].any():  # seen from the side
        old = old / old[:, 2:]
    return old[:, :2].transpose(1, 2)


def _look_up(
    images: Tensor, grid: Tensor, mode: str, padding_mode: str
) -> Tensor:
    """Return colors at the places of `grid`."""
    is_float = images.is_floating_point()
    new = F.grid_sample(
        images if is_float else images.float(),
        grid,
        mode=mode,
        padding_mode=padding_mode,
        align_corners=False,
    )
    return new if is_float else new.round_().to(images.dtype)
