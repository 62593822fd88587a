"""From space to a picture: the pinhole camera, and a flat map of the sky.

Both divide by the distance along the line of sight. `project` does it for a
point in meters or millimeters before a camera, `gnomonic` for a star.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["gnomonic", "project"]


def project(points: Tensor, focal: Tensor, middle: Tensor) -> Tensor:
    """Return the pixel at which a pinhole camera sees each point.

    Parameters
    ----------
    points
        (x, y, z) seen from the camera, shape (..., 3): x to the right, y
        down, z ahead, in any unit of length.
    focal
        Focal length in pixels along x and y, shape (2,).
    middle
        Pixel (column, row) straight ahead, shape (2,).

    Returns
    -------
    Tensor
        Column and row, shape (..., 2); nan for a point that is not ahead.

    Examples
    --------
    >>> ahead = torch.tensor([[0.0, 0.0, 5.0], [1.0, 0.0, 5.0]])
    >>> focal, middle = torch.tensor([500.0, 500]), torch.tensor([320.0, 240])
    >>> project(ahead, focal, middle).tolist()
    [[320.0, 240.0], [420.0, 240.0]]

    """
    if points.shape[-1:] != (3,):
        raise ValueError(
            f"expected points of shape (..., 3), got {tuple(points.shape)}"
        )
    depth = points[..., 2:]
    depth = torch.where(depth > 0, depth, torch.nan)
    return middle + focal * points[..., :2] / depth


def gnomonic(sky: Tensor, center: Tensor) -> Tensor:
    """Return the place of stars on a plane that touches the sky.

    Parameters
    ----------
    sky
        Right ascension and declination in radians, shape (..., 2).
    center
        Where the plane touches, shape (2,).

    Returns
    -------
    Tensor
        East and north of the center in radians, shape (..., 2); nan for a
        star more than a quarter turn away.

    Examples
    --------
    >>> center = torch.tensor([1.0, 0.5])
    >>> gnomonic(center + torch.tensor([0.0, 0.01]), center).round(decimals=4)
    tensor([0.0000, 0.0100])

    """
    ra, dec = sky[..., 0] - center[0], sky[..., 1]
    dec0 = center[1]
    ahead = dec0.sin() * dec.sin() + dec0.cos() * dec.cos() * ra.cos()
    ahead = torch.where(ahead > 0, ahead, torch.nan)
    east = dec.cos() * ra.sin()
    north = dec0.cos() * dec.sin() - dec0.sin() * dec.cos() * ra.cos()
    return torch.stack([east, north], dim=-1) / ahead[..., None]
