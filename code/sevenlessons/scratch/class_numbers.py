"""The check of class numbers that every written-out cross-entropy shares.

A class number is used as a place in a row of scores. There a number below
zero would silently count from the end, numbers of one byte would be taken
for a mask, and a column of numbers would be compared with every row.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["class_numbers"]

_WHOLE = (torch.int64, torch.int32, torch.uint8)


def class_numbers(
    scores: Tensor,
    target: Tensor,
    *,
    ignored: int | None = None,
    empty: bool = False,
) -> Tensor:
    """Return class numbers that fit to rows of scores, as int64.

    Parameters
    ----------
    scores
        Shape ``(N, K)``.
    target
        Whole numbers in ``[0, K)``, shape ``(N,)``.
    ignored
        A number that may stand in `target` whatever `K` is.
    empty
        Whether there may be no row at all.

    Raises
    ------
    TypeError
        If `target` is not of type int64, int32 or uint8.
    ValueError
        If shapes do not fit, there is no row, or a number is out of range.

    Examples
    --------
    >>> pixels = torch.tensor([2, 0], dtype=torch.uint8)
    >>> class_numbers(torch.zeros(2, 3), pixels)
    tensor([2, 0])

    """
    if target.dtype not in _WHOLE:
        raise TypeError(
            "expected class numbers of type int64, int32 or uint8, got "
            f"{target.dtype}; turn them with target.long()"
        )
    if scores.ndim != 2 or target.shape != scores.shape[:1]:
        raise ValueError(
            "expected scores of shape (N, K) and class numbers of shape "
            f"(N,), got {tuple(scores.shape)} and {tuple(target.shape)}; "
            "give one class number for each row"
        )
    if not empty and not len(target):
        raise ValueError(
            "expected at least one row of scores and one class number, got "
            "none; leave out empty batches"
        )
    target = target.long()
    outside = (target < 0) | (target >= scores.shape[1])
    if ignored is not None:
        outside = outside & (target != ignored)
    if bool(outside.any()):
        raise ValueError(
            f"class numbers must lie in [0, {scores.shape[1]}), got "
            f"{int(target[outside][0])}; count classes from 0"
        )
    return target
