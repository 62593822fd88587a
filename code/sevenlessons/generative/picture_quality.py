r"""How close one picture is to another: PSNR and SSIM.

The peak signal-to-noise ratio compares pixel by pixel, in decibels:

.. math:: \mathrm{PSNR} = 10 \log_{10} (L^2 / \mathrm{MSE}),

with :math:`L` the range of the values. The structural similarity (Wang et
al., 2004) compares means, spreads and the common change of two small windows
that move over the pictures:

.. math::
    \mathrm{SSIM} = \frac{(2 \mu_x \mu_y + c_1)(2 \sigma_{xy} + c_2)}
    {(\mu_x^2 + \mu_y^2 + c_1)(\sigma_x^2 + \sigma_y^2 + c_2)}.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

__all__ = ["gaussian_window", "psnr", "ssim"]


def psnr(first: Tensor, second: Tensor, *, data_range: float = 1.0) -> Tensor:
    """Return the peak signal-to-noise ratio of each picture, in decibels.

    Parameters
    ----------
    first, second
        Pictures, shape ``(N, C, H, W)``; exchanging them changes nothing.
    data_range
        Largest possible value less the smallest: 1 for floats, 255 for
        bytes.

    Returns
    -------
    Tensor
        float64, shape ``(N,)``; infinite for equal pictures.

    Examples
    --------
    >>> clean = torch.zeros(1, 1, 4, 4)
    >>> psnr(clean, clean + 0.1).round().item()
    20.0
    >>> psnr(clean, clean).item()
    inf

    """
    _check(first, second, data_range)
    error = torch.cat(
        [(a - b).square().flatten(1).mean(1) for a, b in _few(first, second)]
    )
    return 10 * torch.log10(data_range**2 / error)


def gaussian_window(size: int = 11, sigma: float = 1.5) -> Tensor:
    """Return the weights of a row of pixels around its middle; sum 1.

    Examples
    --------
    >>> gaussian_window(3, 1.0).sum().item()
    1.0

    """
    if size < 1 or size % 2 == 0 or not sigma > 0:
        raise ValueError(
            "a window needs an odd number of pixels and a spread above 0, "
            f"got {size} and {sigma}"
        )
    places = torch.arange(size, dtype=torch.float64) - size // 2
    weights = (-places.square() / (2 * sigma**2)).exp()
    return weights / weights.sum()


def ssim(
    first: Tensor,
    second: Tensor,
    *,
    data_range: float = 1.0,
    size: int = 11,
    sigma: float = 1.5,
) -> Tensor:
    """Return the structural similarity of each picture, at most 1.

    Windows that reach beyond the border are left out. Colors are compared
    one by one, then averaged.

    Parameters
    ----------
    first, second, data_range
        As in `psnr`.
    size, sigma
        Of the Gaussian window, in pixels.

    Returns
    -------
    Tensor
        float64, shape ``(N,)``; 1 for equal pictures.

    Examples
    --------
    >>> clean = torch.rand(1, 3, 16, 16)
    >>> round(ssim(clean, clean).item(), 6)
    1.0
    >>> ssim(clean, 1 - clean).item() < 0
    True

    """
    _check(first, second, data_range)
    row = gaussian_window(size, sigma).to(first.device)
    if min(first.shape[2:]) < size:
        raise ValueError(
            f"pictures of {tuple(first.shape[2:])} are smaller than the "
            f"window of {size} pixels; take a smaller window"
        )

    c1, c2 = (0.01 * data_range) ** 2, (0.03 * data_range) ** 2
    return torch.cat(
        [_similarity(x, y, row, c1, c2) for x, y in _few(first, second)]
    )


def _similarity(
    first: Tensor, second: Tensor, row: Tensor, c1: float, c2: float
) -> Tensor:
    """Return the mean of the formula over all windows of each picture."""
    # as matrices, the moving window is much faster than a convolution
    down, across = (_moving(row, length) for length in first.shape[2:])

    def blurred(images: Tensor) -> Tensor:
        return down @ images @ across.mT

    mean_x, mean_y = blurred(first), blurred(second)
    spread_x = blurred(first.square()) - mean_x.square()
    spread_y = blurred(second.square()) - mean_y.square()
    common = blurred(first * second) - mean_x * mean_y
    similar = (2 * mean_x * mean_y + c1) * (2 * common + c2)
    similar = similar / (mean_x.square() + mean_y.square() + c1)
    similar = similar / (spread_x + spread_y + c2)
    return similar.flatten(1).mean(1)


def _moving(row: Tensor, length: int) -> Tensor:
    """Return the matrix whose rows hold the window at each place."""
    identity = torch.eye(length, dtype=row.dtype, device=row.device)
    return identity.unfold(0, len(row), 1) @ row


def _few(first: Tensor, second: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield both as float64, some pictures at a time, to save memory."""
    for a, b in zip(first.split(4), second.split(4), strict=True):
        yield a.double(), b.double()


def _check(first: Tensor, second: Tensor, data_range: float) -> None:
    """Say what does not fit."""
    if first.ndim != 4 or first.shape != second.shape or not first.numel():
        raise ValueError(
            "expected two batches of pictures of one shape (N, C, H, W), got "
            f"{tuple(first.shape)} and {tuple(second.shape)}"
        )
    if first.is_floating_point() != second.is_floating_point():
        raise TypeError(
            "expected two batches in the same unit, got "
            f"{first.dtype} and {second.dtype}; divide bytes by 255"
        )
    if not data_range > 0:
        raise ValueError(f"data_range must be above 0, got {data_range}")
    if not first.is_floating_point() and data_range == 1:
        raise ValueError(
            f"pictures of {first.dtype} have data_range=255, got 1; give it, "
            "or divide the pictures by 255"
        )
