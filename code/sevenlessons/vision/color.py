"""Augmentation of color: duller or brighter colors, other hues.

Light changes all colors alike (`lighting`); here they change against each
other. Whether that could be a real photo depends on the data: a flower of
another hue may be another flower.
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from .transforms import Transform, draw

__all__ = ["Hue", "Saturation", "adjust_hue", "adjust_saturation"]

_GRAY = (0.2989, 0.587, 0.114)  # how bright red, green and blue look


def adjust_saturation(images: Tensor, factor: Tensor) -> Tensor:
    """Draw colors away from the gray of each pixel, or towards it.

    Parameters
    ----------
    images
        Shape (N, 3, H, W), bytes or floats in [0, 1].
    factor
        One number a picture, shape (N,), at least 0: 0 is a gray picture, 1
        the picture as it is.

    Examples
    --------
    >>> red = torch.tensor([1.0, 0.0, 0.0]).view(1, 3, 1, 1)
    >>> gray = adjust_saturation(red, torch.zeros(1)).flatten()
    >>> bool(gray.min() == gray.max())
    True

    """
    _check_colors(images)
    _check_numbers("factor", factor, len(images))
    if factor.numel() and not factor.min() >= 0:
        raise ValueError(
            f"factor must be at least 0, got {factor.min().item():.3g}; 0 is "
            "gray already, below colors would turn into their opposites"
        )
    floats, factor = _as_floats(images), factor.to(images.device)
    weights = torch.tensor(_GRAY).to(floats).view(3, 1, 1)
    gray = (floats * weights).sum(1, keepdim=True)
    scale = factor.to(floats).view(-1, 1, 1, 1)
    moved = (gray + (floats - gray) * scale).clamp(0, 1)
    return _only_where(factor != 1, moved, images)


def adjust_hue(images: Tensor, turn: Tensor) -> Tensor:
    """Turn the circle of colors; gray stays gray.

    Parameters
    ----------
    images
        Shape (N, 3, H, W), bytes or floats in [0, 1].
    turn
        One number a picture, shape (N,): 1/3 makes red green, green blue and
        blue red; 0 and 1 change nothing.

    Examples
    --------
    >>> red = torch.tensor([1.0, 0.0, 0.0]).view(1, 3, 1, 1)
    >>> adjust_hue(red, torch.tensor([1 / 3])).flatten().round().tolist()
    [0.0, 1.0, 0.0]

    """
    _check_colors(images)
    _check_numbers("turn", turn, len(images))
    floats, turn = _as_floats(images), turn.to(images.device)
    top, spread, hue = _hue(floats)
    hue = hue + 6 * turn.to(floats).view(-1, 1, 1, 1)
    # each channel is the top, less the spread where its color is far away
    offsets = torch.tensor([5.0, 3.0, 1.0]).to(floats).view(3, 1, 1)
    place = (offsets + hue) % 6
    missing = torch.minimum(place, 4 - place).clamp(0, 1)
    moved = (top - spread * missing).clamp(0, 1)
    return _only_where(turn % 1 != 0, moved, images)


class Saturation(Transform):
    """Make colors duller or stronger.

    Parameters
    ----------
    change
        Most that the distance from gray grows or shrinks, in [0, 1].

    Examples
    --------
    >>> gray = torch.full((1, 3, 2, 2), 100, dtype=torch.uint8)
    >>> torch.equal(Saturation(0.5)(gray), gray)
    True

    """

    def __init__(self, change: float = 0.2, *, seed: int = 0) -> None:
        super().__init__(seed)
        if not 0 <= change <= 1:
            raise ValueError(
                f"change must be in [0, 1], got {change}; 1 may take all "
                "color away"
            )
        self.change = change

    def apply(self, images: Tensor, generator: Generator) -> Tensor:
        most = self.change
        factor = draw(len(images), 1 - most, 1 + most, generator)
        return adjust_saturation(images, factor)


class Hue(Transform):
    """Turn the circle of colors by a random part.

    Parameters
    ----------
    change
        Most of a whole turn either way, in [0, 0.5].

    Examples
    --------
    >>> gray = torch.full((1, 3, 2, 2), 100, dtype=torch.uint8)
    >>> torch.equal(Hue(0.5)(gray), gray)
    True

    """

    def __init__(self, change: float = 0.05, *, seed: int = 0) -> None:
        super().__init__(seed)
        if not 0 <= change <= 0.5:
            raise ValueError(
                f"change must be in [0, 0.5], got {change}; half a turn "
                "either way reaches every hue"
            )
        self.change = change

    def apply(self, images: Tensor, generator: Generator) -> Tensor:
        turn = draw(len(images), -self.change, self.change, generator)
        return adjust_hue(images, turn)


def _check_colors(images: Tensor) -> None:
    """Refuse pictures that have no red, green and blue."""
    if images.ndim != 4 or images.shape[1] != 3:
        raise ValueError(
            f"expected color images of shape (N, 3, H, W), got "
            f"{tuple(images.shape)}; gray pictures have no hue"
        )


def _check_numbers(name: str, numbers: Tensor, count: int) -> None:
    """Refuse what is not one number a picture."""
    if numbers.shape != (count,):
        raise ValueError(
            f"{name} must have shape ({count},), one number a picture, got "
            f"{tuple(numbers.shape)}"
        )


def _as_floats(images: Tensor) -> Tensor:
    """Return the pictures as floats from 0 to 1."""
    return images if images.is_floating_point() else images.float() / 255


def _hue(floats: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return largest value, spread and hue (in sixths), (N, 1, H, W)."""
    red, green, blue = floats.split(1, dim=1)
    top = floats.amax(1, keepdim=True)
    spread = top - floats.amin(1, keepdim=True)
    safe = torch.where(spread > 0, spread, 1)
    hue = torch.where(
        top == red,
        (green - blue) / safe,
        torch.where(
            top == green, 2 + (blue - red) / safe, 4 + (red - green) / safe
        ),
    )
    return top, spread, hue % 6


def _only_where(chosen: Tensor, moved: Tensor, images: Tensor) -> Tensor:
    """Return the moved pictures, as `images` are; others bit for bit."""
    if not images.is_floating_point():
        moved = (moved * 255).round_().to(images.dtype)
    return torch.where(chosen.view(-1, 1, 1, 1), moved, images)
