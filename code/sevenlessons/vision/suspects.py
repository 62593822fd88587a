"""Rank photos by how little their label is believed, and judge the ranking.

`label_losses` asks a network, best one that never saw the photo
(`out_of_fold`); `neighbor_disagreement` asks the most similar photos.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["label_losses", "neighbor_disagreement", "precision_at_k"]


def label_losses(probabilities: Tensor, target: Tensor) -> Tensor:
    """Return the cross-entropy of each photo, shape ``(N,)``, in nats.

    Sort by it, the largest first, and the photos whose label is least
    believed come first.

    Examples
    --------
    >>> probabilities = torch.tensor([[0.9, 0.1], [0.9, 0.1]])
    >>> label_losses(probabilities, torch.tensor([0, 1])).round(decimals=2)
    tensor([0.1100, 2.3000])

    """
    logs = probabilities.clamp_min(1e-12).log()
    return F.nll_loss(logs, target.cpu(), reduction="none")


def neighbor_disagreement(
    features: Tensor,
    target: Tensor,
    *,
    groups: Sequence[object] | None = None,
    k: int = 10,
) -> Tensor:
    """Return the share of the nearest photos that bear another label.

    Nothing is trained: the simple rival of a ranking by loss.

    Parameters
    ----------
    features
        Shape ``(N, F)``; neighbors are the most similar by cosine.
    target
        Class numbers, shape ``(N,)``.
    groups
        Photos of the same group are no neighbors of each other.
    k
        How many neighbors; at least 1.

    Returns
    -------
    Tensor
        Shape ``(N,)``, in [0, 1].

    Examples
    --------
    >>> features = torch.tensor([[1.0, 0.0], [1.0, 0.1], [0.9, 0.0]])
    >>> neighbor_disagreement(features, torch.tensor([0, 0, 1]), k=2)
    tensor([0.5000, 0.5000, 1.0000])

    """
    count = len(features)
    names = np.arange(count) if groups is None else np.asarray(groups, object)
    numbers = torch.tensor(pd.factorize(names)[0])
    unit = F.normalize(features, dim=1)
    similarity = unit @ unit.T
    together = numbers[:, None] == numbers
    similarity[together] = -torch.inf
    room = count - int(together.sum(dim=1).max())
    if not 1 <= k <= room:
        raise ValueError(
            f"k must be in [1, {room}], the photos outside the largest "
            f"group, got {k}"
        )
    nearest = similarity.topk(k, dim=1).indices
    return (target[nearest] != target[:, None]).float().mean(dim=1)


def precision_at_k(
    scores: Tensor | np.ndarray, wrong: Tensor | np.ndarray, k: int
) -> float:
    """Return the share of wrong labels among the `k` highest scores.

    Of equal scores the earlier row comes first. A random order reaches the
    share of wrong labels among all.

    Examples
    --------
    >>> scores = torch.tensor([0.1, 3.0, 2.0, 0.2])
    >>> wrong = torch.tensor([False, True, False, False])
    >>> precision_at_k(scores, wrong, k=2)
    0.5

    """
    values = torch.as_tensor(scores).flatten()
    flags = torch.as_tensor(wrong).flatten().bool()
    if len(values) != len(flags):
        raise ValueError(
            f"expected one score for each label, got {len(values)} scores "
            f"and {len(flags)} labels"
        )
    if not 1 <= k <= len(values):
        raise ValueError(f"k must be in [1, {len(values)}], got {k}")
    if values.isnan().any():
        raise ValueError("a score is not a number; look at the training loss")
    first = values.argsort(descending=True, stable=True)[:k]
    return flags[first].double().mean().item()
