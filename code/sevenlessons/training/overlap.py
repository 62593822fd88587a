"""Metrics that compare two sets: Dice, intersection over union.

They, and `fbeta`, count for every class what was predicted, what is there,
and where both agree; they differ in the fraction made of the counts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from .metrics import Metric
from .shapes import check_class_shapes, check_same_shape

__all__ = ["Dice", "IoU", "Overlap", "count_overlap"]


def count_overlap(
    prediction: Tensor,
    target: Tensor,
    threshold: float | Tensor = 0.5,
    ignore_index: int | None = None,
) -> Tensor:
    """Return how often each class is predicted, there, and both.

    Parameters
    ----------
    prediction
        Scores before softmax or sigmoid, of shape ``(N, K, ...)``; of shape
        ``(N,)`` if there is a single label.
    target
        Class numbers of shape ``(N, ...)``: the highest score is the answer.
        Or 0 and 1 in the shape of `prediction`: every label, or every pixel
        of a mask, is answered by itself.
    threshold
        Probability above which such an answer is yes; one number, or a
        tensor that broadcasts against `prediction`.
    ignore_index
        The number in `target` that means void: such places count nowhere.

    Returns
    -------
    Tensor
        Whole numbers of shape ``(3, K)``: predicted, there, both. Class
        numbers outside ``[0, K)`` are not there.

    Examples
    --------
    >>> scores = torch.tensor([[2.0, 1.0], [3.0, 1.0], [0.0, 1.0]])
    >>> count_overlap(scores, torch.tensor([0, 1, 1]))
    tensor([[2, 1],
            [1, 2],
            [1, 1]])

    """
    if prediction.ndim == target.ndim:
        check_same_shape(prediction, target)
        predicted, there = prediction.sigmoid() > threshold, target > 0.5
        if ignore_index is not None:
            judged = target != ignore_index
            predicted, there = predicted & judged, there & judged
        rows = torch.stack([predicted, there, predicted & there])
        rows = rows[..., None] if rows.ndim == 2 else rows  # (3, N, K, ...)
        return rows.transpose(1, 2).flatten(2).sum(dim=2)
    check_class_shapes(prediction, target)
    num_classes = prediction.shape[1]
    predicted, there = prediction.argmax(dim=1).flatten(), target.flatten()
    if ignore_index is not None:
        judged = there != ignore_index
        predicted, there = predicted[judged], there[judged]
    known = (there >= 0) & (there < num_classes)
    both = known & (predicted == there)
    there = torch.where(known, there.long(), 0)
    counts = predicted.new_zeros(3, num_classes)
    counts[0].scatter_add_(0, predicted, torch.ones_like(predicted))
    counts[1].scatter_add_(0, there, known.long())
    counts[2].scatter_add_(0, there, both.long())
    return counts


class Overlap(Metric):
    """Base of `Dice`, `IoU` and `FBeta`: counts first, fractions at the end.

    `update` takes what `count_overlap` takes.

    Parameters
    ----------
    threshold
        Probability above which a label or a pixel is answered with yes: one
        number, or one a class. Has no meaning where the highest score is
        the answer.
    average
        ``"macro"``: the mean over classes. ``"micro"``: all classes counted
        together.
    zero_division
        Value of a label that is neither predicted nor there: 0, 1, or nan to
        leave it out. Where the highest score is the answer, such a class is
        always left out. Both as in scikit-learn.
    ignore_index
        The number in the target that means void, "nobody knows": such
        places are not judged. It may be a class of its own or none.

    """

    averages: tuple[str, ...] = ("macro", "micro")

    def __init__(
        self,
        threshold: float | Sequence[float] = 0.5,
        average: str = "macro",
        *,
        zero_division: float = 0.0,
        ignore_index: int | None = None,
    ) -> None:
        self.threshold = torch.as_tensor(threshold, dtype=torch.float64)
        if not ((self.threshold > 0) & (self.threshold < 1)).all():
            raise ValueError(
                "threshold is a probability and must be in (0, 1), "
                f"got {threshold}"
            )
        if average not in self.averages:
            raise ValueError(
                f"average must be one of {', '.join(self.averages)}, "
                f"got {average!r}"
            )
        if not (zero_division in (0, 1) or math.isnan(zero_division)):
            raise ValueError(
                f"zero_division must be 0, 1 or nan, got {zero_division}"
            )
        self.average = average
        self.zero_division = zero_division
        self.ignore_index = ignore_index
        super().__init__()

    def reset(self) -> None:
        self._counts = torch.zeros((), dtype=torch.long)
        self._outside = torch.zeros((), dtype=torch.long)
        self._one_of_many = False  # one class a sample, not many labels

    def update(self, prediction: Tensor, target: Tensor) -> None:
        cut = self.cut(prediction)
        void = self.ignore_index
        counts = count_overlap(prediction, target, cut, void)
        self._counts = counts + self._counts
        if prediction.ndim != target.ndim:
            self._one_of_many = True
            judged = target.numel() if void is None else (target != void).sum()
            self._outside = judged - counts[1].sum() + self._outside

    def cut(self, prediction: Tensor) -> Tensor:
        """Return the threshold in a shape that fits ``(N, K, ...)``."""
        cut = self.threshold.to(prediction.device, prediction.dtype)
        if cut.ndim == 0:
            return cut
        num_classes = prediction.shape[1] if prediction.ndim > 1 else 1
        if len(cut) != num_classes:
            raise ValueError(
                f"threshold has {len(cut)} numbers, but prediction of shape "
                f"{tuple(prediction.shape)} has {num_classes} classes"
            )
        return cut.reshape(-1, *[1] * (prediction.ndim - 2))

    def compute(self) -> float:
        if self._counts.ndim == 0:
            raise RuntimeError("nothing to compare: call update first")
        if outside := int(self._outside):
            raise ValueError(
                f"{outside} class numbers in the targets are outside "
                f"[0, {self._counts.shape[1]}): the model has too few "
                "outputs, or the labels do not start at 0"
            )
        counts = self._counts.cpu().double()
        if self.average == "micro":
            counts = counts.sum(dim=1)
        undefined = math.nan if self._one_of_many else self.zero_division
        return self.divide(counts, undefined).nanmean().item()

    def divide(self, counts: Tensor, undefined: float) -> Tensor:
        """Return the fractions, `undefined` for what occurs nowhere."""
        predicted, there, both = counts
        fractions = self.fraction(predicted, there, both)
        return torch.where(predicted + there > 0, fractions, undefined)

    def fraction(
        self, predicted: Tensor, there: Tensor, both: Tensor
    ) -> Tensor:
        """Return the metric of each class."""
        raise NotImplementedError(f"{type(self).__name__} needs fraction()")


class Dice(Overlap):
    """Twice the overlap over the sum of both sizes: the F1-score of pixels.

    The parameters are those of `Overlap`. Equal to scikit-learn's
    ``f1_score`` over the pixels of all images together.

    Examples
    --------
    >>> metric = Dice()
    >>> scores = torch.tensor([[[2.0, 2.0, -2.0]]])  # a mask of 3 pixels
    >>> metric.update(scores, torch.tensor([[[1, 0, 0]]]))
    >>> round(metric.compute(), 3)
    0.667

    """

    def fraction(
        self, predicted: Tensor, there: Tensor, both: Tensor
    ) -> Tensor:
        return 2 * both / (predicted + there)


class IoU(Overlap):
    """Intersection over union, also called the Jaccard index.

    The parameters are those of `Overlap`. Equal to scikit-learn's
    ``jaccard_score`` over the pixels of all images together.

    Examples
    --------
    >>> metric = IoU()
    >>> scores = torch.tensor([[[2.0, 2.0, -2.0]]])  # a mask of 3 pixels
    >>> metric.update(scores, torch.tensor([[[1, 0, 0]]]))
    >>> metric.compute()
    0.5

    """

    def fraction(
        self, predicted: Tensor, there: Tensor, both: Tensor
    ) -> Tensor:
        return both / (predicted + there - both)
