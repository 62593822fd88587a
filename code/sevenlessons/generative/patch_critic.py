"""A critic that looks at many patches and says of each: real or made.

One score for the whole picture tells the generator little about where it
went wrong. A convolutional net without a last pooling gives a map of scores
instead; each sees a patch and is trained as a judge of its own.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d
from torch.nn.utils.parametrizations import spectral_norm

__all__ = ["PatchCritic"]


class PatchCritic(nn.Module):
    """Score patches of a picture: high is real, low is made.

    Parameters
    ----------
    in_channels
        Channels of the pictures.
    width
        Channels of the first convolution; each next one has twice as many.
    depth
        Convolutions that halve height and width.
    detail
        Show the critic, beside the picture, so many times what each pixel
        has over the mean of its 3 by 3 neighborhood; 0 shows the picture
        only. Fine detail is faint in dark photos and else learned late.
    spectral
        Divide each weight by its largest singular value, so that the scores
        cannot change too fast with the picture.

    Examples
    --------
    >>> import torch
    >>> critic = PatchCritic(3, width=8, depth=2)
    >>> critic(torch.zeros(5, 3, 32, 32)).shape
    torch.Size([5, 1, 8, 8])

    Notes
    -----
    There is no batch norm: it would let a picture be judged by its company,
    all made or all real. Slopes below zero (leaky ReLU) keep a gradient
    alive for the generator where plain ReLU has none.

    """

    def __init__(
        self,
        in_channels: int = 3,
        *,
        width: int = 16,
        depth: int = 2,
        detail: float = 10.0,
        spectral: bool = True,
    ) -> None:
        super().__init__()
        for name, value in (
            ("in_channels", in_channels),
            ("width", width),
            ("depth", depth),
        ):
            if value < 1:
                raise ValueError(f"{name} must be at least 1, got {value}")
        if detail < 0:
            raise ValueError(f"detail must be at least 0, got {detail}")
        self.in_channels = in_channels
        self.detail = detail
        self.smallest = 2**depth

        layers: list[nn.Module] = []
        channels = 2 * in_channels if detail else in_channels
        for level in range(depth):
            outs = width * 2**level
            halved = nn.Conv2d(channels, outs, 4, stride=2, padding=1)
            layers += [halved, nn.LeakyReLU(0.2)]
            channels = outs
        layers.append(nn.Conv2d(channels, 1, 3, padding=1))
        if spectral:
            for layer in layers[::2]:
                spectral_norm(layer)
        self.layers = nn.Sequential(*layers)

    def forward(self, images: Tensor) -> Tensor:
        """Return scores (N, 1, h, w) of pictures (N, in_channels, H, W)."""
        if images.ndim != 4 or images.shape[1] != self.in_channels:
            raise ValueError(
                f"expected pictures (N, {self.in_channels}, H, W), got shape "
                f"{tuple(images.shape)}"
            )
        if min(images.shape[2:]) < self.smallest:
            raise ValueError(
                f"expected pictures of at least {self.smallest} pixels, "
                f"which are halved to one, got {tuple(images.shape[2:])}; "
                "take larger ones or a smaller depth"
            )
        if self.detail:
            smooth = avg_pool2d(
                images, 3, stride=1, padding=1, count_include_pad=False
            )
            images = torch.cat([images, self.detail * (images - smooth)], 1)
        return self.layers(images)
