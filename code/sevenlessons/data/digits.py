"""Five thousand handwritten digits, 28 by 28 pixels, 500 of each.

A selection of MNIST, small enough to train on in seconds.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from .cache import ensure
from .derived import content_key, derived_folder, kept_tensor

__all__ = ["load"]

_PIXELS = 28 * 28


def _read(path: Path) -> Tensor:
    """Return the rows of the csv file: 784 pixels, then the digit."""
    table = pd.read_csv(path, header=None).to_numpy()
    right = table.shape == (5000, _PIXELS + 1) and np.isin(table, range(256))
    if not np.all(right) or (np.bincount(table[:, -1]) != 500).any():
        raise ValueError(
            f"{path} is not the file this book knows: expected 5000 rows of "
            f"{_PIXELS} pixels in 0..255 and a digit, 500 of each, got shape "
            f"{table.shape}; delete it, and it is fetched again"
        )
    return torch.from_numpy(table.astype(np.uint8))


def load(folder: Path | None = None) -> tuple[Tensor, Tensor]:
    """Return images and digits, in the order of the file (by digit).

    Parameters
    ----------
    folder
        Where the file is; fetched when None.

    Returns
    -------
    tuple of Tensor
        Images, uint8, shape ``(5000, 28, 28)``, 0 is paper and 255 ink; and
        the digits, int64, shape ``(5000,)``.

    Examples
    --------
    >>> images, digits = load()  # doctest: +SKIP
    >>> images.shape, digits.bincount()[:3]  # doctest: +SKIP
    (torch.Size([5000, 28, 28]), tensor([500, 500, 500]))

    """
    folder = ensure("mnist_5k") if folder is None else Path(folder)
    path = folder / "mnist_5k.csv"
    rows = kept_tensor(
        derived_folder(folder) / "digits.safetensors",
        content_key([path], "rows 1"),
        lambda: _read(path),
    )
    return rows[:, :_PIXELS].reshape(-1, 28, 28).clone(), rows[:, -1].long()
