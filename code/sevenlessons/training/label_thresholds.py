"""From probabilities to labels: thresholds chosen exactly.

A probability is no answer yet: above which value do we say yes? The best
threshold on some rows is found by trying every one that makes a difference,
which one sort and one running sum do. On the rows that chose it, a threshold
looks better than it is: judge it on others.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from .shapes import check_same_shape

__all__ = [
    "best_label_thresholds",
    "best_threshold",
    "f_beta_curve",
    "row_f_beta",
]


def row_f_beta(
    answers: Tensor,
    target: Tensor,
    *,
    beta: float = 2.0,
    zero_division: float = 1.0,
) -> Tensor:
    """Return the F-beta score of each row: of the labels of each photo.

    Parameters
    ----------
    answers
        Yes or no, shape ``(N, K)``.
    target
        Zeros and ones, shape ``(N, K)``.
    beta
        How much more recall counts than precision, positive.
    zero_division
        Score of a row without labels that got no answer, which is right.
        With any answer such a row scores 0, as does a row with labels and
        no answer.

    Returns
    -------
    Tensor
        float64, shape ``(N,)``. Its mean is scikit-learn's ``fbeta_score``
        with ``average="samples"``.

    Examples
    --------
    >>> answers = torch.tensor([[True, True], [False, False]])
    >>> row_f_beta(answers, torch.tensor([[1, 0], [0, 0]]))
    tensor([0.8333, 1.0000], dtype=torch.float64)

    """
    check_same_shape(answers, target)
    _check(answers, beta)
    yes, there = answers > 0.5, target > 0.5
    counts = (values.sum(dim=1).double() for values in (yes & there, yes))
    both, predicted = counts
    labels = there.sum(dim=1).double()
    return _f_beta(both, predicted, labels, beta, zero_division)


def f_beta_curve(
    probabilities: Tensor,
    target: Tensor,
    *,
    beta: float = 2.0,
    zero_division: float = 1.0,
) -> tuple[Tensor, Tensor]:
    """Return every threshold that makes a difference, and its mean score.

    Each threshold lies in the middle between two neighboring probabilities,
    the first below the lowest, the last above the highest.

    Parameters
    ----------
    probabilities
        In ``[0, 1]``, shape ``(N, K)``.
    target, beta, zero_division
        As in `row_f_beta`.

    Returns
    -------
    tuple of Tensor
        Thresholds, rising, and the mean of `row_f_beta` over the rows for
        the answers ``probabilities > threshold``; both float64.

    Examples
    --------
    >>> probabilities = torch.tensor([[0.75, 0.5], [0.25, 0.0]])
    >>> target = torch.tensor([[1, 1], [0, 0]])
    >>> cuts, scores = f_beta_curve(probabilities, target)
    >>> cuts.tolist()
    [0.125, 0.375, 0.625, 0.875]
    >>> [round(score, 3) for score in scores.tolist()]
    [0.5, 1.0, 0.778, 0.5]

    """
    check_same_shape(probabilities, target)
    _check(probabilities, beta)
    _check_probabilities(probabilities)
    there = (target > 0.5).double()
    labels = there.sum(dim=1, keepdim=True)
    # Within a row: its labels from the surest down, and its score with the
    # first, the first two, ... answered.
    ranked, order = probabilities.double().sort(dim=1, descending=True)
    both = there.gather(1, order).cumsum(dim=1)
    predicted = _numbers(ranked[0])
    scores = _f_beta(both, predicted, labels, beta, zero_division)
    silent = _f_beta(labels * 0, labels * 0, labels, beta, zero_division)
    gains = scores.diff(dim=1, prepend=silent)
    # All rows together: one more answer at a time, and what it gains.
    levels, order = ranked.flatten().sort(descending=True)
    mean = (silent.sum() + gains.flatten()[order].cumsum(0)) / len(ranked)
    # Equal probabilities are answered together: look after the last. One
    # that is 0 is above no threshold, one that is 1 above every one.
    last = (levels > 0) & (levels != levels.roll(-1))
    last[-1] = levels[-1] > 0
    values, means = levels[last], mean[last]
    below = torch.cat([values[1:], values.new_zeros(1)])
    cuts = (values + below) / 2
    if not len(values) or values[0] < 1:
        top = (values[:1] if len(values) else values.new_zeros(1)) / 2 + 0.5
        cuts, means = (
            torch.cat([top, cuts]),
            torch.cat([silent.mean()[None], means]),
        )
    return cuts.flip(0), means.flip(0)


def best_threshold(
    probabilities: Tensor,
    target: Tensor,
    *,
    beta: float = 2.0,
    zero_division: float = 1.0,
) -> float:
    """Return the one threshold for all labels with the best mean F-beta.

    No other threshold does better on these rows. Choose it on validation
    rows, and measure it on others.

    Parameters
    ----------
    probabilities, target, beta, zero_division
        As in `f_beta_curve`.

    Returns
    -------
    float
        In ``(0, 1)``; the lowest if several are best.

    Examples
    --------
    >>> probabilities = torch.tensor([[0.75, 0.5], [0.25, 0.0]])
    >>> best_threshold(probabilities, torch.tensor([[1, 1], [0, 0]]))
    0.375

    """
    cuts, scores = f_beta_curve(
        probabilities, target, beta=beta, zero_division=zero_division
    )
    return cuts[scores.argmax()].item()


def best_label_thresholds(
    probabilities: Tensor, target: Tensor, *, beta: float = 2.0
) -> Tensor:
    """Return a threshold for each label, best for the label's own F-beta.

    Seven thresholds are fitted where `best_threshold` fits one, each on the
    few rows that have its label: they may do worse on other rows.

    Parameters
    ----------
    probabilities, target, beta
        As in `f_beta_curve`.

    Returns
    -------
    Tensor
        float64, shape ``(K,)``. A label that no row has gets 1: never.

    Examples
    --------
    >>> probabilities = torch.tensor([[0.75, 0.5], [0.25, 0.0]])
    >>> best_label_thresholds(probabilities, torch.tensor([[1, 0], [1, 0]]))
    tensor([0.1250, 1.0000], dtype=torch.float64)

    """
    check_same_shape(probabilities, target)
    _check(probabilities, beta)
    _check_probabilities(probabilities)
    found = []
    for column, there in zip(probabilities.T, target.T, strict=True):
        levels, order = column.double().sort(descending=True)
        both = (there[order] > 0.5).double().cumsum(0)
        predicted = _numbers(levels)
        scores = _f_beta(both, predicted, both[-1], beta, 0.0)
        below = torch.cat([levels[1:], levels.new_zeros(1)])
        scores[below == levels] = -1.0  # equal ones are answered together
        place = scores.argmax()
        cut = (levels[place] + below[place]) / 2
        found.append(cut if both[-1] > 0 else torch.ones_like(cut))
    return torch.stack(found)


def _numbers(ranked: Tensor) -> Tensor:
    """Return 1, 2, 3, ..., one for each of those ranked, and beside them."""
    return torch.ones_like(ranked, dtype=torch.float64).cumsum(0)


def _f_beta(
    both: Tensor,
    predicted: Tensor,
    labels: Tensor,
    beta: float,
    zero_division: float,
) -> Tensor:
    total = beta**2 * labels + predicted
    fraction = (1 + beta**2) * both / total.clamp(min=1e-300)
    return torch.where(total > 0, fraction, zero_division)


def _check(table: Tensor, beta: float) -> None:
    if table.ndim != 2 or table.numel() == 0:
        raise ValueError(
            "expected a table of shape (N, K), photos by labels, not empty, "
            f"got {tuple(table.shape)}"
        )
    if not 0 < beta < math.inf:
        raise ValueError(f"beta must be positive and finite, got {beta}")


def _check_probabilities(probabilities: Tensor) -> None:
    if not ((probabilities >= 0) & (probabilities <= 1)).all():
        raise ValueError(
            "probabilities must lie in [0, 1]; apply the sigmoid to scores "
            "first"
        )
