"""Where a classifier is wrong, and how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = [
    "Confusion",
    "TopLoss",
    "confusion_matrix",
    "most_confused",
    "top_losses",
]


@dataclass(frozen=True)
class TopLoss:
    """One picture that cost much.

    Parameters
    ----------
    index
        Row of the picture.
    loss
        Its cross-entropy in nats.
    predicted, actual
        Class numbers.
    probability
        What the model gave to the actual class.
    confidence
        What it gave to the predicted one.

    """

    index: int
    loss: float
    predicted: int
    actual: int
    probability: float
    confidence: float


@dataclass(frozen=True)
class Confusion:
    """One kind of mistake: `count` pictures of `actual` called `predicted`."""

    actual: str
    predicted: str
    count: int


def top_losses(logits: Tensor, target: Tensor, k: int = 9) -> list[TopLoss]:
    """Return the `k` pictures with the largest loss, the largest first.

    They show mistakes that the model was sure of, and often mistakes in the
    labels.

    Parameters
    ----------
    logits
        Scores before softmax, shape (N, K).
    target
        Class numbers in [0, K), shape (N,).
    k
        How many, at least 1; all of them if there are fewer.

    Examples
    --------
    >>> logits = torch.tensor([[4.0, 0.0], [4.0, 0.0]])
    >>> (worst,) = top_losses(logits, torch.tensor([0, 1]), k=1)
    >>> worst.index, worst.predicted, worst.actual, round(worst.loss, 2)
    (1, 0, 1, 4.02)

    """
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    if logits.ndim != 2 or target.shape != logits.shape[:1]:
        raise ValueError(
            f"expected logits of shape (N, K) and target of shape (N,), got "
            f"{tuple(logits.shape)} and {tuple(target.shape)}"
        )
    logits, target = logits.detach().double().cpu(), target.cpu().long()
    _check_range("target", target, logits.shape[1])
    losses = F.cross_entropy(logits, target, reduction="none")
    if losses.isnan().any():
        raise ValueError(
            f"the scores of {int(losses.isnan().sum())} pictures are not "
            f"numbers; look at the training loss for where it went to nan"
        )
    confidence, predicted = logits.softmax(1).max(1)
    order = losses.argsort(descending=True, stable=True)[:k].tolist()
    return [
        TopLoss(
            i,
            losses[i].item(),
            int(predicted[i]),
            int(target[i]),
            losses[i].neg().exp().item(),
            confidence[i].item(),
        )
        for i in order
    ]


def confusion_matrix(
    target: Tensor, predicted: Tensor, num_classes: int | None = None
) -> Tensor:
    """Return how often each actual class was called each class.

    Parameters
    ----------
    target, predicted
        Class numbers, shape (N,) each.
    num_classes
        None takes the largest number that occurs, plus one.

    Returns
    -------
    Tensor
        int64, shape (K, K): a row an actual class, a column a predicted one.

    Examples
    --------
    >>> target, predicted = torch.tensor([0, 0, 1]), torch.tensor([0, 1, 1])
    >>> confusion_matrix(target, predicted).tolist()
    [[1, 1], [0, 1]]

    """
    target, predicted = target.cpu().long(), predicted.cpu().long()
    if target.ndim != 1 or target.shape != predicted.shape:
        raise ValueError(
            f"expected two tensors of shape (N,), got {tuple(target.shape)} "
            f"and {tuple(predicted.shape)}; take logits.argmax(1) first"
        )
    if num_classes is None:
        if len(target) == 0:
            raise ValueError("there are no predictions; pass num_classes")
        num_classes = int(torch.maximum(target, predicted).max()) + 1
    _check_range("target", target, num_classes)
    _check_range("predicted", predicted, num_classes)
    cells = torch.bincount(
        target * num_classes + predicted, minlength=num_classes**2
    )
    return cells.view(num_classes, num_classes)


def most_confused(
    matrix: Tensor, classes: Sequence[str], minimum: int = 2
) -> list[Confusion]:
    """Return the kinds of mistakes, the most frequent first.

    Parameters
    ----------
    matrix
        From `confusion_matrix`, shape (K, K).
    classes
        The K names.
    minimum
        Smallest number of pictures that is listed, at least 1.

    Examples
    --------
    >>> matrix = torch.tensor([[9, 3], [1, 7]])
    >>> most_confused(matrix, ["cat", "dog"])
    [Confusion(actual='cat', predicted='dog', count=3)]

    """
    if minimum < 1:
        raise ValueError(f"minimum must be at least 1, got {minimum}")
    if matrix.shape != (len(classes), len(classes)):
        raise ValueError(
            f"expected a matrix of shape ({len(classes)}, {len(classes)}), "
            f"a row and a column a class, got {tuple(matrix.shape)}"
        )
    found = [
        Confusion(classes[i], classes[j], int(matrix[i, j]))
        for i in range(len(classes))
        for j in range(len(classes))
        if i != j and matrix[i, j] >= minimum
    ]
    return sorted(found, key=lambda mistake: -mistake.count)


def _check_range(name: str, numbers: Tensor, num_classes: int) -> None:
    """Refuse class numbers outside [0, num_classes)."""
    wrong = numbers[(numbers < 0) | (numbers >= num_classes)]
    if len(wrong):
        raise ValueError(
            f"{name} must hold class numbers in [0, {num_classes}), got "
            f"{int(wrong[0])}"
        )
