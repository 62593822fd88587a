"""A small U-Net from scratch, from pictures to pictures of the same size.

`unet.UNet` needs a pretrained body. This one has its own way down: each step
halves the maps and doubles their number. The way up doubles the size again
(`upsampling`), looks through the skip connections, and mixes. Taught in:
unet; used for restoration and by the generators after it.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .recipes import seeded
from .self_attention import MapAttention
from .upsampling import UP_KINDS, doubling_layer

__all__ = ["SmallUNet"]

_NORMS = ("batch", "group", "none")


def _mixed(
    before: int, after: int, norm: str, *, stride: int = 1
) -> nn.Sequential:
    """Return a 3 x 3 convolution, a norm and a ReLU."""
    layers: list[nn.Module] = [
        nn.Conv2d(
            before, after, 3, stride=stride, padding=1, bias=norm == "none"
        )
    ]
    if norm == "batch":
        layers.append(nn.BatchNorm2d(after))
    elif norm == "group":
        groups = next(g for g in (4, 3, 2, 1) if after % g == 0)
        layers.append(nn.GroupNorm(groups, after))
    return nn.Sequential(*layers, nn.ReLU())


class _StepUp(nn.Module):
    """Enlarge, put the skip beside it, mix."""

    def __init__(
        self, above: int, here: int, up: str, blur: bool, norm: str, skip: bool
    ) -> None:
        super().__init__()
        self.up = doubling_layer(up, above, here, blur=blur)
        self.skip = skip
        self.mix = _mixed(2 * here if skip else here, here, norm)

    def forward(self, maps: Tensor, beside: Tensor) -> Tensor:
        height, width = beside.shape[-2:]
        raised = self.up(maps)[..., :height, :width]
        if self.skip:
            raised = torch.cat([raised, beside], dim=1)
        return self.mix(raised)


class SmallUNet(nn.Module):
    """Pictures in, pictures of the same height and width out.

    `down` holds the steps down (the first keeps the size, each other halves
    it), `levels` the steps up, the smallest first.

    Parameters
    ----------
    in_channels, out_channels
        Of the pictures, floats. Scores of classes are pictures, too.
    width
        Channels at the size of the picture; twice as many after each
        halving.
    depth
        How often the size is halved, at least 1.
    skips
        False cuts all skip connections. Or one bool for each size, the
        largest first, `depth` of them.
    up
        How maps are enlarged: see `upsampling.doubling_layer`.
    blur
        Average 2 x 2 pixels after each enlargement.
    attention
        Self-attention at the smallest size.
    residual_to_input
        Add the picture to the answer, and begin with an answer of zero: the
        untrained network gives back what it was given.
    norm
        ``"batch"``, ``"group"`` (4 groups where that goes even) or
        ``"none"``.
    seed
        Decides the first weights.

    Raises
    ------
    ValueError
        If a number is too small, a name unknown, the number of skips is not
        `depth`, or the picture cannot be added to the answer.

    Notes
    -----
    After Ronneberger and others (2015), arXiv:1505.04597.

    Examples
    --------
    >>> model = SmallUNet(1, 3, width=4, depth=2)
    >>> model(torch.zeros(2, 1, 33, 46)).shape
    torch.Size([2, 3, 33, 46])
    >>> same = SmallUNet(3, 3, width=4, residual_to_input=True)
    >>> photos = torch.rand(2, 3, 16, 16)
    >>> torch.equal(same(photos), photos)
    True

    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        width: int = 16,
        depth: int = 3,
        *,
        skips: bool | Sequence[bool] = True,
        up: str = "shuffle",
        blur: bool = False,
        attention: bool = False,
        residual_to_input: bool = False,
        norm: str = "batch",
        seed: int = 0,
    ) -> None:
        super().__init__()
        for name, value in (
            ("in_channels", in_channels),
            ("out_channels", out_channels),
            ("width", width),
            ("depth", depth),
        ):
            if value < 1:
                raise ValueError(f"{name} must be at least 1, got {value}")
        for name, choice, known in (
            ("up", up, UP_KINDS),
            ("norm", norm, _NORMS),
        ):
            if choice not in known:
                raise ValueError(
                    f"{name} must be one of {', '.join(known)}, got {choice!r}"
                )
        beside = [skips] * depth if isinstance(skips, bool) else list(skips)
        if len(beside) != depth:
            raise ValueError(
                f"{depth} sizes need {depth} skips, got {len(beside)}"
            )
        if residual_to_input and in_channels != out_channels:
            raise ValueError(
                "residual_to_input adds the picture to the answer: expected "
                f"as many channels out as in, got {in_channels} in and "
                f"{out_channels} out"
            )
        self.in_channels, self.depth = in_channels, depth
        self.residual_to_input = residual_to_input
        channels = [width * 2**level for level in range(depth + 1)]
        with seeded(seed):
            self.down = nn.ModuleList([_mixed(in_channels, width, norm)])
            for here in channels[:-1]:
                halve = _mixed(here, 2 * here, norm, stride=2)
                again = _mixed(2 * here, 2 * here, norm)
                self.down.append(nn.Sequential(halve, again))
            self.bottom = (
                MapAttention(channels[-1]) if attention else nn.Identity()
            )
            self.levels = nn.ModuleList(
                _StepUp(2 * here, here, up, blur, norm, skip)
                for here, skip in zip(
                    reversed(channels[:-1]), reversed(beside), strict=True
                )
            )
            self.last = nn.Conv2d(width, out_channels, 1)
        if residual_to_input:
            nn.init.zeros_(self.last.weight)
            nn.init.zeros_(self.last.bias)  # type: ignore[arg-type]

    def forward(self, images: Tensor) -> Tensor:
        """Return (N, out_channels, H, W) of pictures (N, in_channels, H, W).

        Raises
        ------
        ValueError
            If the shape does not fit or a side is below ``2**depth``.

        """
        self._check(images)
        maps, beside = images, []
        for step in self.down:
            maps = step(maps)
            beside.append(maps)
        maps = self.bottom(beside.pop())
        for level in self.levels:
            maps = level(maps, beside.pop())
        answer = self.last(maps)
        return images + answer if self.residual_to_input else answer

    def _check(self, images: Tensor) -> None:
        if images.ndim != 4 or images.shape[1] != self.in_channels:
            raise ValueError(
                f"expected pictures of shape (N, {self.in_channels}, H, W), "
                f"got {tuple(images.shape)}"
            )
        if min(images.shape[-2:]) < 2**self.depth:
            raise ValueError(
                f"{self.depth} halvings need at least {2**self.depth} pixels "
                f"each way, got {tuple(images.shape[-2:])}; enlarge the "
                "pictures or take a smaller depth"
            )
        if not images.is_floating_point():
            raise TypeError(
                f"expected floats, got {images.dtype}; divide bytes by 255"
            )
