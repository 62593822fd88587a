"""Residual blocks, written out: what to change is added to what came in.

A residual block computes ``x + F(x)``: its convolutions only have to say what
to *change*. Where `F` is zero the block does nothing, and the gradient always
has a way around it. All parameters have torchvision's names.
"""

from __future__ import annotations

from torch import Tensor, nn

__all__ = ["BasicBlock", "Bottleneck", "zero_last_norms"]


def _conv(
    in_channels: int, out_channels: int, size: int, stride: int = 1
) -> nn.Conv2d:
    """Return a convolution that keeps height and width, up to its stride."""
    return nn.Conv2d(
        in_channels,
        out_channels,
        size,
        stride=stride,
        padding=size // 2,
        bias=False,  # the batch norm has one
    )


def _shortcut(
    in_channels: int, out_channels: int, stride: int
) -> nn.Sequential | None:
    """Return what gives `x` the shape of the answer; None if it has it."""
    if stride == 1 and in_channels == out_channels:
        return None
    return nn.Sequential(
        _conv(in_channels, out_channels, 1, stride),
        nn.BatchNorm2d(out_channels),
    )


class BasicBlock(nn.Module):
    """Two convolutions, and the input added to what they say.

    Parameters
    ----------
    in_channels
        Channels that come in.
    channels
        Channels of both convolutions.
    stride
        Of the first convolution; 2 halves height and width.
    residual
        Add the input. Without, the same two convolutions are a plain piece of
        network: the rival that has the same parameters, as long as the shape
        does not change.

    Notes
    -----
    Where the shape changes, the input passes a convolution of one pixel.

    Examples
    --------
    >>> import torch
    >>> block = BasicBlock(8, 16, stride=2)
    >>> block(torch.zeros(2, 8, 14, 14)).shape
    torch.Size([2, 16, 7, 7])

    """

    expansion = 1  # channels out, for each of `channels`

    def __init__(
        self,
        in_channels: int,
        channels: int,
        stride: int = 1,
        *,
        residual: bool = True,
    ) -> None:
        super().__init__()
        self.residual = residual
        self.conv1 = _conv(in_channels, channels, 3, stride)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU()
        self.conv2 = _conv(channels, channels, 3)
        self.bn2 = nn.BatchNorm2d(channels)
        self.downsample = (
            _shortcut(in_channels, channels, stride) if residual else None
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return maps (N, `channels`, H / stride, W / stride)."""
        change = self.relu(self.bn1(self.conv1(x)))
        change = self.bn2(self.conv2(change))
        if not self.residual:
            return self.relu(change)
        kept = x if self.downsample is None else self.downsample(x)
        return self.relu(kept + change)


class Bottleneck(nn.Module):
    """Fewer channels, a convolution of 3 pixels there, more channels again.

    Parameters
    ----------
    in_channels
        Channels that come in.
    channels
        Channels in the narrow middle; four times as many come out.
    stride
        Of the convolution in the middle.

    Examples
    --------
    >>> import torch
    >>> block = Bottleneck(64, 16)
    >>> block(torch.zeros(2, 64, 7, 7)).shape
    torch.Size([2, 64, 7, 7])

    """

    expansion = 4

    def __init__(
        self, in_channels: int, channels: int, stride: int = 1
    ) -> None:
        super().__init__()
        wide = self.expansion * channels
        self.conv1 = _conv(in_channels, channels, 1)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = _conv(channels, channels, 3, stride)
        self.bn2 = nn.BatchNorm2d(channels)
        self.conv3 = _conv(channels, wide, 1)
        self.bn3 = nn.BatchNorm2d(wide)
        self.relu = nn.ReLU()
        self.downsample = _shortcut(in_channels, wide, stride)

    def forward(self, x: Tensor) -> Tensor:
        """Return maps (N, 4 * `channels`, H / stride, W / stride)."""
        change = self.relu(self.bn1(self.conv1(x)))
        change = self.relu(self.bn2(self.conv2(change)))
        change = self.bn3(self.conv3(change))
        kept = x if self.downsample is None else self.downsample(x)
        return self.relu(kept + change)


def zero_last_norms(model: nn.Module) -> None:
    """Start the scale of each block's last batch norm at 0, in place.

    Then every block of `model` begins by passing on its shortcut. A block
    without a shortcut is left alone: it would pass on nothing.

    Examples
    --------
    >>> import torch
    >>> block = BasicBlock(4, 4)
    >>> zero_last_norms(block)
    >>> x = torch.rand(2, 4, 7, 7)
    >>> torch.equal(block(x), x)
    True

    """
    for layer in model.modules():
        if isinstance(layer, BasicBlock) and layer.residual:
            nn.init.zeros_(layer.bn2.weight)
        elif isinstance(layer, Bottleneck):
            nn.init.zeros_(layer.bn3.weight)
