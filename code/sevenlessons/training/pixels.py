"""Judge a class for every pixel, where some pixels are void.

*Void* is a number in the target that means "nobody knows". Such pixels are
neither learned from nor judged; leaving them in would reward whatever the
network says there, or punish it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import Tensor
from torch.nn import functional as F

from .metrics import Metric
from .shapes import check_class_shapes

__all__ = [
    "PixelAccuracy",
    "confusion_counts",
    "pixel_cross_entropy",
    "pixel_scores",
]


class PixelAccuracy(Metric):
    """The share of judged pixels whose highest score is the right class.

    Parameters
    ----------
    ignore_index
        Class numbers in the target that are not judged: void, or the
        background too, if only what lies before it matters. None judges
        every pixel.

    Raises
    ------
    ValueError
        If a judged pixel's number is no class.

    Examples
    --------
    >>> metric = PixelAccuracy(ignore_index=255)
    >>> scores = torch.tensor([[[[2.0, 2.0, 0.0]], [[1.0, 1.0, 1.0]]]])
    >>> metric.update(scores, torch.tensor([[[0, 1, 255]]]))
    >>> metric.compute()
    0.5

    """

    def __init__(self, ignore_index: int | Iterable[int] | None = ()) -> None:
        if ignore_index is None:
            ignore_index = ()
        elif isinstance(ignore_index, int):
            ignore_index = (ignore_index,)
        self.ignore_index = tuple(ignore_index)
        super().__init__()

    def reset(self) -> None:
        self._right = torch.zeros((), dtype=torch.long)
        self._judged = torch.zeros((), dtype=torch.long)

    def update(self, prediction: Tensor, target: Tensor) -> None:
        check_class_shapes(prediction, target)
        judged = torch.ones_like(target, dtype=torch.bool)
        for number in self.ignore_index:
            judged &= target != number
        _check_classes(target, judged, prediction.shape[1])
        right = judged & (prediction.argmax(dim=1) == target)
        self._right = right.sum() + self._right
        self._judged = judged.sum() + self._judged

    def compute(self) -> float:
        """Return the share, nan if every pixel was void."""
        judged = int(self._judged)
        return int(self._right) / judged if judged else math.nan


def pixel_cross_entropy(
    prediction: Tensor, target: Tensor, ignore_index: int | None = None
) -> Tensor:
    """Return the mean cross-entropy of the pixels that are not void.

    Where every pixel is void the loss is 0, not nan: such a batch teaches
    nothing and does no harm.

    Parameters
    ----------
    prediction
        Scores, shape ``(N, K, H, W)``.
    target
        Class numbers of any whole kind, shape ``(N, H, W)``.
    ignore_index
        The number that means void.

    Examples
    --------
    >>> void = torch.full((1, 2, 2), 255)
    >>> pixel_cross_entropy(torch.zeros(1, 3, 2, 2), void, 255)
    tensor(0.)

    """
    check_class_shapes(prediction, target)
    target = target.long()
    judged = torch.ones_like(target, dtype=torch.bool)
    if ignore_index is not None:
        judged = target != ignore_index
    _check_classes(target, judged, prediction.shape[1])
    # float16 holds no sum above 65504
    kind = torch.promote_types(prediction.dtype, torch.float32)
    prediction = prediction.to(kind)
    if ignore_index is None:
        return F.cross_entropy(prediction, target)
    total = F.cross_entropy(
        prediction,
        target.where(judged, -100),
        ignore_index=-100,
        reduction="sum",
    )
    return total / judged.sum().clamp(min=1)


def _check_classes(target: Tensor, judged: Tensor, num_classes: int) -> None:
    wrong = judged & ((target < 0) | (target >= num_classes))
    if wrong.any():
        raise ValueError(
            f"target holds the class number {int(target[wrong][0])}, "
            f"expected 0 to {num_classes - 1}; if it means void, pass it as "
            "ignore_index"
        )


def confusion_counts(
    predicted: Tensor,
    target: Tensor,
    num_classes: int,
    ignore_index: int | None = None,
) -> Tensor:
    """Count pixels by true class (rows) and predicted class (columns).

    Parameters
    ----------
    predicted, target
        Class numbers in one shape, whatever it is.
    num_classes
        Rows and columns.
    ignore_index
        The number in `target` that means void: not counted.

    Raises
    ------
    ValueError
        If the shapes differ, or a number is out of range.

    Examples
    --------
    >>> predicted, target = torch.tensor([0, 1, 1]), torch.tensor([0, 0, 9])
    >>> confusion_counts(predicted, target, 2, ignore_index=9)
    tensor([[1, 1],
            [0, 0]])

    """
    if predicted.shape != target.shape:
        raise ValueError(
            f"predicted has shape {tuple(predicted.shape)} but target has "
            f"shape {tuple(target.shape)}; scores become classes with "
            "scores.argmax(dim=1)"
        )
    rows, columns = target.flatten().long(), predicted.flatten().long()
    if ignore_index is not None:
        judged = rows != ignore_index
        rows, columns = rows[judged], columns[judged]
    for name, numbers in (("target", rows), ("predicted", columns)):
        outside = (numbers < 0) | (numbers >= num_classes)
        if outside.any():
            raise ValueError(
                f"{name} holds the class number {int(numbers[outside][0])}, "
                f"expected 0 to {num_classes - 1}; is it void?"
            )
    places = rows * num_classes + columns
    counts = torch.bincount(places, minlength=num_classes**2)
    return counts.reshape(num_classes, num_classes)


def pixel_scores(counts: Tensor) -> dict[str, float | list[float]]:
    """Return what a confusion matrix of pixels says.

    Parameters
    ----------
    counts
        From `confusion_counts`; sums over batches and pictures may be
        added up first.

    Returns
    -------
    dict
        ``accuracy``; ``dice`` and ``iou``, one number a class; ``mean_dice``
        and ``mean_iou``. A class that is neither there nor predicted is nan
        and counts in no mean.

    Examples
    --------
    >>> scores = pixel_scores(torch.tensor([[2, 1, 0], [0, 1, 0], [0, 0, 0]]))
    >>> scores["accuracy"], [round(v, 3) for v in scores["iou"]]
    (0.75, [0.667, 0.5, nan])

    """
    counts = counts.cpu().double()
    both = counts.diagonal()
    there, predicted = counts.sum(dim=1), counts.sum(dim=0)
    nan = torch.tensor(math.nan, dtype=torch.float64)
    used = there + predicted > 0
    dice = torch.where(used, 2 * both / (there + predicted), nan)
    iou = torch.where(used, both / (there + predicted - both), nan)
    return {
        "accuracy": (both.sum() / counts.sum()).item(),
        "mean_dice": dice.nanmean().item(),
        "mean_iou": iou.nanmean().item(),
        "dice": dice.tolist(),
        "iou": iou.tolist(),
    }
