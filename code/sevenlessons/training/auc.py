"""AUC: how well scores put the yes rows above the no rows.

Take a row with the answer yes and one with the answer no, at random. AUC is
the chance that the first has the higher score; equal scores count half. It
needs no threshold, and 0.5 is what a coin reaches. (The letters stand for the
area under a curve, which is the same number.)
"""

from __future__ import annotations

from torch import Tensor

from .shapes import check_same_shape, check_zeros_and_ones

__all__ = ["roc_auc"]


def roc_auc(scores: Tensor, target: Tensor) -> float:
    """Return the AUC of scores for yes and no.

    Parameters
    ----------
    scores
        Higher means more likely yes, shape ``(N,)``. Probabilities and what
        was there before the sigmoid do alike.
    target
        Ones for yes and zeros for no, shape ``(N,)``.

    Returns
    -------
    float
        In ``[0, 1]``.

    Raises
    ------
    ValueError
        If shapes differ, a score is nan, a target is neither 0 nor 1, or all
        rows have one answer.

    Notes
    -----
    Equal to scikit-learn's ``roc_auc_score``. Computed from ranks (Mann and
    Whitney), where equal scores share the mean of their ranks.

    Examples
    --------
    >>> import torch
    >>> scores = torch.tensor([0.9, 0.4, 0.6, 0.1])
    >>> roc_auc(scores, torch.tensor([1, 1, 0, 0]))  # 3 of 4 pairs
    0.75

    """
    check_same_shape(scores, target)
    if scores.ndim != 1:
        raise ValueError(
            f"expected scores of shape (N,), got {tuple(scores.shape)}"
        )
    if scores.isnan().any():
        raise ValueError("scores hold nan, which has no place in a ranking")
    check_zeros_and_ones(target)
    yes = target > 0.5
    num_yes = int(yes.sum())
    num_no = len(yes) - num_yes
    if not num_yes or not num_no:
        raise ValueError(
            f"expected rows of both answers, got {num_yes} yes and {num_no} "
            "no; AUC compares the two"
        )
    _, place, counts = scores.unique(return_inverse=True, return_counts=True)
    counts = counts.double()
    ranks = counts.cumsum(0) - (counts - 1) / 2  # the mean, counted from 1
    total = ranks[place[yes]].sum().item()
    return (total - num_yes * (num_yes + 1) / 2) / (num_yes * num_no)
