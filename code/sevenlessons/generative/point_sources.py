"""Points of light in two pictures: which are in both, and which are made up.

An astronomer asks of a repaired picture: is each star in it a star in the
sky? So points are looked for in the repaired picture and in the true one by
the same rule, and each may have at most one partner.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import max_pool2d, pad

__all__ = ["count_matches", "find_points", "peak_heights"]


def find_points(
    images: Tensor, *, contrast: float = 0.15, window: int = 9
) -> list[Tensor]:
    """Return the places of points of light in each picture.

    A point is the brightest pixel of its 3 by 3 neighborhood, brighter by
    `contrast` than the median of the window around it. The brightness is the
    mean over the channels.

    Parameters
    ----------
    images
        Floats between 0 and 1, shape ``(N, C, H, W)``.
    contrast
        What stands out; between 0 and 1.
    window
        Height and width of the surroundings, an odd number of at least 3.

    Returns
    -------
    list of Tensor
        For each picture rows and columns, shape ``(points, 2)``.

    Examples
    --------
    >>> sky = torch.zeros(1, 1, 9, 9)
    >>> sky[0, 0, 2, 5] = 1
    >>> find_points(sky)[0].tolist()
    [[2, 5]]

    """
    if not 0 < contrast < 1:
        raise ValueError(f"contrast must lie between 0 and 1, got {contrast}")
    points = peak_heights(images, window=window) > contrast
    return [one.nonzero() for one in points]


def peak_heights(images: Tensor, *, window: int = 9) -> Tensor:
    """Return by how much each peak stands out from its surroundings.

    A peak is the brightest pixel of its 3 by 3 neighborhood; its height is
    its brightness less the median of the window around it. A bar of one's
    own over these heights gives points, as `find_points` does with 0.15.

    Parameters
    ----------
    images, window
        As in `find_points`.

    Returns
    -------
    Tensor
        Shape ``(N, H, W)``, float32; 0 where there is no peak.

    Examples
    --------
    >>> sky = torch.zeros(1, 1, 9, 9)
    >>> sky[0, 0, 2, 5] = 0.5
    >>> round(peak_heights(sky)[0, 2, 5].item(), 3)
    0.5

    """
    if images.ndim != 4 or not images.is_floating_point():
        raise ValueError(
            "expected pictures of floats (N, C, H, W), got shape "
            f"{tuple(images.shape)} of {images.dtype}; divide bytes by 255"
        )
    if window < 3 or window % 2 == 0:
        raise ValueError(
            f"window must be an odd number of at least 3, got {window}"
        )
    parts = [_heights(part, window) for part in images.split(32)]
    return torch.cat(parts)  # few at a time: each peak takes a window


def count_matches(
    found: Tensor, true: Tensor, *, distance: float = 1.5
) -> int:
    """Return how many points of two lists are pairs, each in one at most.

    The nearest pair is taken first, then the nearest of those left.

    Parameters
    ----------
    found, true
        Rows and columns, shapes ``(n, 2)`` and ``(m, 2)``.
    distance
        How far apart a pair may lie, in pixels.

    Examples
    --------
    >>> true = torch.tensor([[2, 5], [8, 8]])
    >>> count_matches(torch.tensor([[2, 6], [2, 4], [0, 0]]), true)
    1

    """
    for name, points in (("found", found), ("true", true)):
        if points.ndim != 2 or points.shape[1] != 2:
            raise ValueError(
                f"expected {name} as rows and columns, shape (n, 2), got "
                f"{tuple(points.shape)}"
            )
    if distance < 0:
        raise ValueError(f"distance must be at least 0, got {distance}")
    apart = torch.cdist(found.double(), true.double())
    pairs = 0
    while apart.numel() and apart.min() <= distance:
        row, column = divmod(int(apart.argmin()), apart.shape[1])
        apart[row] = apart[:, column] = torch.inf
        pairs += 1
    return pairs


def _heights(images: Tensor, window: int) -> Tensor:
    light = images.mean(1, keepdim=True)
    # of equally bright neighbors the one that comes first is the point
    order = torch.arange(light[0].numel(), device=light.device)
    light = light.double() - 1e-9 * order.view_as(light[0])
    top = max_pool2d(light, 3, stride=1, padding=1) == light
    around = pad(light, (window // 2,) * 4, mode="replicate")
    windows = around.unfold(2, window, 1).unfold(3, window, 1)
    heights = torch.zeros_like(light)  # a median for the few peaks only
    heights[top] = light[top] - windows[top].flatten(1).median(1).values
    return heights[:, 0].float()
