"""Layers that double the height and width of maps, and a blur after them.

Four ways: pixel shuffle (with and without the ICNR start), nearest pixel and
bilinear enlargement followed by a convolution, and a transposed convolution,
which is a convolution with a stride of one half. `Blur` averages each pixel
with its neighbors above and to the left, which removes a checkerboard.
`checkerboard_share` measures how much of one there is.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .unet import PixelShuffleUp

__all__ = ["Blur", "checkerboard_share", "doubling_layer"]

UP_KINDS = (
    "shuffle",
    "shuffle_random",
    "nearest",
    "bilinear",
    "transposed",
)


class Blur(nn.Module):
    """Average each pixel with those above, left, and above left of it.

    The border is repeated once, so the size stays. Whatever alternates from
    pixel to pixel is gone afterwards.

    Examples
    --------
    >>> board = torch.tensor([[[[1.0, -1.0], [-1.0, 1.0]]]])
    >>> Blur()(board)[0, 0].tolist()
    [[1.0, 0.0], [0.0, 0.0]]

    """

    def forward(self, maps: Tensor) -> Tensor:
        """Return the averaged maps, same shape."""
        edged = F.pad(maps, (1, 0, 1, 0), mode="replicate")
        return F.avg_pool2d(edged, 2, stride=1)


def doubling_layer(
    kind: str, in_channels: int, out_channels: int, *, blur: bool = False
) -> nn.Sequential:
    """Return a layer from ``(N, in, H, W)`` to ``(N, out, 2 H, 2 W)``.

    Parameters
    ----------
    kind
        ``"shuffle"``: 1 x 1 convolution with the ICNR start, pixel shuffle.
        ``"shuffle_random"``: the same with torch's ordinary start.
        ``"nearest"``, ``"bilinear"``: enlarge, then a 3 x 3 convolution.
        ``"transposed"``: a 3 x 3 convolution with a stride of one half.
        A ReLU follows each.
    in_channels, out_channels
        Channels before and after.
    blur
        Put a `Blur` behind.

    Raises
    ------
    ValueError
        If the kind is unknown or a number of channels is below 1.

    Examples
    --------
    >>> doubling_layer("nearest", 8, 4)(torch.zeros(1, 8, 3, 5)).shape
    torch.Size([1, 4, 6, 10])

    """
    if min(in_channels, out_channels) < 1:
        raise ValueError(
            "channels must be at least 1, got "
            f"{in_channels} before and {out_channels} after"
        )
    if kind in ("shuffle", "shuffle_random"):
        shuffled = PixelShuffleUp(in_channels, out_channels)
        if kind == "shuffle_random":
            shuffled.conv.reset_parameters()
        layers: list[nn.Module] = [shuffled]
    elif kind in ("nearest", "bilinear"):
        convolution = nn.Conv2d(in_channels, out_channels, 3, padding=1)
        layers = [_Enlarge(kind), convolution, nn.ReLU()]
    elif kind == "transposed":
        layers = [
            nn.ConvTranspose2d(
                in_channels,
                out_channels,
                3,
                stride=2,
                padding=1,
                output_padding=1,
            ),
            nn.ReLU(),
        ]
    else:
        raise ValueError(
            f"kind must be one of {', '.join(UP_KINDS)}, got {kind!r}"
        )
    return nn.Sequential(*layers, Blur()) if blur else nn.Sequential(*layers)


class _Enlarge(nn.Module):
    """Double height and width without weights."""

    def __init__(self, mode: str) -> None:
        super().__init__()
        self.mode = mode

    def forward(self, maps: Tensor) -> Tensor:
        if self.mode == "nearest":
            return F.interpolate(maps, scale_factor=2, mode="nearest")
        return F.interpolate(
            maps, scale_factor=2, mode="bilinear", align_corners=False
        )

    def extra_repr(self) -> str:
        return f"mode={self.mode!r}"


def checkerboard_share(images: Tensor) -> Tensor:
    r"""Return how much of each picture's variation repeats every two pixels.

    Of the discrete Fourier transform, the coefficients at half the sampling
    rate belong to patterns that repeat every two pixels: stripes across,
    stripes down, checks. Their energy, divided by that of all coefficients
    but the mean's, is the share. White noise has 3 of the
    :math:`HW - 1` coefficients there.

    Parameters
    ----------
    images
        Shape ``(N, C, H, W)``; odd sides are cut by one pixel.

    Returns
    -------
    Tensor
        Shape ``(N,)``, each in [0, 1]; 0 for a picture of one value.

    Raises
    ------
    ValueError
        If the shape has not four axes or a side is below 2.

    Examples
    --------
    >>> board = torch.tensor([[1.0, 0.0], [0.0, 1.0]]).repeat(4, 4)
    >>> ramp = torch.arange(8.0)[None].repeat(8, 1)
    >>> checkerboard_share(torch.stack([board, ramp])[:, None]).tolist()
    [1.0, 0.0476...]

    """
    if images.ndim != 4 or min(images.shape[-2:]) < 2:
        raise ValueError(
            "expected pictures (N, C, H, W) of at least 2 x 2 pixels, got "
            f"shape {tuple(images.shape)}"
        )
    height, width = (side // 2 * 2 for side in images.shape[-2:])
    x = images[..., :height, :width].double()
    x = x - x.mean((-2, -1), keepdim=True)
    down = torch.ones(height, dtype=x.dtype, device=x.device)
    across = torch.ones(width, dtype=x.dtype, device=x.device)
    down[1::2], across[1::2] = -1, -1
    total = x.square().sum((1, 2, 3)) * height * width
    found = [
        torch.einsum("nchw,h,w->nc", x, h, w).square().sum(1)
        for h, w in (
            (down, across),
            (down, torch.ones_like(across)),
            (torch.ones_like(down), across),
        )
    ]
    share = torch.stack(found).sum(0) / total.clamp(min=1e-30)
    return share.to(images.dtype if images.is_floating_point() else x.dtype)
