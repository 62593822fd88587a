"""Augmentation of light: the same thing on a dull day or in the sun."""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from .transforms import Light, draw

__all__ = ["Brightness", "Contrast"]


class Brightness(Light):
    """Multiply all values of a picture by one random number.

    Parameters
    ----------
    change
        Most that the number may differ from 1, in [0, 1).

    Examples
    --------
    >>> images = torch.full((1, 3, 2, 2), 100, dtype=torch.uint8)
    >>> 50 <= Brightness(0.5)(images).max() <= 150
    tensor(True)

    """

    def __init__(self, change: float = 0.2, *, seed: int = 0) -> None:
        super().__init__(seed)
        if not 0 <= change < 1:
            raise ValueError(f"change must be in [0, 1), got {change}")
        self.change = change

    def scale_and_shift(
        self, images: Tensor, generator: Generator
    ) -> tuple[Tensor, Tensor]:
        count, most = len(images), self.change
        scale = draw(count, 1 - most, 1 + most, generator)
        return scale, torch.zeros_like(scale)


class Contrast(Light):
    """Draw values away from, or towards, the picture's mean.

    Parameters
    ----------
    change
        Most that distances from the mean grow or shrink, in [0, 1).

    Examples
    --------
    >>> gray = torch.full((1, 3, 2, 2), 100, dtype=torch.uint8)
    >>> torch.equal(Contrast(0.5)(gray), gray)
    True

    """

    def __init__(self, change: float = 0.2, *, seed: int = 0) -> None:
        super().__init__(seed)
        if not 0 <= change < 1:
            raise ValueError(f"change must be in [0, 1), got {change}")
        self.change = change

    def scale_and_shift(
        self, images: Tensor, generator: Generator
    ) -> tuple[Tensor, Tensor]:
        count, most = len(images), self.change
        scale = draw(count, 1 - most, 1 + most, generator).to(images.device)
        mean = images.mean((1, 2, 3), dtype=scale.dtype)
        return scale, mean * (1 - scale)
