"""Pooling, written out: the largest or the mean number of each window.

No weights, and each channel for itself. Windows that reach over the border
see only the pixels that are there; whether the mean also counts the border's
zeros is a setting. `adaptive_pooling` is told the size of the answer instead.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from .windows import Windows

__all__ = [
    "avg_pool2d",
    "max_pool2d",
    "max_pool2d_with_indices",
]

Two = int | Sequence[int]


def max_pool2d_with_indices(
    x: Tensor,
    kernel_size: Two,
    stride: Two | None = None,
    padding: Two = 0,
    dilation: Two = 1,
    *,
    ceil_mode: bool = False,
) -> tuple[Tensor, Tensor]:
    """Return the largest number of each window, and where it stands.

    Parameters
    ----------
    x
        Pictures, shape ``(N, C, H, W)``.
    kernel_size, padding, dilation, ceil_mode
        As in `windows.Windows`.
    stride
        As there; the kernel size if None, so that windows do not overlap.

    Returns
    -------
    values, indices : Tensor
        Shape ``(N, C, rows, columns)``. An index is ``row * W + column`` in
        the picture. Of equal numbers the first one, row by row, is taken,
        and it alone gets the gradient.

    Raises
    ------
    ValueError
        If the settings do not fit, or a window lies beside the picture.

    Notes
    -----
    Equal to ``torch.nn.functional.max_pool2d(..., return_indices=True)``,
    but of several NaN in a window torch takes the last.

    Examples
    --------
    >>> x = torch.tensor([[[[1.0, 5.0, 2.0, 2.0], [3.0, 0.0, 2.0, 1.0]]]])
    >>> values, indices = max_pool2d_with_indices(x, 2)
    >>> values.tolist(), indices.tolist()
    ([[[[5.0, 2.0]]]], [[[[1, 2]]]])

    """
    windows = _windows(x, kernel_size, stride, padding, dilation, ceil_mode)
    width = x.shape[3]
    values, indices = [], []
    for i in range(windows.places[0]):
        rows = _inside(windows, 0, i)
        for j in range(windows.places[1]):
            columns = _inside(windows, 1, j)
            seen = x[:, :, rows][:, :, :, columns].flatten(2)
            value, place = seen.max(dim=2)  # each (N, C)
            where = torch.tensor(
                [width * row + column for row in rows for column in columns],
                device=x.device,
            )
            values.append(value)
            indices.append(where[place])
    return (
        torch.stack(values, dim=2).unflatten(2, windows.places),
        torch.stack(indices, dim=2).unflatten(2, windows.places),
    )


def max_pool2d(
    x: Tensor,
    kernel_size: Two,
    stride: Two | None = None,
    padding: Two = 0,
    dilation: Two = 1,
    *,
    ceil_mode: bool = False,
) -> Tensor:
    """Return the largest number of each window.

    Parameters
    ----------
    x, kernel_size, stride, padding, dilation, ceil_mode
        As in `max_pool2d_with_indices`.

    Examples
    --------
    >>> max_pool2d(torch.arange(8.0).view(1, 1, 2, 4), 2).tolist()
    [[[[5.0, 7.0]]]]

    """
    values, _ = max_pool2d_with_indices(
        x, kernel_size, stride, padding, dilation, ceil_mode=ceil_mode
    )
    return values


def avg_pool2d(
    x: Tensor,
    kernel_size: Two,
    stride: Two | None = None,
    padding: Two = 0,
    *,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """Return the mean of each window.

    Parameters
    ----------
    x, kernel_size, stride, padding, ceil_mode
        As in `max_pool2d_with_indices`.
    count_include_pad
        Whether the zeros of the border count as numbers. If they do, the
        means at the border are too small.

    Notes
    -----
    Equal to `torch.nn.functional.avg_pool2d`.

    Examples
    --------
    >>> x = torch.full((1, 1, 1, 2), 6.0)
    >>> avg_pool2d(x, (1, 2), padding=(0, 1)).tolist()
    [[[[3.0, 3.0]]]]
    >>> avg_pool2d(x, (1, 2), padding=(0, 1), count_include_pad=False).tolist()
    [[[[6.0, 6.0]]]]

    """
    windows = _windows(x, kernel_size, stride, padding, 1, ceil_mode)
    means = []
    for i in range(windows.places[0]):
        rows = _inside(windows, 0, i)
        for j in range(windows.places[1]):
            columns = _inside(windows, 1, j)
            count = len(rows) * len(columns)
            if count_include_pad:
                count = _counted(windows, 0, i) * _counted(windows, 1, j)
            seen = x[:, :, rows][:, :, :, columns]
            means.append(seen.sum(dim=(2, 3)) / count)
    return torch.stack(means, dim=2).unflatten(2, windows.places)


def _windows(
    x: Tensor,
    kernel_size: Two,
    stride: Two | None,
    padding: Two,
    dilation: Two,
    ceil_mode: bool,
) -> Windows:
    if x.dim() != 4:
        raise ValueError(
            f"expected pictures (N, C, H, W), got shape {tuple(x.shape)}; "
            "add an axis with x[None]"
        )
    windows = Windows(
        x.shape[2:],
        kernel_size,
        stride=kernel_size if stride is None else stride,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
    )
    for border, size in zip(windows.padding, windows.kernel_size, strict=True):
        if 2 * border > size:
            raise ValueError(
                "padding must be at most half the kernel size, or a window "
                f"sees nothing, got {padding} and {kernel_size}"
            )
    return windows


def _inside(windows: Windows, axis: int, place: int) -> list[int]:
    """Return the rows or columns of a window that are in the picture."""
    size = windows.size[axis]
    found = [p for p in windows.pixels(axis, place) if 0 <= p < size]
    if not found:
        raise ValueError(
            f"a window lies beside the picture of {windows.size}; take less "
            "padding or dilation"
        )
    return found


def _counted(windows: Windows, axis: int, place: int) -> int:
    """Return how many pixels of a window are picture or border."""
    end = windows.size[axis] + windows.padding[axis]
    return sum(p < end for p in windows.pixels(axis, place))
