"""Spoil good pictures, so that a network can learn to restore them.

Each picture is shrunk, gets noise, is saved as JPEG at a drawn quality and
read again; some carry that quality as a number drawn on them. What is drawn
for a picture depends on its own pixels and the seed only: the same picture is
spoiled in the same way wherever it stands in a batch.
"""

import io
import zlib
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor
from torch.nn.functional import interpolate

__all__ = ["Spoiling", "enlarge", "spoil"]

_MODES = ("nearest", "bilinear", "bicubic")


class Spoiling(NamedTuple):
    """How pictures are spoiled.

    Parameters
    ----------
    scale
        Height and width are divided by it; 1 keeps them.
    quality
        Lowest and highest quality of the JPEG, 1 to 95.
    noise
        Largest standard deviation of the noise, in gray levels of 255; each
        picture draws its own from 0 up to it.
    number
        The share of pictures that have the quality drawn on them.
    seed
        Decides all that is drawn.

    Examples
    --------
    >>> Spoiling(scale=4)
    Spoiling(scale=4, quality=(10, 70), noise=5.0, number=0.0, seed=0)

    """

    scale: int = 2
    quality: tuple[int, int] = (10, 70)
    noise: float = 5.0
    number: float = 0.0
    seed: int = 0


def spoil(images: Tensor, how: Spoiling | None = None) -> Tensor:
    """Return small, noisy, badly compressed copies of pictures.

    Parameters
    ----------
    images
        uint8, shape ``(N, 3, H, W)``; `how.scale` divides H and W.
    how
        The settings; `Spoiling` as it comes when None.

    Returns
    -------
    Tensor
        uint8, shape ``(N, 3, H / scale, W / scale)``.

    Raises
    ------
    TypeError
        If the pictures are not bytes.
    ValueError
        If a shape or a setting does not fit.

    Examples
    --------
    >>> gray = torch.full((2, 3, 16, 24), 128, dtype=torch.uint8)
    >>> spoil(gray).shape, spoil(gray).dtype
    (torch.Size([2, 3, 8, 12]), torch.uint8)
    >>> torch.equal(spoil(gray), spoil(gray))
    True

    """
    how = Spoiling() if how is None else how
    _check_images(images)
    _check_settings(how)
    height, width = images.shape[2:]
    if height % how.scale or width % how.scale:
        raise ValueError(
            f"height and width must be multiples of the scale {how.scale}, "
            f"got {height} x {width}; crop the pictures first"
        )
    size = (width // how.scale, height // how.scale)
    pixels = images.permute(0, 2, 3, 1).contiguous().cpu().numpy()
    spoiled = np.empty((len(pixels), size[1], size[0], 3), np.uint8)
    for row, picture in enumerate(pixels):
        spoiled[row] = _spoil_one(picture, size, how)
    return torch.from_numpy(spoiled).permute(0, 3, 1, 2).contiguous()


def enlarge(images: Tensor, scale: int, mode: str = "bicubic") -> Tensor:
    """Return pictures `scale` times as high and wide, rounded to bytes.

    Parameters
    ----------
    images
        uint8, shape ``(N, 3, H, W)``.
    scale
        At least 1.
    mode
        ``"nearest"``, ``"bilinear"`` or ``"bicubic"``.

    Examples
    --------
    >>> dark = torch.zeros(1, 3, 4, 4, dtype=torch.uint8)
    >>> enlarge(dark, 2).shape
    torch.Size([1, 3, 8, 8])

    """
    _check_images(images)
    if mode not in _MODES:
        raise ValueError(f"mode must be one of {_MODES}, got {mode!r}")
    if isinstance(scale, bool) or not isinstance(scale, int) or scale < 1:
        raise ValueError(f"scale must be a whole number >= 1, got {scale!r}")
    if scale == 1:
        return images.clone()
    corners = None if mode == "nearest" else False
    made = []
    for some in images.split(32):  # all as floats at once need much memory
        large = interpolate(
            some.float(), scale_factor=scale, mode=mode, align_corners=corners
        )
        made.append(large.round().clamp(0, 255).to(torch.uint8))
    return torch.cat(made)


def _spoil_one(
    picture: np.ndarray, size: tuple[int, int], how: Spoiling
) -> np.ndarray:
    """Shrink, add noise, draw the number, save and read one picture."""
    draws = np.random.default_rng([how.seed, zlib.crc32(picture.tobytes())])
    quality = int(draws.integers(how.quality[0], how.quality[1] + 1))
    noise = draws.uniform(0, how.noise)
    with_number = draws.uniform() < how.number
    place = draws.uniform(0, 0.6, size=2)
    image = Image.fromarray(picture)
    if how.scale > 1:
        image = image.resize(size, Image.Resampling.BICUBIC)
    small = np.asarray(image) + draws.normal(0, noise, (*image.size[::-1], 3))
    image = Image.fromarray(np.rint(small).clip(0, 255).astype(np.uint8))
    if with_number:
        corner = (place[0] * size[0], place[1] * size[1])
        ImageDraw.Draw(image).text(corner, str(quality), fill=(255, 255, 255))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    file.seek(0)
    return np.asarray(Image.open(file).convert("RGB"))


def _check_images(images: Tensor) -> None:
    if not isinstance(images, Tensor) or images.dtype != torch.uint8:
        kind = getattr(images, "dtype", type(images).__name__)
        raise TypeError(
            f"expected pictures as a uint8 tensor, got {kind}; multiply "
            "floats in [0, 1] by 255, round, and call .to(torch.uint8)"
        )
    if images.ndim != 4 or images.shape[1] != 3 or 0 in images.shape[2:]:
        raise ValueError(
            "expected pictures of shape (N, 3, H, W), got "
            f"{tuple(images.shape)}; one picture is image[None]"
        )


def _check_settings(how: Spoiling) -> None:
    whole = [how.scale, *how.quality, how.seed]
    if len(whole) != 4 or not all(_is_whole(number) for number in whole):
        raise ValueError(
            "scale, two qualities and seed must be whole numbers, got "
            f"{how.scale}, {how.quality} and {how.seed}; write quality=(60, "
            "60) for one quality"
        )
    low, high = how.quality
    if not 1 <= low <= high <= 95:
        raise ValueError(
            "quality must be two whole numbers, 1 <= low <= high <= 95, got "
            f"{how.quality}"
        )
    if how.scale < 1 or not 0 <= how.number <= 1:
        raise ValueError(
            "expected scale >= 1 and number in [0, 1], got "
            f"{how.scale} and {how.number}"
        )
    if not 0 <= how.noise <= 255:  # nan is refused, too
        raise ValueError(
            f"noise must be gray levels in [0, 255], got {how.noise}"
        )
    if how.seed < 0:
        raise ValueError(f"seed must be at least 0, got {how.seed}")


def _is_whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)
