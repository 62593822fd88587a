"""From a coarse answer to a fine one: the brightest spot nearby.

A network that points (`pointing`) finds the right thing and its place on a
coarse grid; the brightest spot of a blurred picture is exact and often the
wrong thing. `nearby_spot` takes the first for *which* and the second for
*where exactly*.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .pointing import blurred

__all__ = ["nearby_spot"]

_CHUNK = 8  # pictures at a time: as floats they need four times the memory


def nearby_spot(
    images: Tensor, points: Tensor, *, sigma: float, radius: float
) -> Tensor:
    """Return the brightest spot within `radius` of each point.

    Where it lies on the rim of that circle, the light goes on growing beyond
    it: then there is no spot nearby, and the point stays where it was.

    Parameters
    ----------
    images
        Shape (N, C, H, W), bytes or floats.
    points
        Answers for each picture, shape (N, P, 2), x and y in [-1, 1].
    sigma
        Of the blur in pixels, as in `brightest_spot`.
    radius
        Of the circle in pixels, at least 2.

    Returns
    -------
    Tensor
        Shape (N, P, 2).

    Examples
    --------
    >>> images = torch.zeros(1, 1, 64, 64)
    >>> images[0, 0, 20, 30] = 1  # the spot
    >>> images[0, 0, 60, 60] = 9  # brighter, and far away
    >>> rough = torch.tensor([[[0.0, -0.2]]])
    >>> found = nearby_spot(images, rough, sigma=2.0, radius=10)
    >>> ((found + 1) * 32 - 0.5).tolist()  # in pixels
    [[[30.0, 20.0]]]

    """
    if images.ndim != 4 or points.ndim != 3 or len(points) != len(images):
        raise ValueError(
            "expected images (N, C, H, W) and points (N, P, 2), got "
            f"{tuple(images.shape)} and {tuple(points.shape)}"
        )
    if radius < 2:
        raise ValueError(f"radius must be at least 2 pixels, got {radius}")
    around = _circle(radius).to(points.device)
    size = points.new_tensor([images.shape[3], images.shape[2]])
    result = points.clone()
    for start in range(0, len(images), _CHUNK):
        rows = slice(start, start + _CHUNK)
        part = images[rows].float().mean(1, keepdim=True)
        light = blurred(part, sigma)[:, 0].to(points.device)
        result[rows] = _climb(light, points[rows], around, size, radius)
    return result


def _circle(radius: float) -> Tensor:
    """Return the steps (K, 2) to all pixels within `radius`."""
    reach = torch.arange(-int(radius), int(radius) + 1)
    steps = torch.cartesian_prod(reach, reach)
    return steps[steps.square().sum(1) <= radius**2]


def _climb(
    light: Tensor, points: Tensor, around: Tensor, size: Tensor, radius: float
) -> Tensor:
    """Return the points of a few pictures, moved; see `nearby_spot`."""
    here = ((points + 1) * size / 2 - 0.5).round().long()
    places = here[:, :, None] + around  # (n, P, K, 2)
    outside = ((places < 0) | (places >= size.long())).any(-1)
    x, y = places.minimum(size.long() - 1).clamp(min=0).unbind(-1)
    picture = torch.arange(len(light), device=light.device)[:, None, None]
    values = light[picture, y, x].masked_fill(outside, -torch.inf)
    best = values.argmax(2)
    found = here + around[best]
    spots = (found * 2 + 1) / size - 1
    on_rim = around[best].square().sum(-1).sqrt() > radius - 1.5
    return torch.where(on_rim[..., None], points, spots.to(points.dtype))
