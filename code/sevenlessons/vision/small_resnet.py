"""A small residual network for small gray pictures, and its plain rivals.

Each stage halves the picture with one convolution of stride 2; between the
stages stand blocks of two convolutions that change no shape. Without blocks
it is a plain stack of stride-2 convolutions. With ``residual=False`` the
blocks have the same parameters and nothing goes around them: so what
the shortcut is worth can be measured alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from .normalize import Normalize
from .residual_blocks import BasicBlock, zero_last_norms

__all__ = ["ConvBlock", "SmallResNet"]

_MEAN, _STD = 0.286, 0.353  # of Fashion-MNIST, 0 is the ground


class ConvBlock(nn.Sequential):
    """Convolution, batch norm and, if asked, ReLU: three lines made one.

    Parameters
    ----------
    in_channels, out_channels
        Channels that come in and go out.
    size
        Rows and columns of the kernel, odd; the border is half of it, so
        that only the stride changes height and width.
    stride
        2 halves height and width, rounding up.
    relu
        Whether a ReLU follows.

    Examples
    --------
    >>> import torch
    >>> block = ConvBlock(1, 8)
    >>> block(torch.zeros(2, 1, 28, 28)).shape
    torch.Size([2, 8, 14, 14])

    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        size: int = 3,
        *,
        stride: int = 2,
        relu: bool = True,
    ) -> None:
        if size % 2 == 0:
            raise ValueError(
                f"size must be odd, so that the border is even on both "
                f"sides, got {size}; take {size + 1}"
            )
        layers: list[nn.Module] = [
            nn.Conv2d(
                in_channels,
                out_channels,
                size,
                stride=stride,
                padding=size // 2,
                bias=False,  # the batch norm has one
            ),
            nn.BatchNorm2d(out_channels),
        ]
        super().__init__(*layers, *([nn.ReLU()] if relu else []))


class SmallResNet(nn.Module):
    """Stride-2 convolutions with blocks in between, for gray pictures.

    Parameters
    ----------
    num_classes
        Scores a picture, at least 1.
    widths
        Channels of the stages. A last convolution goes to `num_classes`, so
        four widths are five convolutions, and 28 pixels become 1.
    blocks
        Blocks of two convolutions after each stage: a whole number for all
        stages, or one for each. 0 is the plain stack.
    residual
        Whether the blocks have a shortcut.
    zero_init
        Start the scale of each residual block's last batch norm at 0.

    Raises
    ------
    ValueError
        If a number cannot be, or `blocks` does not fit `widths`.

    Examples
    --------
    >>> import torch
    >>> model = SmallResNet(10)
    >>> model(torch.zeros(2, 1, 28, 28, dtype=torch.uint8)).shape
    torch.Size([2, 10])
    >>> plain = SmallResNet(10, residual=False)
    >>> sum(p.numel() for p in model.parameters()) == sum(
    ...     p.numel() for p in plain.parameters()
    ... )
    True

    """

    def __init__(
        self,
        num_classes: int = 10,
        *,
        widths: Sequence[int] = (8, 16, 32, 16),
        blocks: int | Sequence[int] = 1,
        residual: bool = True,
        zero_init: bool = False,
    ) -> None:
        super().__init__()
        counts = [blocks] * len(widths) if isinstance(blocks, int) else blocks
        _check(num_classes, widths, counts)
        self.normalize = Normalize((_MEAN,), (_STD,))
        layers: list[nn.Module] = []
        for before, width, count in zip(
            (1, *widths[:-1]), widths, counts, strict=True
        ):
            layers.append(ConvBlock(before, width))
            layers += [
                BasicBlock(width, width, residual=residual)
                for _ in range(count)
            ]
        self.body = nn.Sequential(*layers)
        self.head = ConvBlock(widths[-1], num_classes, relu=False)
        if zero_init:
            zero_last_norms(self)

    def forward(self, images: Tensor) -> Tensor:
        """Return scores (N, K) of gray pictures (N, 1, H, W).

        Bytes (0 is the ground) or floats in [0, 1].
        """
        maps = self.head(self.body(self.normalize(images)))
        return maps.mean((2, 3))

    def layer_groups(self) -> list[nn.Module]:
        """Return its convolutions and blocks, in order, the head last."""
        return [*self.body, self.head]


def _check(
    num_classes: int, widths: Sequence[int], counts: Sequence[int]
) -> None:
    """Refuse numbers that make no network."""
    if num_classes < 1:
        raise ValueError(f"num_classes must be at least 1, got {num_classes}")
    if not widths or min(widths) < 1:
        raise ValueError(
            "widths must name the channels of at least one stage, each at "
            f"least 1, got {tuple(widths)}"
        )
    if len(counts) != len(widths) or min(counts) < 0:
        raise ValueError(
            "blocks must be a whole number, at least 0, or one for each of "
            f"the {len(widths)} widths, got {tuple(counts)}"
        )
