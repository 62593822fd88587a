"""An averaged brain in slices: a scan, and where gray and white matter lie.

One volume, the average of 152 persons, cut from bottom to top. `load` gives
the scan and two maps; `label_pixels` makes classes of the maps; `degraded`
makes a poor scan of the good one; `slab_split` keeps slices that are near
copies of each other on one side.

It is one brain, averaged with its own mirror image: left and right are equal.
Nothing measured on it says anything about patients.
"""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .cache import ensure
from .nifti import read_nifti

__all__ = ["degraded", "label_pixels", "load", "slab_split", "trim"]

CLASSES = ["background", "gray matter", "white matter"]
VOID = 255  # not a class: nobody is sure what is there

_SHAPE = (197, 233, 189)  # left to right, back to front, bottom to top
_SLICES, _ROWS, _COLUMNS = slice(10, 150), slice(19, 211), slice(18, 178)
_HALF, _QUARTER = 127, 63  # of a map that goes to 255


def load(folder: Path | None = None) -> tuple[Tensor, Tensor, Tensor]:
    """Return the scan, the gray-matter map and the white-matter map.

    Parameters
    ----------
    folder
        Where the files are; fetched when None.

    Returns
    -------
    tuple of Tensor
        Three of uint8, shape ``(189, 233, 197)``: slices from bottom to top,
        each with the front of the head up and its left on the left. A map is
        the share of 152 persons' brains that is such matter, times 255.

    Examples
    --------
    >>> scan, gray, white = load()  # doctest: +SKIP
    >>> scan.shape, scan.dtype  # doctest: +SKIP
    (torch.Size([189, 233, 197]), torch.uint8)

    """
    folder = ensure("brain_mri") if folder is None else Path(folder)
    scan, gray, white = (
        _read(folder / name) for name in ("t1.nii", "gm.nii", "wm.nii")
    )
    return scan, gray, white


def _read(path: Path) -> Tensor:
    """Return a volume as slices."""
    volume = read_nifti(path)
    if volume.shape != _SHAPE or volume.dtype != np.uint8:
        raise ValueError(
            f"{path} is not the file this book knows: expected bytes of "
            f"shape {_SHAPE}, got {volume.dtype} of {volume.shape}; delete "
            f"it, and it is fetched again"
        )
    return _slices(volume)


def _slices(volume: np.ndarray) -> Tensor:
    """Return (Z, Y, X), the front up, from a volume (X, Y, Z)."""
    turned = volume.transpose(2, 1, 0)[:, ::-1]
    return torch.from_numpy(np.ascontiguousarray(turned))


def label_pixels(gray: Tensor, white: Tensor, *, void: bool = False) -> Tensor:
    """Return a class for each pixel: 0 background, 1 gray, 2 white.

    White where its map is above one half and not below the gray one, else
    gray where that map is above one half, else background.

    Parameters
    ----------
    gray, white
        Maps of uint8, of one shape.
    void
        Whether pixels get `VOID`, 255, where neither map is sure: none is
        above one half, but one of them is above a quarter.

    Returns
    -------
    Tensor
        uint8, in the shape of the maps.

    Examples
    --------
    >>> gray = torch.tensor([0, 200, 90, 100], dtype=torch.uint8)
    >>> white = torch.tensor([0, 40, 160, 20], dtype=torch.uint8)
    >>> label_pixels(gray, white).tolist()
    [0, 1, 2, 0]
    >>> label_pixels(gray, white, void=True).tolist()
    [0, 1, 2, 255]

    """
    if gray.shape != white.shape:
        raise ValueError(
            f"the maps must have one shape, got {tuple(gray.shape)} and "
            f"{tuple(white.shape)}"
        )
    if gray.dtype != torch.uint8 or white.dtype != torch.uint8:
        raise TypeError(
            f"the maps must be uint8 in 0..255, got {gray.dtype} and "
            f"{white.dtype}; multiply shares by 255 and call .to(torch.uint8)"
        )
    masks = (gray > _HALF).to(torch.uint8)
    masks[(white > _HALF) & (white >= gray)] = 2
    if void:
        unsure = torch.maximum(gray, white) > _QUARTER
        masks[unsure & (masks == 0)] = VOID
    return masks


def degraded(
    scan: Tensor, *, noise: float = 25.0, shading: float = 0.35, seed: int = 0
) -> Tensor:
    """Return the scan as a poor scanner might have made it.

    The brightness changes smoothly over the head, and every voxel gets noise
    of its own. Both are simulated.

    Parameters
    ----------
    scan
        Slices of uint8, shape ``(Z, Y, X)``, untrimmed.
    noise
        Standard deviation of the noise, in gray values.
    shading
        Size of the change of brightness; 0 leaves it even.
    seed
        Decides the noise.

    Examples
    --------
    >>> scan = torch.full((4, 6, 5), 100, dtype=torch.uint8)
    >>> poor = degraded(scan, noise=0.0)
    >>> poor.shape, poor.unique().numel() > 1
    (torch.Size([4, 6, 5]), True)

    """
    if scan.ndim != 3 or scan.dtype != torch.uint8:
        raise ValueError(
            f"expected slices of uint8, shape (Z, Y, X), got {scan.dtype} of "
            f"{tuple(scan.shape)}"
        )
    if noise < 0:
        raise ValueError(f"noise must not be negative, got {noise}")
    volume = scan.numpy()[:, ::-1].transpose(2, 1, 0)
    xs, ys, zs = (np.linspace(-1, 1, n) for n in volume.shape)
    y, z = np.meshgrid(ys, zs, indexing="ij")
    poor = np.empty(volume.shape, np.uint8)
    rng = np.random.default_rng(seed)
    for i, x in enumerate(xs):  # one plane at a time, to spare memory
        waves = np.sin(2.5 * x + 0.7) + np.cos(2 * y - 0.4)
        waves += np.sin(2 * z + y)
        bright = volume[i] * (1 + shading * waves / 3)
        bright += rng.normal(0, noise, bright.shape)
        poor[i] = np.clip(bright, 0, 255)
    return _slices(poor)


def trim(slices: Tensor) -> Tensor:
    """Cut away the slices with hardly any brain, and the empty border.

    What remains is ``(140, 192, 160)``: both sides can be halved five times.

    Examples
    --------
    >>> trim(torch.zeros(189, 233, 197)).shape
    torch.Size([140, 192, 160])

    """
    expected = _SHAPE[::-1]
    if tuple(slices.shape) != expected:
        raise ValueError(
            f"expected whole slices of shape {expected}, got "
            f"{tuple(slices.shape)}"
        )
    return slices[_SLICES, _ROWS, _COLUMNS].clone()


def slab_split(
    count: int, *, period: int = 20, valid: int = 4, gap: int = 4
) -> tuple[Tensor, Tensor, Tensor]:
    """Split slices into slabs to learn from and slabs to judge by.

    Neighboring slices are near copies. So `valid` slices in a row in the
    middle of each `period` are judged, and `gap` slices on both sides of
    them are used for nothing.

    Parameters
    ----------
    count
        Number of slices.
    period
        Slices from one judged slab to the next.
    valid
        Slices in a judged slab.
    gap
        Slices left out on each side of it.

    Returns
    -------
    tuple of Tensor
        Rows to learn from; rows to judge by; and for each of the latter the
        number of its slab.

    Examples
    --------
    >>> train, judged, slab = slab_split(20, period=10, valid=2, gap=1)
    >>> judged.tolist(), slab.tolist()
    ([4, 5, 14, 15], [0, 0, 1, 1])
    >>> train.tolist()
    [0, 1, 2, 7, 8, 9, 10, 11, 12, 17, 18, 19]

    """
    if min(count, valid) < 1 or gap < 0 or valid + 2 * gap >= period:
        raise ValueError(
            f"need valid + 2 * gap < period, and none negative, got "
            f"count={count}, valid={valid}, gap={gap}, period={period}"
        )
    rows = torch.arange(count)
    start = (period - valid) // 2
    place = rows % period - start
    judged = (place >= 0) & (place < valid)
    near = (place >= -gap) & (place < valid + gap)
    if not judged.any() or near.all():
        raise ValueError(
            f"{count} slices are too few for slabs every {period}; lower "
            f"the period"
        )
    return rows[~near], rows[judged], rows[judged] // period
