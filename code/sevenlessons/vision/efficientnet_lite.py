"""EfficientNet-Lite0: a small, accurate network for pictures, written out.

Tan and Le (2019), arXiv:1905.11946, found good proportions of depth and
width by search. The Lite variant drops what phones compute slowly: no
squeeze-and-excitation, and ReLU6 in place of swish. Read top-down:
`InvertedResidual` is the block, `efficientnet_lite0` stacks sixteen of them.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

__all__ = [
    "InvertedResidual",
    "SamePadConv2d",
    "conv_norm",
    "efficientnet_lite0",
]

# One row a stage: blocks, kernel size, stride of the first block, expansion
# (how many times wider the inside of a block is), channels out.
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)


class SamePadConv2d(nn.Conv2d):
    """Convolution whose output has ``ceil(size / stride)`` rows and columns.

    These weights were trained with TensorFlow's "same" padding, which puts
    an odd pixel of padding on the right and below, where PyTorch's
    ``padding=1`` puts it left and above.

    Parameters are those of `torch.nn.Conv2d` without `padding`.

    Examples
    --------
    >>> import torch
    >>> conv = SamePadConv2d(1, 1, kernel_size=3, stride=2)
    >>> conv(torch.zeros(1, 1, 8, 7)).shape
    torch.Size([1, 1, 4, 4])

    """

    def forward(self, input: Tensor) -> Tensor:
        """Pad as needed, then convolve."""
        down, right = (
            max((-(-size // stride) - 1) * stride + kernel - size, 0)
            for size, kernel, stride in zip(
                input.shape[-2:], self.kernel_size, self.stride, strict=True
            )
        )
        if down % 2 == 0 and right % 2 == 0:  # symmetric: no copy needed
            padding = (down // 2, right // 2)
            return F.conv2d(
                input,
                self.weight,
                self.bias,
                self.stride,
                padding,
                groups=self.groups,
            )
        sides = (right // 2, right - right // 2, down // 2, down - down // 2)
        return super().forward(F.pad(input, sides))


def conv_norm(
    in_channels: int,
    out_channels: int,
    kernel_size: int,
    *,
    stride: int = 1,
    groups: int = 1,
    activation: bool = True,
) -> nn.Sequential:
    """Return convolution, batch normalization and, if asked, ReLU6.

    Examples
    --------
    >>> [type(layer).__name__ for layer in conv_norm(3, 8, 3)]
    ['SamePadConv2d', 'BatchNorm2d', 'ReLU6']

    """
    layers: list[nn.Module] = [
        SamePadConv2d(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            groups=groups,
            bias=False,
        ),
        # momentum weighs the new value: 0.01 is TensorFlow's 0.99
        nn.BatchNorm2d(out_channels, eps=1e-3, momentum=0.01),
    ]
    if activation:
        layers.append(nn.ReLU6(inplace=True))
    return nn.Sequential(*layers)


class InvertedResidual(nn.Module):
    """Widen, filter each channel on its own, narrow again, add the input.

    Parameters
    ----------
    in_channels, out_channels
        Channels of the narrow ends.
    kernel_size
        Side of the depthwise filter, 3 or 5.
    stride
        2 halves height and width.
    expansion
        How many times wider the inside is; 1 leaves the widening out.

    Notes
    -----
    Sandler et al. (2018), MobileNetV2, arXiv:1801.04381. The stochastic
    depth of the original training is left out.

    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        *,
        stride: int = 1,
        expansion: int = 6,
    ) -> None:
        super().__init__()
        width = in_channels * expansion
        layers = []
        if expansion != 1:
            layers.append(conv_norm(in_channels, width, 1))
        layers += [
            conv_norm(width, width, kernel_size, stride=stride, groups=width),
            conv_norm(width, out_channels, 1, activation=False),
        ]
        self.layers = nn.Sequential(*layers)
        self.has_shortcut = stride == 1 and in_channels == out_channels

    def forward(self, x: Tensor) -> Tensor:
        """Return maps of shape ``(N, out_channels, H/stride, W/stride)``."""
        return x + self.layers(x) if self.has_shortcut else self.layers(x)


def efficientnet_lite0(num_classes: int = 1000) -> nn.Sequential:
    """Return the network: body, pooling, flattening, dropout, classifier.

    Its first part, ``model[0]``, is the body: 18 blocks from pictures
    ``(N, 3, H, W)`` to maps ``(N, 1280, H/32, W/32)``.

    Parameters
    ----------
    num_classes
        Scores a picture, at least 1.

    Examples
    --------
    >>> model = efficientnet_lite0()
    >>> sum(p.numel() for p in model.parameters())
    4652008

    """
    if num_classes < 1:
        raise ValueError(f"num_classes must be at least 1, got {num_classes}")
    channels = 32
    blocks: list[nn.Module] = [conv_norm(3, channels, 3, stride=2)]
    for num_blocks, kernel_size, stride, expansion, out_channels in STAGES:
        for i in range(num_blocks):
            blocks.append(
                InvertedResidual(
                    channels,
                    out_channels,
                    kernel_size,
                    stride=stride if i == 0 else 1,
                    expansion=expansion,
                )
            )
            channels = out_channels
    blocks.append(conv_norm(channels, 1280, 1))
    return nn.Sequential(
        nn.Sequential(*blocks),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Dropout(0.2),
        nn.Linear(1280, num_classes),
    )
