"""The F-score: precision and recall weighed against each other."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from .metrics import in_double
from .overlap import Overlap, count_overlap

__all__ = ["FBeta"]


class FBeta(Overlap):
    r"""F-score: precision :math:`P` and recall :math:`R` in one number.

    :math:`(1+\beta^2)\,PR / (\beta^2 P + R)`. A `beta` of 2 makes recall
    count more: finding all is worth some false alarms.

    Parameters
    ----------
    beta
        Weight of recall, positive.
    threshold, average, zero_division
        See `Overlap`. Besides its averages there is ``"samples"``: the mean
        over samples, for data in which each may have many labels.

    Notes
    -----
    `update` takes what `count_overlap` takes. Equal to scikit-learn's
    ``fbeta_score``.

    Examples
    --------
    >>> metric = FBeta(beta=2, threshold=0.2, average="samples")
    >>> scores = torch.tensor([[3.0, -3.0, 3.0]])  # first and third: yes
    >>> metric.update(scores, torch.tensor([[1, 0, 0]]))
    >>> round(metric.compute(), 3)  # precision 1/2, recall 1
    0.833

    """

    averages = ("macro", "micro", "samples")

    def __init__(
        self,
        beta: float = 1.0,
        threshold: float | Sequence[float] = 0.5,
        average: str = "macro",
        *,
        zero_division: float = 0.0,
    ) -> None:
        if not 0 < beta < math.inf:
            raise ValueError(f"beta must be positive and finite, got {beta}")
        self.beta = beta
        super().__init__(threshold, average, zero_division=zero_division)

    def reset(self) -> None:
        super().reset()
        self._sum = torch.zeros(())
        self._rows = torch.zeros(())

    def update(self, prediction: Tensor, target: Tensor) -> None:
        if self.average != "samples":
            super().update(prediction, target)
            return
        if prediction.ndim != 2 or target.ndim != 2:
            raise ValueError(
                "average='samples' needs prediction and target of shape "
                f"(N, K), got {tuple(prediction.shape)} and "
                f"{tuple(target.shape)}; use 'macro' or 'micro'"
            )
        # Turned on its side, every sample takes the place of a class.
        cut = self.cut(prediction)
        counts = count_overlap(prediction.T, target.T, cut[..., None])
        values = self.divide(in_double(counts), self.zero_division)
        self._sum = values.nansum() + self._sum
        self._rows = (~values.isnan()).sum() + self._rows

    def compute(self) -> float:
        if self.average != "samples":
            return super().compute()
        if self._rows == 0:
            raise RuntimeError("nothing to compare: call update first")
        return self._sum.item() / self._rows.item()

    def fraction(
        self, predicted: Tensor, there: Tensor, both: Tensor
    ) -> Tensor:
        weight = self.beta**2
        return (1 + weight) * both / (weight * there + predicted)
