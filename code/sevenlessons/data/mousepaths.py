"""Mouse paths made by formula, and the picture of a path.

No person was watched. Both kinds visit a few random points on slightly bent,
slightly shaky lines. A "human-like" hand speeds up and brakes on its way to
each point (the minimum-jerk curve of motor control); a "scripted" one keeps
its speed. The shape of the line says nothing: time does, and `draw_path`
puts it into the picture as colour.
"""

from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

__all__ = ["draw_path", "generate_path", "generate_paths"]

KINDS = ("human-like", "scripted")
STEP = 1 / 60  # seconds between two readings of the mouse


def _stretch(
    start: np.ndarray,
    stop: np.ndarray,
    kind: str,
    rng: np.random.Generator,
) -> np.ndarray:
    """Return the readings from one point to the next, shape (T, 2)."""
    num = int(rng.uniform(0.35, 0.9) / STEP)
    share = np.linspace(0, 1, num)  # of the time
    if kind == "human-like":  # share of the way: slow, fast, slow
        share = share**3 * (10 - 15 * share + 6 * share**2)
    way = stop - start
    bend = rng.normal(0, 0.12) * np.array([-way[1], way[0]])
    arc = 4 * share * (1 - share)  # 0 at both ends, 1 in the middle
    return start + share[:, None] * way + arc[:, None] * bend


def generate_path(kind: str, rng: np.random.Generator) -> np.ndarray:
    """Return one generated path: where the mouse is every 1/60 second.

    Parameters
    ----------
    kind
        ``"human-like"`` or ``"scripted"``.
    rng
        Source of all randomness; it is moved on.

    Returns
    -------
    numpy.ndarray
        x and y in ``[0, 1]``, shape ``(T, 2)``.

    Raises
    ------
    ValueError
        If `kind` is none of the two.

    Examples
    --------
    >>> path = generate_path("scripted", np.random.default_rng(0))
    >>> path.shape[1], bool((path >= 0).all() and (path <= 1).all())
    (2, True)

    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {KINDS}, got {kind!r}")
    points = [rng.uniform(0.1, 0.9, size=2)]
    for _ in range(rng.integers(2, 5)):
        while True:  # a new point that is not too near
            point = rng.uniform(0.1, 0.9, size=2)
            if np.hypot(*(point - points[-1])) > 0.25:
                break
        points.append(point)
    parts = [_stretch(a, b, kind, rng) for a, b in pairwise(points)]
    path = np.concatenate(parts)
    shake = rng.uniform(0.0005, 0.002) * rng.standard_normal(path.shape)
    return np.clip(path + shake, 0, 1)


def generate_paths(
    num_per_kind: int, *, seed: int = 0
) -> tuple[list[np.ndarray], Tensor]:
    """Return generated paths, the kinds taking turns, and their labels.

    Parameters
    ----------
    num_per_kind
        Paths of each kind, at least 1.
    seed
        The same seed gives the same paths.

    Returns
    -------
    tuple
        A list of paths; 0 for human-like and 1 for scripted, shape ``(N,)``.

    Raises
    ------
    ValueError
        If `num_per_kind` is below 1.

    Examples
    --------
    >>> paths, labels = generate_paths(2)
    >>> len(paths), labels.tolist()
    (4, [0, 1, 0, 1])

    """
    if num_per_kind < 1:
        raise ValueError(
            f"num_per_kind must be at least 1, got {num_per_kind}"
        )
    rng = np.random.default_rng(seed)
    paths = [generate_path(kind, rng) for kind in KINDS * num_per_kind]
    return paths, torch.tensor([0, 1]).repeat(num_per_kind)


def draw_path(path: np.ndarray, size: int = 64) -> Tensor:
    """Return a picture of a path: blue where it is slow, red where fast.

    Parameters
    ----------
    path
        x and y in ``[0, 1]`` at equal steps of time, shape ``(T, 2)``.
    size
        Side of the picture in pixels, at least 8.

    Returns
    -------
    Tensor
        uint8, shape ``(3, size, size)``, black background, y downwards.

    Raises
    ------
    ValueError
        If the path has another shape or fewer than 3 readings, or `size` is
        below 8.

    Examples
    --------
    >>> line = np.stack([np.linspace(0, 1, 9), np.full(9, 0.5)], axis=1)
    >>> picture = draw_path(line, size=32)
    >>> picture.shape, int(picture.amax(dim=0).sum(dim=1).argmax())
    (torch.Size([3, 32, 32]), 15)

    """
    if path.ndim != 2 or path.shape[1] != 2 or len(path) < 3:
        raise ValueError(
            f"expected a path of shape (T, 2) with T >= 3, got {path.shape}"
        )
    if size < 8:
        raise ValueError(f"size must be at least 8 pixels, got {size}")
    speed = np.hypot(*np.diff(path, axis=0).T)
    speed = np.convolve(np.pad(speed, 1, mode="edge"), np.ones(3) / 3, "valid")
    red = np.append(speed, speed[-1]) / max(float(speed.max()), 1e-9)
    # many points along the line, so that it has no gaps
    reading = np.linspace(0, len(path) - 1, 16 * len(path))
    steps = np.arange(len(path))
    x, y, red = (
        np.interp(reading, steps, values) for values in (*path.T, red)
    )
    colour = 255 * np.stack([red, 0.25 * np.ones_like(red), 1 - red])
    picture = np.zeros((3, size, size), np.uint8)
    column, row = (
        np.round(v * (size - 2)).clip(0, size - 2).astype(int) for v in (x, y)
    )
    for right, down in ((0, 0), (0, 1), (1, 0), (1, 1)):  # two pixels wide
        picture[:, row + down, column + right] = np.round(colour)
    return torch.from_numpy(picture)
