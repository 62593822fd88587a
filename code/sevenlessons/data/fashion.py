"""Fashion-MNIST: small gray pictures of clothes, in ten classes.

As many pictures and of the same size as MNIST's digits, but harder: a shirt
and a coat differ less than a 3 and an 8. The files are in MNIST's idx format:
a header of big-endian numbers, then the bytes.
"""

import math
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .cache import ensure

__all__ = ["load", "read_idx"]

CLASSES = [
    "T-shirt",
    "trousers",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
]
_FILES = {"train": "train", "test": "t10k"}


def load(
    part: str = "train", folder: Path | None = None
) -> tuple[Tensor, Tensor]:
    """Return pictures and class numbers, in the order of the file.

    Parameters
    ----------
    part
        ``"train"`` (60,000 pictures) or ``"test"`` (10,000).
    folder
        Where the files are; fetched when None.

    Returns
    -------
    tuple of Tensor
        Images, uint8, shape ``(N, 28, 28)``, 0 is the ground and 255 the
        brightest cloth; and numbers into `CLASSES`, int64, shape ``(N,)``.

    Raises
    ------
    ValueError
        If there is no such part, or a file is not what this book knows.

    Examples
    --------
    >>> images, target = load("test")  # doctest: +SKIP
    >>> images.shape, CLASSES[target[0]]  # doctest: +SKIP
    (torch.Size([10000, 28, 28]), 'ankle boot')

    """
    if part not in _FILES:
        raise ValueError(
            f"part must be one of {', '.join(_FILES)}, got {part!r}"
        )
    folder = ensure("fashion_mnist") if folder is None else Path(folder)
    name = _FILES[part]
    images = read_idx(folder / f"{name}-images-idx3-ubyte", 3)
    target = read_idx(folder / f"{name}-labels-idx1-ubyte", 1).long()
    highest = max(target.tolist(), default=-1)
    if len(images) != len(target) or not 0 <= highest < len(CLASSES):
        raise ValueError(
            f"{folder}: expected as many labels as pictures, from 0 to "
            f"{len(CLASSES) - 1}, got {len(images)} pictures and "
            f"{len(target)} labels up to {highest}; delete the "
            "folder, and it is fetched again"
        )
    return images, target


def read_idx(path: Path, num_axes: int) -> Tensor:
    """Return the bytes of a file in idx format as a tensor, uint8.

    Parameters
    ----------
    path
        The file. It starts with two zero bytes, the type (8 is bytes), the
        number of axes, and the length of each axis in four bytes.
    num_axes
        How many axes it must have.

    Raises
    ------
    ValueError
        If the header is another one, or the file is too short or too long.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "labels"
    >>> _ = path.write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 9]))
    >>> read_idx(path, 1)
    tensor([7, 2, 9], dtype=torch.uint8)

    """
    if not path.is_file():
        raise FileNotFoundError(
            f"no such file: {path.as_posix()}; leave the folder out, and "
            "all files are fetched"
        )
    content = path.read_bytes()
    start = 4 + 4 * num_axes
    head = bytes([0, 0, 8, num_axes])
    whole = len(content) >= start and content[:4] == head
    shape = [int.from_bytes(content[i : i + 4]) for i in range(4, start, 4)]
    if not whole or len(content) != start + math.prod(shape):
        raise ValueError(
            f"{path} is no whole idx file of bytes with {num_axes} axes: "
            f"expected a header {head.hex()} and then as many bytes as it "
            f"says, got {content[:4].hex() or 'nothing'} and {len(content)} "
            "bytes in all; delete the file, and it is fetched again"
        )
    values = np.frombuffer(content, np.uint8, offset=start)
    return torch.from_numpy(values.reshape(shape).copy())
