"""How good a list of recommendations is, and whom it serves.

`recall_at_k` and `ndcg_at_k` compare the first k of a ranking with what a
user came to like. `gini` says how unequally recommendations fall on films.
"""

import torch
from torch import Tensor

from .ids import check_ids

__all__ = ["gini", "ndcg_at_k", "recall_at_k", "top_k"]


def top_k(scores: Tensor, k: int, seen: Tensor | None = None) -> Tensor:
    """Return the `k` best films of each user, best first.

    Parameters
    ----------
    scores
        Shape ``(users, items)``; no NaN.
    k
        From 1 to the number of items.
    seen
        True for what must not be recommended, the same shape.

    Returns
    -------
    Tensor
        Numbers of items, shape ``(users, k)``. Of equal scores the lower
        number comes first.

    Raises
    ------
    ValueError
        If shapes do not fit, a score is NaN, or a user has fewer than `k`
        films left.

    Examples
    --------
    >>> top_k(torch.tensor([[0.1, 0.9, 0.5]]), 2)
    tensor([[1, 2]])

    """
    if scores.dim() != 2 or scores.isnan().any():
        raise ValueError(
            "scores must be numbers of shape (users, items), got shape "
            f"{tuple(scores.shape)} with {int(scores.isnan().sum())} NaN"
        )
    if seen is None:
        seen = torch.zeros_like(scores, dtype=torch.bool)
    if seen.shape != scores.shape or seen.dtype != torch.bool:
        raise ValueError(
            "seen must be truth values in the shape of scores, "
            f"{tuple(scores.shape)}, got {seen.dtype} of shape "
            f"{tuple(seen.shape)}"
        )
    left = int((~seen).sum(dim=1).min()) if len(seen) else scores.shape[1]
    if not 1 <= k <= left:
        raise ValueError(
            f"k must be from 1 to {left}, the films that every user has "
            f"left, got {k}"
        )
    order = scores.sort(dim=1, descending=True, stable=True).indices
    last = seen.gather(1, order).byte()  # the seen ones go to the end
    return order.gather(1, last.sort(dim=1, stable=True).indices)[:, :k]


def recall_at_k(ranked: Tensor, relevant: Tensor) -> Tensor:
    """Return for each user the share of the relevant films in the list.

    Parameters
    ----------
    ranked
        Numbers of items, best first, shape ``(users, k)``.
    relevant
        True for what the user came to like, shape ``(users, items)``.

    Returns
    -------
    Tensor
        Shape ``(users,)``; NaN for a user without relevant films, of whom
        nothing can be said.

    Raises
    ------
    ValueError
        If shapes do not fit, `relevant` holds no truth values, or a list
        names an item twice or one that does not exist.

    Examples
    --------
    >>> relevant = torch.tensor([[True, False, True, False]])
    >>> recall_at_k(torch.tensor([[0, 1]]), relevant)
    tensor([0.5000])

    """
    hits = _hits(ranked, relevant)
    return hits.sum(dim=1) / relevant.sum(dim=1)


def ndcg_at_k(ranked: Tensor, relevant: Tensor) -> Tensor:
    r"""Return for each user the normalized discounted cumulative gain.

    A hit at place :math:`i` (from 1) counts :math:`1 / \log_2(i + 1)`; the
    sum is divided by that of the best list there is.

    Parameters
    ----------
    ranked, relevant
        As in `recall_at_k`.

    Returns
    -------
    Tensor
        Shape ``(users,)``, from 0 to 1; NaN for a user without relevant
        films.

    Notes
    -----
    The same as scikit-learn's ``ndcg_score`` of one user with labels 0 and
    1, which gives 0 where nothing is relevant. Taught in: new-users.

    Examples
    --------
    >>> relevant = torch.tensor([[True, False, False, False]])
    >>> ndcg_at_k(torch.tensor([[1, 2, 0]]), relevant)
    tensor([0.5000])

    """
    hits = _hits(ranked, relevant)
    k = ranked.shape[1]
    discount = 1 / torch.log2(torch.arange(2.0, k + 2, device=hits.device))
    best = torch.cat([discount.new_zeros(1), discount.cumsum(dim=0)])
    possible = relevant.sum(dim=1).clamp(max=k)
    return (hits * discount).sum(dim=1) / best[possible]


def gini(counts: Tensor) -> float:
    """Return how unequally counts are spread: 0 equal, near 1 all on one.

    Parameters
    ----------
    counts
        How often each film was recommended, or seen; shape ``(items,)``,
        finite, none negative, one at least positive.

    Raises
    ------
    ValueError
        If there is nothing to share, or a count below 0.

    Examples
    --------
    >>> gini(torch.tensor([3, 3, 3])), gini(torch.tensor([0, 0, 0, 8]))
    (0.0, 0.75)

    """
    fits = (counts >= 0) & counts.isfinite()  # NaN is not
    if counts.dim() != 1 or not fits.all() or counts.sum() <= 0:
        raise ValueError(
            "counts must be numbers from 0 up, not all 0, of shape (items,), "
            f"got shape {tuple(counts.shape)}, {int((~fits).sum())} of them "
            "negative or not finite"
        )
    ordered = counts.double().sort().values
    n = len(ordered)
    place = torch.arange(1, n + 1, dtype=torch.float64, device=ordered.device)
    return float(((2 * place - n - 1) * ordered).sum() / (n * ordered.sum()))


def _hits(ranked: Tensor, relevant: Tensor) -> Tensor:
    if ranked.dim() != 2 or relevant.dim() != 2 or not ranked.shape[1]:
        raise ValueError(
            "expected a list of at least one item a user and a table of "
            f"relevant items, got shapes {tuple(ranked.shape)} and "
            f"{tuple(relevant.shape)}"
        )
    if len(ranked) != len(relevant):
        raise ValueError(
            f"expected as many lists as users, got {len(ranked)} and "
            f"{len(relevant)}"
        )
    if relevant.dtype != torch.bool:
        raise ValueError(
            f"relevant must be truth values, got {relevant.dtype}; compare "
            "first, such as ratings >= 4"
        )
    check_ids(ranked, relevant.shape[1], "ranked")
    if (ranked.sort(dim=1).values.diff(dim=1) == 0).any():
        raise ValueError(
            "a list in ranked names an item twice; a hit counts once"
        )
    return relevant.gather(1, ranked).float()
