"""Rank photos by how little their label is believed, and judge the ranking.

A network that trained on a wrong label may have learned it by heart. So each
photo is judged by a network that never saw it (*out of fold*), and photos of
one group are never on both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F
from torch import Tensor

from sevenlessons.data.splits import group_folds
from sevenlessons.data.strata import Groups, column_values

from .head_training import train_head
from .views import mean_probabilities

__all__ = [
    "fold_rows",
    "label_losses",
    "neighbor_disagreement",
    "out_of_fold",
    "precision_at_k",
]

Fold = tuple[Tensor, Tensor]
# features, target, features to judge, number of the fold -> probabilities
Predict = Callable[[Tensor, Tensor, Tensor, int], Tensor]


def fold_rows(
    table: pd.DataFrame,
    groups: Groups,
    *,
    num_folds: int = 5,
    seed: int = 0,
    stratify: Groups | None = None,
) -> list[Fold]:
    """Return row numbers to learn from and to judge, for each fold.

    As `splits.group_folds`, which keeps every group on one side, but with
    positions in place of tables: features are found by position.

    Examples
    --------
    >>> table = pd.DataFrame({"group": [7, 7, 8, 9]})
    >>> folds = fold_rows(table, "group", num_folds=2)
    >>> sorted(torch.cat([judged for _, judged in folds]).tolist())
    [0, 1, 2, 3]

    """
    plain = pd.DataFrame({"group": column_values(table, groups, "groups")})
    if stratify is not None:
        plain["label"] = column_values(table, stratify, "stratify")
    folds = group_folds(
        plain,
        "group",
        num_folds=num_folds,
        seed=seed,
        stratify=None if stratify is None else "label",
    )
    return [
        (torch.tensor(train.index), torch.tensor(valid.index))
        for train, valid in folds
    ]


def out_of_fold(
    features: Tensor,
    target: Tensor,
    folds: Sequence[Fold],
    *,
    num_classes: int | None = None,
    predict: Predict | None = None,
    epochs: int = 15,
    lr: float = 1e-3,
    batch_size: int = 32,
    seed: int = 0,
) -> Tensor:
    """Return each photo's probabilities from a model that never saw it.

    Parameters
    ----------
    features
        From `view_features`, shape ``(N, V, 2C)``.
    target
        Class numbers, shape ``(N,)``, right or wrong.
    folds
        From `fold_rows`: each row is judged once.
    num_classes
        None takes the largest number plus one.
    predict
        Another model than a new head: called with features and target to
        learn from, features to judge, and the number of the fold; returns
        probabilities.
    epochs, lr, batch_size, seed
        As in `train_head`.

    Returns
    -------
    Tensor
        Shape ``(N, K)``, on the CPU.

    Raises
    ------
    ValueError
        If a row is judged twice, not at all, or by a model that saw it.

    Examples
    --------
    >>> features = torch.eye(2).repeat(16, 1)[:, None]  # 32 photos, one view
    >>> target = torch.tensor([0, 1]).repeat(16)
    >>> folds = [(torch.arange(16), torch.arange(16, 32))]
    >>> folds += [(judged, learned) for learned, judged in folds]
    >>> out_of_fold(features, target, folds, epochs=1).shape
    torch.Size([32, 2])

    """
    _check_folds(folds, len(target))
    classes = int(target.max()) + 1 if num_classes is None else num_classes

    def new_head(
        known: Tensor, answers: Tensor, unknown: Tensor, fold: int
    ) -> Tensor:
        learner = train_head(
            known,
            answers,
            classes,
            epochs=epochs,
            lr=lr,
            batch_size=batch_size,
            seed=100 * seed + fold,
        )
        return mean_probabilities(learner.model, unknown)

    predict = predict or new_head
    probabilities = torch.zeros(len(target), classes)
    for fold, (train, judged) in enumerate(folds):
        answer = predict(
            features[train], target[train], features[judged], fold
        )
        probabilities[judged] = answer.float().cpu()
    return probabilities


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


def _check_folds(folds: Sequence[Fold], count: int) -> None:
    judged = torch.cat([rows for _, rows in folds])
    if sorted(judged.tolist()) != list(range(count)):
        raise ValueError(
            f"the folds must judge each of the {count} rows exactly once; "
            "fold_rows makes such folds"
        )
    for train, rows in folds:
        if np.intersect1d(train, rows).size:
            raise ValueError(
                "a fold judges rows that it learned from; fold_rows makes "
                "folds without"
            )
