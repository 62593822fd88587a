"""DenseNet's block: every layer is handed all maps made before it.

A residual block adds what it found to what came in. A dense block keeps both
and puts them side by side: nothing is ever overwritten, and each layer needs
to make a few new maps only. Parameters have torchvision's names, so that the
weights of one fit the other.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

__all__ = ["DenseBlock", "DenseLayer"]


class DenseLayer(nn.Module):
    """Make a few new maps out of all maps so far.

    A convolution of one pixel first mixes the many maps down to few, then one
    of three by three pixels looks at neighbors. Norm and ReLU come before
    each of them.

    Parameters
    ----------
    in_channels
        How many maps there are.
    growth_rate
        How many new ones to make.
    bn_size
        The convolution of one pixel makes that many times `growth_rate`.

    Raises
    ------
    ValueError
        If one of them is below 1.

    Examples
    --------
    >>> layer = DenseLayer(in_channels=16, growth_rate=4)
    >>> layer(torch.zeros(2, 16, 7, 7)).shape
    torch.Size([2, 4, 7, 7])

    """

    def __init__(
        self, in_channels: int, growth_rate: int, *, bn_size: int = 4
    ) -> None:
        super().__init__()
        _check(in_channels=in_channels, growth_rate=growth_rate)
        _check(bn_size=bn_size)
        narrow = bn_size * growth_rate
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.relu1 = nn.ReLU()
        self.conv1 = nn.Conv2d(in_channels, narrow, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(narrow)
        self.relu2 = nn.ReLU()
        self.conv2 = nn.Conv2d(narrow, growth_rate, 3, padding=1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Return the new maps alone."""
        x = self.conv1(self.relu1(self.norm1(x)))
        return self.conv2(self.relu2(self.norm2(x)))


class DenseBlock(nn.ModuleDict):
    """Layers that each read all maps before them.

    Parameters
    ----------
    num_layers
        How many layers, at least 1.
    in_channels
        How many maps come in.
    growth_rate
        How many maps each layer adds.
    bn_size
        As in `DenseLayer`.

    Raises
    ------
    ValueError
        If one of them is below 1, or other maps come in.

    Notes
    -----
    Huang et al. (2017), "Densely Connected Convolutional Networks". The
    layers are named ``denselayer1`` and so on, as in torchvision's
    `DenseNet`. Taught in: resnet-parts.

    Examples
    --------
    >>> block = DenseBlock(num_layers=3, in_channels=16, growth_rate=4)
    >>> x = torch.randn(2, 16, 7, 7)
    >>> out = block(x)
    >>> out.shape, block.out_channels  # 16 + 3 * 4
    (torch.Size([2, 28, 7, 7]), 28)
    >>> torch.equal(out[:, :16], x)  # nothing is lost
    True

    """

    def __init__(
        self,
        num_layers: int,
        in_channels: int,
        growth_rate: int,
        *,
        bn_size: int = 4,
    ) -> None:
        super().__init__()
        _check(num_layers=num_layers)
        self.in_channels = in_channels
        self.out_channels = in_channels + num_layers * growth_rate
        for number in range(num_layers):
            self[f"denselayer{number + 1}"] = DenseLayer(
                in_channels + number * growth_rate,
                growth_rate,
                bn_size=bn_size,
            )

    def forward(self, x: Tensor) -> Tensor:
        """Return the maps that came in, then those of each layer."""
        if x.ndim != 4 or x.shape[1] != self.in_channels:
            raise ValueError(
                f"expected maps of shape (N, {self.in_channels}, H, W), got "
                f"{tuple(x.shape)}; build the block with the channels that "
                "come in"
            )
        maps = x
        for layer in self.values():
            maps = torch.cat([maps, layer(maps)], 1)
        return maps


def _check(**numbers: int) -> None:
    for name, value in numbers.items():
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}")
