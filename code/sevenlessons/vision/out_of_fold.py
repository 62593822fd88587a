"""Judge each photo by a network that never saw it.

A network that trained on a wrong label may have learned it by heart. Out of
fold, each photo is judged by another network than those that learned from it,
and photos of one group are never on both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from sevenlessons.data.splits import group_folds
from sevenlessons.data.strata import Groups, column_values

from .head_training import train_head
from .views import mean_probabilities

__all__ = ["fold_rows", "out_of_fold"]

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
