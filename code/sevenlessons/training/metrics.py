"""Metrics: what is measured on the validation set after every epoch.

A number that is a mean over samples may be a plain function of one batch,
such as `accuracy`; `BatchMean` weights it by samples. One that is no mean of
batch means (F-beta, Dice, RMSE, perplexity) is a `Metric`: it adds up sums
and divides once, at the end. Those stand in `overlap`, `fbeta`, `errors` and
`perplexity`. Either way the cut into batches changes nothing.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from .shapes import check_class_shapes, check_same_shape

__all__ = [
    "BatchMean",
    "Metric",
    "accuracy",
    "as_metric",
    "error_rate",
    "in_double",
    "multilabel_accuracy",
    "top_k_accuracy",
    "weighted_mean",
]


class Metric:
    """Base class: sums over batches first, one number at the end.

    A metric of your own starts its sums in `reset`, adds to them in `update`
    and divides in `compute`. Sums that are tensors stay on their device until
    `compute`, so a GPU need not wait for the CPU after every batch.

    Examples
    --------
    >>> class LargestError(Metric):
    ...     def reset(self):
    ...         self.largest = torch.tensor(0.0)
    ...
    ...     def update(self, prediction, target):
    ...         error = (prediction - target).abs().max()
    ...         self.largest = torch.maximum(self.largest, error)
    ...
    ...     def compute(self):
    ...         return self.largest.item()
    >>> metric = LargestError()
    >>> metric.update(torch.tensor([1.0, 5.0]), torch.tensor([1.0, 2.0]))
    >>> metric.compute()
    3.0

    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything seen so far."""
        raise NotImplementedError(f"{type(self).__name__} needs reset()")

    def update(self, prediction: Tensor, target: Tensor) -> None:
        """Add one batch to the sums."""
        raise NotImplementedError(f"{type(self).__name__} needs update()")

    def compute(self) -> float:
        """Return the number for everything seen since `reset`."""
        raise NotImplementedError(f"{type(self).__name__} needs compute()")


class BatchMean(Metric):
    """Average of a function's batch means, weighted by samples.

    Parameters
    ----------
    function
        ``function(prediction, target)`` returns the mean over the batch.

    Examples
    --------
    >>> metric = BatchMean(accuracy)
    >>> metric.update(torch.eye(3), torch.tensor([0, 1, 2]))  # 3 of 3 right
    >>> metric.update(torch.eye(1, 3), torch.tensor([2]))  # 0 of 1 right
    >>> metric.compute()
    0.75

    """

    def __init__(self, function: Callable[[Tensor, Tensor], Tensor]) -> None:
        self.function = function
        super().__init__()

    def reset(self) -> None:
        self._sum = torch.zeros(())
        self._count = 0

    def update(self, prediction: Tensor, target: Tensor) -> None:
        mean = torch.as_tensor(self.function(prediction, target)).detach()
        if mean.numel() != 1:
            name = getattr(self.function, "__name__", repr(self.function))
            raise ValueError(
                f"{name} must return one number, the mean over the batch; "
                f"it returned {mean.numel()} in shape {tuple(mean.shape)}"
            )
        samples = len(target)
        self._sum = in_double(mean).sum() * samples + self._sum
        self._count += samples

    def compute(self) -> float:
        if self._count == 0:
            raise RuntimeError("nothing to average: call update first")
        return self._sum.item() / self._count


def as_metric(metric: object) -> Metric:
    """Return a fresh `Metric` for `metric`, which itself stays untouched.

    Parameters
    ----------
    metric
        A `Metric` object, or a function that returns a batch mean.

    Raises
    ------
    TypeError
        If it is neither, or a class where an object is needed.

    Examples
    --------
    >>> type(as_metric(accuracy)).__name__
    'BatchMean'

    """
    if isinstance(metric, type):
        name = metric.__name__
        raise TypeError(
            "a metric must be an object or a function, "
            f"got the class {name}; write {name}(...)"
        )
    if isinstance(metric, Metric):
        fresh = copy.deepcopy(metric)
        fresh.reset()
        return fresh
    if not callable(metric):
        raise TypeError(
            "a metric must be a Metric object or a function "
            f"metric(prediction, target), got {metric!r}"
        )
    return BatchMean(metric)


def weighted_mean(values: Sequence[float], sizes: Sequence[int]) -> float:
    """Return the mean of batch means `values`, weighted by batch `sizes`.

    Examples
    --------
    >>> weighted_mean([1.0, 4.0], [2, 1])
    2.0

    """
    total = sum(sizes)
    if total == 0:
        raise ValueError("there are no samples to average over")
    pairs = zip(values, sizes, strict=True)
    return sum(value * size for value, size in pairs) / total


def in_double(values: Tensor) -> Tensor:
    """Return `values` with 53 bits, on their own device.

    Sums over a whole data set in single precision would lose digits, and
    would depend on the batch size. Apple's GPUs know single precision only.

    Examples
    --------
    >>> in_double(torch.ones(2)).sum()
    tensor(2., dtype=torch.float64)

    """
    exact = values.device.type != "mps"
    return values.to(torch.float64 if exact else torch.float32)


def accuracy(prediction: Tensor, target: Tensor) -> Tensor:
    """Return the share of samples whose highest score is the right class.

    Parameters
    ----------
    prediction
        Scores, shape ``(N, K)`` or, for pixels, ``(N, K, H, W)``.
    target
        Class numbers, shape ``(N,)`` or ``(N, H, W)``.

    Examples
    --------
    >>> accuracy(torch.eye(4), torch.tensor([0, 1, 2, 2]))
    tensor(0.7500)

    """
    check_class_shapes(prediction, target)
    return (prediction.argmax(dim=1) == target).float().mean()


def error_rate(prediction: Tensor, target: Tensor) -> Tensor:
    """Return the share of wrong answers: 1 - `accuracy`."""
    return 1 - accuracy(prediction, target)


def top_k_accuracy(prediction: Tensor, target: Tensor, k: int = 5) -> Tensor:
    """Return the share of samples whose class is among the `k` best scores.

    Examples
    --------
    >>> scores = torch.tensor([[0.5, 0.3, 0.2]])
    >>> top_k_accuracy(scores, torch.tensor([1]), k=2)
    tensor(1.)

    """
    check_class_shapes(prediction, target)
    num_classes = prediction.shape[1]
    if not 1 <= k <= num_classes:
        raise ValueError(
            f"k must be in [1, {num_classes}], the number of classes, got {k}"
        )
    best = prediction.topk(k, dim=1).indices  # (N, k, ...)
    return (best == target.unsqueeze(1)).any(dim=1).float().mean()


def multilabel_accuracy(
    prediction: Tensor, target: Tensor, threshold: float = 0.5
) -> Tensor:
    """Return the share of yes-or-no answers that are right.

    Both of shape ``(N, K)``; `prediction` holds scores before the sigmoid
    and `target` 0 or 1. A probability above `threshold` means yes.
    """
    check_same_shape(prediction, target)
    answers = prediction.sigmoid() > threshold
    return (answers == target.bool()).float().mean()
