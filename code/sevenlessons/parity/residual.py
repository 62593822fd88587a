r"""Residual and dense blocks beside torchvision's: values, gradients, memory.

All are compared in training mode, where batch norm uses the batch and
remembers it. The whole network has one block in each of its four stages; the
page that shows it compares ResNet18, 34 and 50.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torchvision.models.densenet import _DenseBlock
from torchvision.models.resnet import BasicBlock as TheirBasicBlock
from torchvision.models.resnet import Bottleneck as TheirBottleneck
from torchvision.models.resnet import ResNet as TheirResNet

from sevenlessons.vision.dense_block import DenseBlock
from sevenlessons.vision.residual_blocks import BasicBlock, Bottleneck
from sevenlessons.vision.resnet import ResNet

from .pieces import Pair, Piece
from .sides import compare_modules

__all__ = ["residual_pieces"]

PAGE = "lesson7/resnet_parts"


def residual_pieces() -> tuple[Piece, ...]:
    """Return the pieces of residual and densely connected networks.

    Examples
    --------
    >>> from sevenlessons.parity.residual import residual_pieces
    >>> [piece.name for piece in residual_pieces()][:2]
    ['residual block', 'bottleneck block']

    """
    return (
        Piece(
            "residual block",
            "vision/residual_blocks",
            "torchvision.models.resnet.BasicBlock",
            r"\mathrm{relu}(x + F(x))",
            PAGE,
            _basic,
        ),
        Piece(
            "bottleneck block",
            "vision/residual_blocks",
            "torchvision.models.resnet.Bottleneck",
            r"\mathrm{relu}(x + W_3 * W_2 * W_1 * x)",
            PAGE,
            _bottleneck,
        ),
        Piece(
            "ResNet",
            "vision/resnet",
            "torchvision.models.resnet.ResNet",
            r"x_{l+1} = \mathrm{relu}(x_l + F_l(x_l))",
            PAGE,
            _network,
            dtypes=(torch.float64,),  # five million numbers: once is enough
        ),
        Piece(
            "dense block",
            "vision/dense_block",
            "torchvision.models.densenet._DenseBlock",
            r"x_{l+1} = [x_l; F_l(x_l)]",
            PAGE,
            _dense,
        ),
    )


def _maps(
    generator: torch.Generator, dtype: torch.dtype, *shape: int
) -> Tensor:
    return torch.randn(*shape, generator=generator, dtype=dtype)


def _drawn(
    module: nn.Module, generator: torch.Generator, dtype: torch.dtype
) -> nn.Module:
    """Draw all parameters, the scales of norms too: ones hide mistakes."""
    with torch.no_grad():
        for parameter in module.parameters():
            drawn = torch.randn(parameter.shape, generator=generator)
            wide = max(1, parameter[0].numel()) ** 0.5
            parameter.copy_(drawn / wide if parameter.ndim > 1 else drawn)
    return module.to(dtype)


def _basic(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    yield from compare_modules(
        BasicBlock(4, 4).to(dtype),
        _drawn(TheirBasicBlock(4, 4), generator, dtype),
        [_maps(generator, dtype, 5, 4, 6, 7)],
        prefix="same shape: ",
    )
    # torchvision builds the shortcut outside of its block
    shortcut = nn.Sequential(
        nn.Conv2d(4, 6, 1, stride=2, bias=False), nn.BatchNorm2d(6)
    )
    yield from compare_modules(
        BasicBlock(4, 6, 2).to(dtype),
        _drawn(TheirBasicBlock(4, 6, 2, shortcut), generator, dtype),
        [_maps(generator, dtype, 5, 4, 6, 7)],
        prefix="half the size: ",
    )


def _bottleneck(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    yield from compare_modules(
        Bottleneck(8, 2).to(dtype),
        _drawn(TheirBottleneck(8, 2), generator, dtype),
        [_maps(generator, dtype, 5, 8, 6, 7)],
        prefix="same shape: ",
    )
    shortcut = nn.Sequential(
        nn.Conv2d(4, 12, 1, stride=2, bias=False), nn.BatchNorm2d(12)
    )
    yield from compare_modules(
        Bottleneck(4, 3, 2).to(dtype),
        _drawn(TheirBottleneck(4, 3, 2, shortcut), generator, dtype),
        [_maps(generator, dtype, 5, 4, 6, 7)],
        prefix="half the size: ",
    )


def _network(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)  # torchvision draws its own start
        theirs = TheirResNet(TheirBasicBlock, [1, 1, 1, 1], num_classes=5)
        ours = ResNet(BasicBlock, (1, 1, 1, 1), num_classes=5)
    yield from compare_modules(
        ours.to(dtype),
        theirs.to(dtype),
        [_maps(generator, dtype, 3, 3, 33, 32)],
    )


def _dense(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    yield from compare_modules(
        DenseBlock(3, 4, 2, bn_size=3).to(dtype),
        _drawn(_DenseBlock(3, 4, 3, 2, 0.0), generator, dtype),
        [_maps(generator, dtype, 5, 4, 6, 7)],
    )
