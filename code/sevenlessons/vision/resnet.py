"""ResNet18 to ResNet152, written out: a stem, four stages, the average.

The blocks stand in `residual_blocks`. All parameters have torchvision's
names and shapes, so weights trained with torchvision's can be loaded.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from .residual_blocks import BasicBlock, Bottleneck, zero_last_norms

__all__ = ["ResNet", "resnet"]

_Block = type[BasicBlock] | type[Bottleneck]


class ResNet(nn.Module):
    """A stem, four stages of residual blocks, the average, one score a class.

    Parameters
    ----------
    block
        `BasicBlock` or `Bottleneck`.
    depths
        Blocks in each of the four stages.
    num_classes
        Scores a picture.
    zero_init
        Start the scale of each block's last batch norm at 0. Then every
        block begins by passing on its shortcut.

    Raises
    ------
    ValueError
        If there are not four depths, or a number is below 1.

    Examples
    --------
    >>> import torch
    >>> model = ResNet(BasicBlock, (1, 1, 1, 1), num_classes=5)
    >>> model(torch.zeros(2, 3, 64, 64)).shape
    torch.Size([2, 5])

    """

    def __init__(
        self,
        block: _Block,
        depths: Sequence[int],
        num_classes: int = 1000,
        *,
        zero_init: bool = False,
    ) -> None:
        super().__init__()
        if len(depths) != 4 or min(depths) < 1:
            raise ValueError(
                "depths must say for each of 4 stages how many blocks it "
                f"has, at least 1, got {tuple(depths)}; ResNet18 has "
                "(2, 2, 2, 2)"
            )
        if num_classes < 1:
            raise ValueError(
                f"num_classes must be at least 1, got {num_classes}"
            )
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        channels, stages = 64, []
        for stage, depth in enumerate(depths):
            blocks = []
            for place in range(depth):
                stride = 2 if stage > 0 and place == 0 else 1
                blocks.append(block(channels, 64 * 2**stage, stride))
                channels = 64 * 2**stage * block.expansion
            stages.append(nn.Sequential(*blocks))
        self.layer1, self.layer2, self.layer3, self.layer4 = stages
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(channels, num_classes)
        _start(self, zero_init)

    def forward(self, images: Tensor) -> Tensor:
        """Return scores (N, K) of normalized color photos (N, 3, H, W)."""
        x = self.maxpool(self.relu(self.bn1(self.conv1(images))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(self.avgpool(x).flatten(1))


def _start(model: nn.Module, zero_init: bool) -> None:
    """Start convolutions so that activations keep their size, as He does."""
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(
                layer.weight, mode="fan_out", nonlinearity="relu"
            )
    if zero_init:
        zero_last_norms(model)


_TABLE: dict[int, tuple[_Block, tuple[int, ...]]] = {
    18: (BasicBlock, (2, 2, 2, 2)),
    34: (BasicBlock, (3, 4, 6, 3)),
    50: (Bottleneck, (3, 4, 6, 3)),
    101: (Bottleneck, (3, 4, 23, 3)),
    152: (Bottleneck, (3, 8, 36, 3)),
}


def resnet(
    depth: int, num_classes: int = 1000, *, zero_init: bool = False
) -> ResNet:
    """Return one of the five published networks, with random weights.

    Parameters
    ----------
    depth
        18, 34, 50, 101 or 152: its layers with weights, shortcuts left out.
    num_classes, zero_init
        As for `ResNet`.

    Examples
    --------
    >>> sum(p.numel() for p in resnet(18).parameters())
    11689512

    """
    if depth not in _TABLE:
        raise ValueError(
            f"depth must be one of {', '.join(map(str, _TABLE))}, got "
            f"{depth}; for other depths build a ResNet from its blocks"
        )
    block, depths = _TABLE[depth]
    return ResNet(block, depths, num_classes, zero_init=zero_init)
