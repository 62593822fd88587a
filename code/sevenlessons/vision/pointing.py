"""A network that points: scores for every place, then their center.

`brightest_spot` is the rule to beat. `light_stack` turns pictures into
what the rule looks at, blurred at several widths; `PointNet` learns from it
how promising each place is, and `soft_argmax` makes two numbers of that. The
same weights look everywhere, so what is learned in one corner holds in all.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .recipes import seeded

__all__ = [
    "PointNet",
    "blurred",
    "brightest_spot",
    "light_stack",
    "soft_argmax",
]

_WIDTHS = (1.0, 2.0, 4.0)  # of the blurs, in cells of the grid
_CHUNK = 8  # pictures at a time: as floats they need four times the memory


def blurred(maps: Tensor, sigma: float) -> Tensor:
    """Return maps (N, C, H, W) after a Gaussian blur; borders are repeated.

    Parameters
    ----------
    maps
        Floats.
    sigma
        Standard deviation in pixels, positive.

    Examples
    --------
    >>> dot = torch.zeros(1, 1, 9, 9)
    >>> dot[0, 0, 4, 4] = 1
    >>> soft = blurred(dot, 1.0)
    >>> round(soft.sum().item(), 4), soft.argmax().item() == 4 * 9 + 4
    (1.0, True)

    """
    if not sigma > 0:
        raise ValueError(f"sigma must be positive, got {sigma}")
    down, across = (_blur_matrix(n, sigma, maps) for n in maps.shape[2:])
    return down @ maps @ across.T


def _blur_matrix(size: int, sigma: float, like: Tensor) -> Tensor:
    """Return (size, size): what each place takes from every other."""
    reach = max(1, round(3 * sigma))
    steps = torch.arange(-reach, reach + 1, device=like.device)
    weights = (-((steps.to(like.dtype) / sigma) ** 2) / 2).exp()
    weights = (weights / weights.sum()).expand(size, -1)
    places = torch.arange(size, device=like.device)[:, None] + steps
    matrix = like.new_zeros(size, size)
    # beyond the border: the border's own value again
    return matrix.scatter_add_(1, places.clamp(0, size - 1), weights)


def brightest_spot(images: Tensor, *, sigma: float) -> Tensor:
    """Return where each picture is brightest after a blur, (N, 2).

    Parameters
    ----------
    images
        Shape (N, 3, H, W), bytes or floats.
    sigma
        Of the blur in pixels: a single bright star should not win.

    Returns
    -------
    Tensor
        x and y in [-1, 1] of the middle of the brightest pixel.

    Examples
    --------
    >>> images = torch.zeros(1, 3, 8, 8)
    >>> images[:, :, 2:4, 6:8] = 1
    >>> x, y = brightest_spot(images, sigma=1.0)[0].tolist()
    >>> x > 0.5, y < 0
    (True, True)

    """
    height, width = images.shape[2:]
    best = torch.cat(
        [
            blurred(part.float().mean(1, keepdim=True), sigma)
            .flatten(1)
            .argmax(1)
            for part in images.split(_CHUNK)
        ]
    )
    x = (best % width * 2 + 1) / width - 1
    y = (best // width * 2 + 1) / height - 1
    return torch.stack([x, y], dim=1)


def light_stack(
    images: Tensor, *, grid: int = 16, widths: Sequence[float] = _WIDTHS
) -> Tensor:
    """Return the light of pictures on a coarse grid, at several widths.

    The mean and the largest value of each cell, then the mean blurred by
    each of `widths`. Every picture is shifted and scaled by its own mean and
    spread, so that a dark photo looks like a bright one.

    Parameters
    ----------
    images
        Shape (N, 3, H, W), bytes or floats in [0, 1]; H and W multiples of
        `grid`.
    grid
        Cells in each direction.
    widths
        Standard deviations of the blurs, in cells.

    Returns
    -------
    Tensor
        Shape (N, 2 + len(widths), grid, grid), float32.

    Examples
    --------
    >>> photos = torch.zeros(2, 3, 64, 64, dtype=torch.uint8)
    >>> light_stack(photos).shape
    torch.Size([2, 5, 16, 16])

    """
    height, width = images.shape[2:]
    if grid < 1 or height % grid or width % grid:
        raise ValueError(
            f"expected images whose sides are multiples of grid={grid}, got "
            f"{height} x {width}; resize them or choose another grid"
        )
    parts = [_stack(part, grid, widths) for part in images.split(_CHUNK)]
    return torch.cat(parts)


def _stack(images: Tensor, grid: int, widths: Sequence[float]) -> Tensor:
    """Return the light of a few pictures; see `light_stack`."""
    white = 1.0 if images.is_floating_point() else 255.0
    light = images.float().mean(1, keepdim=True) / white
    cell = (images.shape[2] // grid, images.shape[3] // grid)
    mean = F.avg_pool2d(light, cell)
    layers = [mean, F.max_pool2d(light, cell)]
    layers += [blurred(mean, sigma) for sigma in widths]
    level = mean.mean((1, 2, 3), keepdim=True)
    spread = mean.std((1, 2, 3), keepdim=True) + 0.02  # not of a black one
    return (torch.cat(layers, dim=1) - level) / spread


def soft_argmax(scores: Tensor) -> Tensor:
    """Return the center of a map of scores: a softmax, then a mean place.

    `argmax` gives one cell and no gradient. Here every cell votes for its
    own place, with its probability as weight, so the answer lies between
    cells and can be learned.

    Parameters
    ----------
    scores
        Shape (N, h, w).

    Returns
    -------
    Tensor
        Shape (N, 2), x and y in (-1, 1).

    Examples
    --------
    >>> scores = torch.full((1, 2, 2), -100.0)
    >>> scores[0, 0, :] = 100.0  # the two upper cells alike
    >>> soft_argmax(scores)
    tensor([[ 0.0000, -0.5000]])

    """
    if scores.ndim != 3:
        raise ValueError(
            f"expected scores of shape (N, h, w), got {tuple(scores.shape)}"
        )
    height, width = scores.shape[1:]
    share = scores.flatten(1).softmax(1).view_as(scores)
    x, y = (
        (torch.arange(n, device=scores.device) * 2 + 1) / n - 1
        for n in (width, height)
    )
    return torch.stack(
        [(share.sum(1) * x).sum(1), (share.sum(2) * y).sum(1)], dim=1
    )


class PointNet(nn.Module):
    """Where is it? Scores for each cell of a stack of maps, and their center.

    Parameters
    ----------
    in_channels
        Maps in the stack.
    hidden
        Channels inside.
    seed
        Of the first weights; the global random state is not touched.

    Examples
    --------
    >>> net = PointNet(5)
    >>> net(torch.zeros(2, 5, 16, 16)).shape
    torch.Size([2, 2])
    >>> net.scores(torch.zeros(2, 5, 16, 16)).shape
    torch.Size([2, 16, 16])

    """

    def __init__(
        self, in_channels: int, *, hidden: int = 16, seed: int = 0
    ) -> None:
        super().__init__()
        with seeded(seed):
            self.body = nn.Sequential(
                nn.BatchNorm2d(in_channels, affine=False),
                nn.Conv2d(in_channels, hidden, 1),
                nn.ReLU(),
                nn.Conv2d(hidden, hidden, 3, padding=1),
                nn.ReLU(),
                nn.Conv2d(hidden, 1, 1),
            )

    def scores(self, stack: Tensor) -> Tensor:
        """Return how promising each cell is, (N, h, w)."""
        return self.body(stack)[:, 0]

    def forward(self, stack: Tensor) -> Tensor:
        """Return points (N, 2), x and y in (-1, 1)."""
        return soft_argmax(self.scores(stack))
