"""When to say "not sure": a threshold chosen on validation rows.

A softmax shares out 100 %, whatever the picture. Below a threshold on its
largest share a classifier can decline to answer. What that buys is two
numbers: the coverage (how many are answered) and the error among those.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["choose_threshold", "coverage_and_error"]


def _answers(probabilities: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Return the largest probability of each row, and whether it is right."""
    if probabilities.ndim != 2 or target.shape != probabilities.shape[:1]:
        raise ValueError(
            "expected probabilities (N, K) and one class number a row, got "
            f"{tuple(probabilities.shape)} and {tuple(target.shape)}"
        )
    if len(target) == 0:
        raise ValueError("there is no row; pass those of the validation set")
    surest, said = probabilities.max(dim=1)
    return surest, said == target


def coverage_and_error(
    probabilities: Tensor, target: Tensor, threshold: float
) -> tuple[float, float]:
    """Return the share that is answered, and the share of errors in it.

    Parameters
    ----------
    probabilities
        Shape ``(N, K)``.
    target
        Class numbers, shape ``(N,)``.
    threshold
        An answer is given where the largest probability is at least this.

    Returns
    -------
    tuple of float
        Coverage and error, both in ``[0, 1]``; error 0 if nothing is
        answered.

    Examples
    --------
    >>> probabilities = torch.tensor([[0.9, 0.1], [0.6, 0.4]])
    >>> coverage_and_error(probabilities, torch.tensor([0, 1]), 0.5)
    (1.0, 0.5)
    >>> coverage_and_error(probabilities, torch.tensor([0, 1]), 0.75)
    (0.5, 0.0)

    """
    surest, right = _answers(probabilities, target)
    answered = surest >= threshold
    count = int(answered.sum())
    wrong = int((answered & ~right).sum())
    return count / len(target), wrong / count if count else 0.0


def choose_threshold(
    probabilities: Tensor, target: Tensor, *, error: float
) -> float:
    """Return the lowest threshold whose answers have at most `error`.

    Choose it on validation rows, and measure it on others: on the rows that
    chose it, its error looks a little better than it is.

    Parameters
    ----------
    probabilities
        Shape ``(N, K)``.
    target
        Class numbers, shape ``(N,)``.
    error
        Share of errors allowed among the answered, in ``[0, 1)``.

    Returns
    -------
    float
        One of the largest probabilities that occur, or 0 if answering all
        is good enough.

    Raises
    ------
    ValueError
        If even the surest answers have more errors.

    Examples
    --------
    >>> probabilities = torch.tensor([[0.9, 0.1], [0.75, 0.25], [0.6, 0.4]])
    >>> choose_threshold(probabilities, torch.tensor([0, 0, 1]), error=0.1)
    0.75

    """
    if not 0 <= error < 1:
        raise ValueError(f"error must be a share in [0, 1), got {error}")
    surest, right = _answers(probabilities, target)
    if (~right).sum() <= error * len(target):
        return 0.0
    order = surest.argsort(descending=True)
    levels, wrong = surest[order], (~right[order]).cumsum(0)
    answered = torch.arange(1, len(target) + 1)
    # Rows of equal probability are answered together: look after the last.
    last = torch.cat([levels[1:] != levels[:-1], torch.tensor([True])])
    good = last & (wrong <= error * answered)
    if not bool(good.any()):
        raise ValueError(
            f"no threshold brings the error to {error:g}: even the surest "
            "answers are wrong too often; allow more, or train longer"
        )
    return float(levels[good][-1])
