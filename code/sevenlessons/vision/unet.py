"""A U-Net on any body: a class for every pixel.

The body (`backbones`) makes maps that know more and more about smaller and
smaller pictures. The decoder doubles their size step by step with
`PixelShuffleUp`, and at each size looks at the maps that the body had there:
the skip connections. `icnr_` starts the doubling without a checkerboard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.ops import Conv2dNormActivation

from .backbones import Backbone
from .modes import evaluating
from .recipes import seeded
from .transfer import TransferModel

__all__ = ["PixelShuffleUp", "UNet", "icnr_"]

_SMALLEST = 32  # the bodies halve a picture up to five times
_WIDEST = 256  # channels of the decoder at its smallest size


@torch.no_grad()
def icnr_(
    weight: Tensor,
    scale: int = 2,
    init: Callable[[Tensor], Tensor] = nn.init.kaiming_normal_,
) -> Tensor:
    """Fill `weight` so that a pixel shuffle after it repeats its pixels.

    The outputs that become neighbors get equal weights: at the start there
    is no checkerboard that training would first have to remove.

    Parameters
    ----------
    weight
        Of a convolution, shape ``(C * scale**2, in, k, k)``; changed in
        place.
    scale
        By how much the pixel shuffle enlarges.
    init
        Fills the weights of one output of the ``scale**2``.

    Notes
    -----
    Aitken et al. (2017), arXiv:1707.02937.

    Examples
    --------
    >>> weight = icnr_(torch.empty(8, 3, 1, 1))
    >>> torch.equal(weight[0], weight[3]), torch.equal(weight[0], weight[4])
    (True, False)

    """
    if scale < 1 or len(weight) % scale**2:
        raise ValueError(
            f"a pixel shuffle by {scale} needs a multiple of {scale}**2 "
            f"output channels, got a weight of shape {tuple(weight.shape)}"
        )
    part = weight.new_empty(len(weight) // scale**2, *weight.shape[1:])
    return weight.copy_(init(part).repeat_interleave(scale**2, dim=0))


class PixelShuffleUp(nn.Module):
    """Enlarge maps: a 1 x 1 convolution, then channels become pixels.

    Parameters
    ----------
    in_channels, out_channels
        Channels before and after.
    scale
        By how much height and width grow.

    Examples
    --------
    >>> PixelShuffleUp(8, 4)(torch.zeros(1, 8, 3, 5)).shape
    torch.Size([1, 4, 6, 10])

    """

    def __init__(
        self, in_channels: int, out_channels: int, scale: int = 2
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels * scale**2, 1)
        self.shuffle = nn.PixelShuffle(scale)
        icnr_(self.conv.weight, scale)
        nn.init.zeros_(self.conv.bias)  # type: ignore[arg-type]

    def forward(self, maps: Tensor) -> Tensor:
        """Return (N, out_channels, scale * h, scale * w)."""
        return F.relu(self.shuffle(self.conv(maps)))


class _Level(nn.Module):
    """One step up: enlarge, put the body's maps beside it, mix."""

    def __init__(
        self, below: int, skip: int, out: int, scale: int, use: bool
    ) -> None:
        super().__init__()
        self.up = PixelShuffleUp(below, out, scale)
        self.norm = nn.BatchNorm2d(skip) if use else None
        mixed = out + skip if use else out
        mix = [Conv2dNormActivation(i, out) for i in (mixed, out)]
        self.mix = nn.Sequential(*mix)  # each 3 x 3, batch norm, ReLU

    def forward(self, maps: Tensor, skip: Tensor) -> Tensor:
        raised = _fit(self.up(maps), skip)
        if self.norm is not None:
            raised = torch.cat([raised, self.norm(skip)], dim=1)
        return self.mix(raised)


def _fit(maps: Tensor, like: Tensor) -> Tensor:
    """Return `maps` in the height and width of `like`: cut or pad an edge."""
    height, width = like.shape[-2:]
    maps = maps[..., :height, :width]
    edges = (0, width - maps.shape[-1], 0, height - maps.shape[-2])
    return F.pad(maps, edges, mode="replicate") if any(edges) else maps


class _Decoder(nn.Module):
    """Raise the body's last maps to the size of the picture, in steps."""

    def __init__(
        self,
        channels: Sequence[int],  # of the picture and the maps, largest first
        scales: Sequence[int],  # by how much each step enlarges, likewise
        num_classes: int,
        width: int,
        skips: bool,
    ) -> None:
        super().__init__()
        below, levels = channels[-1], []
        for i in reversed(range(len(scales))):
            out = min(width * 2**i, _WIDEST)
            levels.append(_Level(below, channels[i], out, scales[i], skips))
            below = out
        self.levels = nn.ModuleList(levels)
        self.last = nn.Conv2d(below, num_classes, 1)

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        *larger, raised = maps
        for level, skip in zip(self.levels, reversed(larger), strict=True):
            raised = level(raised, skip)
        return self.last(raised)


class UNet(TransferModel):
    """A body, and a decoder that gives each pixel a score a class.

    `layer_groups`, `freeze`, `unfreeze` and `parameter_groups` work as on a
    `TransferModel`; the head is the decoder.

    Parameters
    ----------
    backbone
        A whole one, or its early part (`split_backbone`).
    num_classes
        Scores a pixel, K.
    skips
        False cuts the skip connections, to see what they are good for.
    width
        Channels of the decoder at the size of the picture.
    num_groups
        Layer groups, the decoder the last; at least 2.
    seed
        Decides the decoder's first weights.

    Notes
    -----
    Ronneberger et al. (2015), arXiv:1505.04597. Unlike there, the body is
    pretrained, maps keep their size in a convolution, and pixel shuffle
    enlarges. Taught in: segmentation.

    Examples
    --------
    >>> from sevenlessons.vision.backbones import load_backbone
    >>> body = load_backbone("mobilenet_v2", pretrained=False)
    >>> model = UNet(body, num_classes=3)
    >>> model.eval()(torch.zeros(2, 3, 50, 70)).shape
    torch.Size([2, 3, 50, 70])

    """

    def __init__(
        self,
        backbone: Backbone,
        num_classes: int,
        *,
        skips: bool = True,
        width: int = 16,
        num_groups: int = 3,
        seed: int = 0,
    ) -> None:
        for name, value in (("num_classes", num_classes), ("width", width)):
            if value < 1:
                raise ValueError(f"{name} must be at least 1, got {value}")
        if backbone.normalize is None:
            raise ValueError(
                f"{backbone.name} takes maps, but the encoder of a U-Net "
                "takes pictures; pass a whole backbone or its early part"
            )
        like = next(backbone.parameters())
        with evaluating(backbone), torch.no_grad():
            maps = _encode(backbone, like.new_zeros(1, 3, 128, 128))
        channels, sides = zip(*(m.shape[1:3] for m in maps), strict=True)
        scales = [round(large / small) for large, small in pairwise(sides)]
        with seeded(seed):
            head = _Decoder(channels, scales, num_classes, width, skips)
        super().__init__(backbone, head.to(like.device), num_groups=num_groups)

    def forward(self, images: Tensor) -> Tensor:
        """Return logits (N, K, H, W) of images (N, 3, H, W)."""
        if images.ndim == 4 and min(images.shape[-2:]) < _SMALLEST:
            raise ValueError(
                f"height and width must be at least {_SMALLEST}, got "
                f"{tuple(images.shape)}; enlarge the pictures"
            )
        return self.head(_encode(self.backbone, images))


def _encode(backbone: Backbone, images: Tensor) -> list[Tensor]:
    """Return the normalized picture and the last map of each smaller size."""
    if backbone.normalize is not None:
        images = backbone.normalize(images)
    maps = [images]
    for block in _blocks(backbone.body):
        result = block(maps[-1])
        if len(maps) > 1 and result.shape[-2:] == maps[-1].shape[-2:]:
            maps.pop()  # the same size, but now more is known
        maps.append(result)
    return maps


def _blocks(block: nn.Module) -> Iterator[nn.Module]:
    """Yield the blocks in order, those of plain sequences one by one."""
    if type(block) is not nn.Sequential:
        yield block
        return
    for part in block:
        yield from _blocks(part)
