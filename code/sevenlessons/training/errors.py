"""Metrics of predicted numbers: how far off they are.

Prediction and target have one shape, whatever it is; every number in it
counts alike.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from .mean_error import MeanError
from .metrics import in_double
from .shapes import check_same_shape

__all__ = ["MAE", "MSE", "RMSE", "RMSPE"]


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
