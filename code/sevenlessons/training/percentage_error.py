r"""Errors in shares of the target, for a model that predicts logarithms.

Sales of a small and of a large shop differ by a factor, and so do good and
bad days. A logarithm turns factors into differences, which a network learns
more easily. What is scored stays the share of the sales, so both predictions
have to be turned back: :math:`e^p/e^t - 1 = e^{p-t} - 1`.
"""

from __future__ import annotations

import math

from torch import Tensor

from .mean_error import MeanError
from .metrics import in_double
from .shapes import check_same_shape

__all__ = ["LogRMSPE", "rmspe_of_logs"]


class LogRMSPE(MeanError):
    """Root mean squared percentage error; both sides are logarithms.

    As `errors.RMSPE` of the exponentials.

    Examples
    --------
    >>> import torch
    >>> metric = LogRMSPE()
    >>> metric.update(torch.tensor([9.0]).log(), torch.tensor([10.0]).log())
    >>> round(metric.compute(), 3)
    0.1

    """

    def errors(self, prediction: Tensor, target: Tensor) -> Tensor:
        check_same_shape(prediction, target)
        return (in_double(prediction) - in_double(target)).expm1().square()

    def finish(self, mean: float) -> float:
        return math.sqrt(mean)


def rmspe_of_logs(prediction: Tensor, target: Tensor) -> Tensor:
    """Return the root mean squared percentage error as a loss.

    Parameters
    ----------
    prediction, target
        Logarithms of what is compared, both of one shape.

    Returns
    -------
    Tensor
        One number with a gradient. A root has no slope at 0; where all
        predictions are exactly right, the gradient is 0 and not NaN, and the
        loss is 1e-12 instead of 0.

    Raises
    ------
    ValueError
        If the shapes differ, or are empty.

    Examples
    --------
    >>> import torch
    >>> sold, said = torch.tensor([10.0, 20.0]), torch.tensor([9.0, 22.0])
    >>> rmspe_of_logs(said.log(), sold.log())
    tensor(0.1000)

    """
    check_same_shape(prediction, target)
    if not target.numel():
        raise ValueError(
            "there is nothing to average over: expected at least one "
            "prediction, got none"
        )
    mean = (prediction - target).expm1().square().mean()
    return mean.clamp(min=1e-24).sqrt()
