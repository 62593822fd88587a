"""A mean over everything seen, weighted right: the base of error metrics."""

from __future__ import annotations

import torch
from torch import Tensor

from .metrics import Metric, in_double

__all__ = ["MeanError"]


class MeanError(Metric):
    """Base of a metric that is a mean of errors, or a function of that mean.

    A subclass says in `errors` what is averaged, if need be in `counted`
    what is left out, and in `finish` what becomes of the mean.

    Examples
    --------
    >>> class Bias(MeanError):
    ...     def errors(self, prediction, target):
    ...         return prediction - target
    >>> metric = Bias()
    >>> metric.update(torch.tensor([1.0, 4.0]), torch.tensor([1.0, 2.0]))
    >>> metric.compute()
    1.0

    """

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
