"""Metrics of predicted numbers: how far off they are.

Prediction and target have one shape, whatever it is; every number in it
counts alike. `Perplexity` is of the same make: how far off guesses at the
next word are.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from .metrics import Metric, in_double
from .shapes import check_class_shapes, check_same_shape

__all__ = ["MAE", "MSE", "RMSE", "RMSPE", "MeanError", "Perplexity"]


class MeanError(Metric):
    """Base of the metrics here: the mean of `errors`, then `finish`."""

    def reset(self) -> None:
        self._sum, self._count = torch.zeros(()), torch.zeros(())

    def update(self, prediction: Tensor, target: Tensor) -> None:
        errors = self.errors(prediction, target)
        self._sum = in_double(errors).sum() + self._sum
        self._count = self.counted(target).sum() + self._count

    def compute(self) -> float:
        count = int(self._count)
        if count == 0:
            raise RuntimeError(
                f"{type(self).__name__} has nothing to average: no target "
                "that counts was given to update"
            )
        return self.finish(self._sum.item() / count)

    def errors(self, prediction: Tensor, target: Tensor) -> Tensor:
        """Return the error of every number, 0 for one that counts not."""
        raise NotImplementedError(f"{type(self).__name__} needs errors()")

    def counted(self, target: Tensor) -> Tensor:
        """Return True for every number that counts."""
        return torch.ones_like(target, dtype=torch.bool)

    def finish(self, mean: float) -> float:
        """Return the metric, given the mean of all errors."""
        return mean


class MSE(MeanError):
    """Mean squared error.

    Examples
    --------
    >>> metric = MSE()
    >>> metric.update(torch.tensor([1.0, 4.0]), torch.tensor([1.0, 2.0]))
    >>> metric.compute()
    2.0

    """

    def errors(self, prediction: Tensor, target: Tensor) -> Tensor:
        check_same_shape(prediction, target)
        return (in_double(prediction) - in_double(target)).square()


class RMSE(MSE):
    """Root of the mean squared error, in the unit of the target.

    No mean of batch means: a root does not average.

    Examples
    --------
    >>> metric = RMSE()
    >>> metric.update(torch.tensor([1.0, 4.0]), torch.tensor([1.0, 2.0]))
    >>> round(metric.compute(), 3)
    1.414

    """

    def finish(self, mean: float) -> float:
        return math.sqrt(mean)


class MAE(MeanError):
    """Mean absolute error.

    Examples
    --------
    >>> metric = MAE()
    >>> metric.update(torch.tensor([1.0, 4.0]), torch.tensor([1.0, 2.0]))
    >>> metric.compute()
    1.0

    """

    def errors(self, prediction: Tensor, target: Tensor) -> Tensor:
        check_same_shape(prediction, target)
        return (in_double(prediction) - in_double(target)).abs()


class RMSPE(MeanError):
    """Root of the mean squared error, taken in shares of the target.

    A target of 0 has no shares and is left out.

    Examples
    --------
    >>> metric = RMSPE()
    >>> metric.update(torch.tensor([9.0, 5.0]), torch.tensor([10.0, 0.0]))
    >>> round(metric.compute(), 3)
    0.1

    """

    def errors(self, prediction: Tensor, target: Tensor) -> Tensor:
        check_same_shape(prediction, target)
        prediction, target = in_double(prediction), in_double(target)
        shares = (prediction - target) / target
        return torch.where(self.counted(target), shares, 0).square()

    def counted(self, target: Tensor) -> Tensor:
        return target != 0

    def finish(self, mean: float) -> float:
        return math.sqrt(mean)


class Perplexity(MeanError):
    r"""Exponential of the mean cross-entropy over all words.

    Guessing evenly among :math:`n` words has perplexity :math:`n`.

    Parameters
    ----------
    ignore_index
        Target that does not count, such as padding.

    Notes
    -----
    `update` takes logits of shape ``(N, V)`` or ``(N, V, T)`` and word
    numbers of shape ``(N,)`` or ``(N, T)``, as torch's ``cross_entropy``.

    Examples
    --------
    >>> metric = Perplexity()
    >>> metric.update(torch.zeros(2, 50), torch.tensor([3, 4]))
    >>> round(metric.compute(), 3)
    50.0

    """

    def __init__(self, ignore_index: int = -100) -> None:
        self.ignore_index = ignore_index
        super().__init__()

    def errors(self, prediction: Tensor, target: Tensor) -> Tensor:
        check_class_shapes(prediction, target)
        return nn.functional.cross_entropy(
            in_double(prediction),
            target,
            ignore_index=self.ignore_index,
            reduction="none",
        )

    def counted(self, target: Tensor) -> Tensor:
        return target != self.ignore_index

    def finish(self, mean: float) -> float:
        return math.exp(mean) if mean < 700 else math.inf
