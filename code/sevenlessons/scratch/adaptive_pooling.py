"""Pooling that is told the size of its answer, and makes windows that fit.

So a network can read pictures of any size. Windows may differ in size by one
pixel, and overlap.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from .windows import pair

__all__ = ["adaptive_avg_pool2d", "adaptive_max_pool2d"]

Two = int | Sequence[int]


def adaptive_avg_pool2d(x: Tensor, output_size: Two) -> Tensor:
    r"""Return means over windows that make an answer of a given size.

    Window :math:`i` of :math:`m` on :math:`n` pixels begins at
    :math:`\lfloor i n / m \rfloor` and ends before
    :math:`\lceil (i + 1)\, n / m \rceil`. With an output size of 1 it is the
    mean of the picture: *global* average pooling.

    Parameters
    ----------
    x
        Pictures, shape ``(N, C, H, W)``.
    output_size
        Rows and columns of the answer.

    Notes
    -----
    Equal to `torch.nn.functional.adaptive_avg_pool2d`.

    Examples
    --------
    >>> x = torch.tensor([[[[1.0, 2.0, 6.0]]]])
    >>> adaptive_avg_pool2d(x, (1, 2)).tolist()
    [[[[1.5, 4.0]]]]

    """
    size = _output(x, output_size)
    means = [window.mean(dim=2) for window in _adapted(x, size)]
    return torch.stack(means, dim=2).unflatten(2, size)


def adaptive_max_pool2d(x: Tensor, output_size: Two) -> Tensor:
    """Return the largest numbers of the windows of `adaptive_avg_pool2d`.

    Parameters
    ----------
    x, output_size
        As there.

    Notes
    -----
    Equal to `torch.nn.functional.adaptive_max_pool2d`.

    Examples
    --------
    >>> adaptive_max_pool2d(torch.tensor([[[[1.0, 2.0, 6.0]]]]), 1).tolist()
    [[[[6.0]]]]

    """
    size = _output(x, output_size)
    largest = [window.max(dim=2).values for window in _adapted(x, size)]
    return torch.stack(largest, dim=2).unflatten(2, size)


def _output(x: Tensor, output_size: Two) -> tuple[int, int]:
    size = pair(output_size, "output_size")
    if x.dim() != 4 or 0 in x.shape[1:] or min(size) < 1:
        raise ValueError(
            "expected pictures (N, C, H, W) of at least one channel and pixel "
            "and an output size of at least 1, got "
            f"{tuple(x.shape)} and {output_size}"
        )
    return size


def _adapted(x: Tensor, size: tuple[int, int]) -> list[Tensor]:
    """Return each window as ``(N, C, pixels)``, row by row."""
    bounds = [
        [(i * n // m, -((i + 1) * n // -m)) for i in range(m)]
        for n, m in zip(x.shape[2:], size, strict=True)
    ]
    return [
        x[:, :, top:bottom, left:right].flatten(2)
        for top, bottom in bounds[0]
        for left, right in bounds[1]
    ]
