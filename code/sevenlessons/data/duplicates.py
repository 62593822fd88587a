"""Find pictures that are there twice: the same bytes, pixels, or nearly so.

The *difference hash* asks, of a picture shrunk to a few squares, whether each
square is brighter than its neighbor: a yes or no a question, 144 in all. A
picture saved anew, made smaller or brighter, gives nearly the same answers.
The number of unlike answers is the Hamming distance of two pictures.
"""

import hashlib
import os
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
from PIL import Image

__all__ = [
    "brightness_grid",
    "content_hash",
    "difference_hash",
    "folder_hash",
    "hash_pairs",
    "hash_views",
    "linked_groups",
    "pixel_hash",
    "same_pairs",
]

PathLike: TypeAlias = str | os.PathLike[str]
_CELLS = 9  # squares a side: 2 * 9 * 8 = 144 answers
_BLOCK = 512  # rows compared at a time


def content_hash(path: PathLike) -> str:
    """Return the SHA-256 of a file's bytes.

    Examples
    --------
    >>> content_hash(os.devnull)[:12]
    'e3b0c44298fc'

    """
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder_hash(folder: PathLike) -> str:
    """Return one SHA-256 for the names and bytes of all files in `folder`.

    Two equal hashes say: not a file was added, lost, renamed or changed.

    Raises
    ------
    NotADirectoryError
        If `folder` is no folder.

    Examples
    --------
    >>> folder_hash("no/such/folder")
    Traceback (most recent call last):
    NotADirectoryError: no such folder: no/such/folder

    """
    folder = Path(folder)
    if not folder.is_dir():
        raise NotADirectoryError(f"no such folder: {folder.as_posix()}")
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        content = content_hash(path) if path.is_file() else "folder"
        digest.update(f"{name}\0{content}\n".encode())
    return digest.hexdigest()


def pixel_hash(image: Image.Image) -> str:
    """Return the SHA-256 of a picture's size and pixels as RGB.

    The same for a PNG and a BMP of one picture, whatever their bytes.

    Examples
    --------
    >>> dark = Image.new("RGB", (4, 4))
    >>> pixel_hash(dark) == pixel_hash(dark.convert("L"))
    True

    """
    rgb = image.convert("RGB")
    size = f"{rgb.width} x {rgb.height} ".encode()
    return hashlib.sha256(size + rgb.tobytes()).hexdigest()


def brightness_grid(image: Image.Image, cells: int = _CELLS) -> np.ndarray:
    """Return the mean brightness of ``cells`` by ``cells`` squares.

    Whole numbers in [0, 255], shape ``(cells, cells)``. To turn or mirror
    the picture turns or mirrors the grid.

    Examples
    --------
    >>> brightness_grid(Image.new("L", (90, 60), color=7)).max()
    np.int64(7)

    """
    if cells < 2:
        raise ValueError(f"cells must be at least 2, got {cells}")
    gray = image.convert("L").convert("F")
    small = gray.resize((cells, cells), Image.Resampling.BOX)
    return np.rint(np.asarray(small)).astype(int)


def difference_hash(grid: np.ndarray) -> np.ndarray:
    """Return for each square whether it is brighter than the one before.

    Parameters
    ----------
    grid
        From `brightness_grid`, shape (C, C).

    Returns
    -------
    numpy.ndarray
        bool, shape ``(2 * C * (C - 1),)``: along the rows, then down.

    Examples
    --------
    >>> difference_hash(np.array([[1, 2], [0, 9]])).tolist()
    [True, True, False, True]

    """
    along = grid[:, 1:] > grid[:, :-1]
    down = grid[1:] > grid[:-1]
    return np.concatenate([along.ravel(), down.ravel()])


def hash_views(grid: np.ndarray) -> np.ndarray:
    """Return the hash of a picture in all eight views, shape (8, B).

    View ``v`` is turned by ``v % 4`` quarter turns, and mirrored first from
    4 on. So the hash of a turned picture is among those of the original.

    Examples
    --------
    >>> grid = np.arange(81).reshape(9, 9)
    >>> turned = difference_hash(np.rot90(grid))
    >>> bool((hash_views(grid)[1] == turned).all())
    True

    """
    views = [
        np.rot90(grid if view < 4 else np.fliplr(grid), view % 4)
        for view in range(8)
    ]
    return np.stack([difference_hash(view) for view in views])


def hash_pairs(
    views: np.ndarray, max_distance: int
) -> list[tuple[int, int, int]]:
    """Return the pairs of pictures whose hashes nearly agree.

    Parameters
    ----------
    views
        Hashes (N, V, B): the first view of one picture is compared with
        every view of the other.
    max_distance
        Largest number of unlike answers.

    Returns
    -------
    list of tuple
        ``(i, j, distance)`` with ``i < j``, each pair once, in order.

    Examples
    --------
    >>> views = np.array([[[0, 0, 1]], [[0, 1, 1]], [[1, 1, 0]]], bool)
    >>> hash_pairs(views, max_distance=1)
    [(0, 1, 1)]

    """
    if views.ndim != 3:
        raise ValueError(
            "expected hashes of shape (N, V, B), pictures by views by "
            f"answers, got {views.shape}; add an axis with views[:, None]"
        )
    count, num_views, _ = views.shape
    bits = views.astype(np.float32)
    ones = bits.sum(axis=2)  # (N, V)
    found = []
    for start in range(0, count, _BLOCK):
        first = bits[start : start + _BLOCK, 0]
        distance = np.full((len(first), count), np.inf, np.float32)
        for view in range(num_views):
            unlike = ones[start : start + _BLOCK, 0, None] + ones[:, view]
            unlike -= 2 * first @ bits[:, view].T
            np.minimum(distance, unlike, out=distance)
        for i, j in np.argwhere(distance <= max_distance):
            if start + i < j:
                apart = int(distance[i, j])
                found.append((int(start + i), int(j), apart))
    return found


def same_pairs(keys: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return each row that has an equal one before it, with the first such.

    Three equal rows make two pairs, both with the first of them.

    Examples
    --------
    >>> same_pairs(["a", "b", "a", "a"])
    [(0, 2), (0, 3)]

    """
    first: dict[Hashable, int] = {}
    return [
        (first[key], row)
        for row, key in enumerate(keys)
        if first.setdefault(key, row) != row
    ]


def linked_groups(count: int, pairs: Iterable[Sequence[int]]) -> list[int]:
    """Return a group for each of `count` rows; pairs share a group.

    Rows that are linked by a chain of others share one too. The group is the
    number of its first row: what `splits.group_split` asks for.

    Examples
    --------
    >>> linked_groups(5, [(3, 1), (3, 4)])
    [0, 1, 2, 1, 1]

    """
    parent = list(range(count))

    def root(row: int) -> int:
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    for pair in pairs:
        first, second = sorted((root(pair[0]), root(pair[1])))
        parent[second] = first
    return [root(row) for row in range(count)]
