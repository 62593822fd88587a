"""From pictures as they are stored to numbers as a network wants them.

A pretrained network knows pictures only in the scale of its own training.
Every model of this room therefore begins with a `Normalize`: pages hand
over plain pictures and cannot use the wrong mean.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

__all__ = ["Normalize"]

_SLACK = 0.5  # how far floats may leave [0, 1] before we call it a mistake


class Normalize(nn.Module):
    """Subtract the mean and divide by the deviation of each channel.

    Takes bytes (0 to 255) or floats in [0, 1]; the same picture gives the
    same numbers either way.

    Parameters
    ----------
    mean
        Mean of red, green and blue, for values in [0, 1].
    std
        Standard deviation of each, positive.

    Examples
    --------
    >>> import torch
    >>> normalize = Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    >>> white = torch.full((1, 3, 2, 2), 255, dtype=torch.uint8)
    >>> normalize(white)[0, :, 0, 0]
    tensor([1., 1., 1.])

    """

    mean: Tensor
    std: Tensor

    def __init__(
        self, mean: tuple[float, ...], std: tuple[float, ...]
    ) -> None:
        super().__init__()
        if len(mean) != len(std):
            raise ValueError(
                f"mean and std need one number a channel each, "
                f"got {len(mean)} and {len(std)}"
            )
        if min(std) <= 0:
            raise ValueError(f"std must be positive, got {std}")
        shape = (1, -1, 1, 1)  # broadcasts over N, H, W
        self.register_buffer("mean", torch.tensor(mean).view(shape), False)
        self.register_buffer("std", torch.tensor(std).view(shape), False)

    def forward(self, images: Tensor) -> Tensor:
        """Return `images`, shape (N, C, H, W), as normalized floats."""
        self._check(images)
        if images.dtype == torch.uint8:
            images = images.to(self.mean.dtype) / 255
        return (images - self.mean) / self.std

    def _check(self, images: Tensor) -> None:
        """Refuse what is no batch of pictures, and say what to do."""
        channels = self.mean.shape[1]
        shape = tuple(images.shape)
        expected = f"expected images of shape (N, {channels}, H, W), "
        if images.ndim == 3:
            raise ValueError(
                f"{expected}got {shape}; add a batch axis with image[None]"
            )
        if images.ndim != 4:
            raise ValueError(f"{expected}got {shape}")
        if images.shape[1] != channels:
            hint = (
                "; move the channels forward with images.permute(0, 3, 1, 2)"
                if images.shape[3] == channels
                else "; repeat the gray channel with images.expand(-1, 3, -1,"
                " -1)"
                if images.shape[1] == 1
                else ""
            )
            raise ValueError(f"{expected}got {shape}{hint}")
        if images.dtype == torch.uint8:
            return
        if not images.is_floating_point():
            raise TypeError(
                f"images must be uint8 in 0..255 or float in [0, 1], got "
                f"{images.dtype}; convert with images.to(torch.uint8)"
            )
        if images.device.type != "cpu" or images.numel() == 0:
            return  # reading the range would make a GPU wait
        low, high = (v.item() for v in torch.aminmax(images.detach()))
        if low < -_SLACK or high > 1 + _SLACK:
            raise ValueError(
                f"float images must lie in [0, 1], got {low:.3g} to "
                f"{high:.3g}; divide bytes by 255, and do not normalize "
                f"before the network: it does so itself"
            )
