"""How many words a language model hesitates between."""

from __future__ import annotations

import math

from torch import Tensor, nn

from .mean_error import MeanError
from .metrics import in_double
from .shapes import check_class_shapes

__all__ = ["Perplexity"]


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
    >>> import torch
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
