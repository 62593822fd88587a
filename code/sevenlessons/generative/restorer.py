"""The network that repairs pictures, and how to run it over many.

A small U-Net at half the size: each square of four pixels is laid into the
channels first, and spread out again at the end. This costs a quarter of the
work at the full size, and loses nothing. It answers with what to *add* to the
picture, zero at the start.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import pixel_shuffle, pixel_unshuffle

from sevenlessons.vision.modes import evaluating
from sevenlessons.vision.small_unet import SmallUNet

__all__ = ["Restorer", "restored", "same_turn"]


class Restorer(nn.Module):
    """A U-Net over squares of two by two pixels.

    Parameters
    ----------
    width, depth, norm, seed
        As in `SmallUNet`.

    Examples
    --------
    >>> model = Restorer(width=4)
    >>> photos = torch.rand(2, 3, 32, 48)
    >>> torch.equal(model(photos), photos)  # it begins by changing nothing
    True

    """

    def __init__(
        self,
        width: int = 16,
        depth: int = 2,
        *,
        norm: str = "none",
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.unet = SmallUNet(
            12,
            12,
            width,
            depth,
            norm=norm,
            residual_to_input=True,
            seed=seed,
        )

    def forward(self, images: Tensor) -> Tensor:
        """Return pictures (N, 3, H, W) for pictures in [0, 1] of that shape.

        Values may pass the range a little; `restored` cuts them off.
        """
        if images.shape[-1] % 2 or images.shape[-2] % 2:
            raise ValueError(
                "height and width must be even, got "
                f"{tuple(images.shape)}; cut off a row or a column"
            )
        return pixel_shuffle(self.unet(pixel_unshuffle(images, 2)), 2)


@torch.no_grad()
def restored(
    model: nn.Module,
    spoiled: Tensor,
    *,
    batch_size: int = 28,
    device: str | torch.device = "cpu",
) -> Tensor:
    """Return what a model makes of spoiled pictures, rounded to bytes.

    Parameters
    ----------
    model
        Takes and returns floats in [0, 1]; left in the mode it was in.
    spoiled
        uint8, shape ``(N, 3, H, W)``.
    batch_size
        How many pass at a time.
    device
        Where the model is.

    Examples
    --------
    >>> dark = torch.full((3, 3, 16, 16), 9, dtype=torch.uint8)
    >>> torch.equal(restored(Restorer(width=4), dark), dark)
    True

    """
    if spoiled.dtype != torch.uint8:
        raise TypeError(
            f"expected pictures of uint8, got {spoiled.dtype}; multiply "
            "floats in [0, 1] by 255, round, and call .to(torch.uint8)"
        )
    with evaluating(model):
        made = [
            model(batch.to(device).float() / 255).cpu()
            for batch in spoiled.split(batch_size)
        ]
    return (255 * torch.cat(made)).round().clamp(0, 255).to(torch.uint8)


def same_turn(
    *images: Tensor, generator: torch.Generator | None = None
) -> tuple[Tensor, ...]:
    """Lay a whole batch, spoiled and good, in one of the eight ways.

    Parameters
    ----------
    *images
        Batches of square pictures, shape ``(N, C, H, H)``.
    generator
        Decides the way.

    Examples
    --------
    >>> photos = torch.rand(2, 3, 8, 8)
    >>> first, second = same_turn(photos, photos)
    >>> torch.equal(first, second)
    True

    """
    way = int(torch.randint(8, (), generator=generator))
    turned = [batch.rot90(way % 4, (2, 3)) for batch in images]
    return tuple(batch.flip(3) if way > 3 else batch for batch in turned)
