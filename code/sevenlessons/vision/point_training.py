"""Train a network that points, and judge it on photos it never saw."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.training.learner import Learner
from sevenlessons.training.schedules import LRScheduler, one_cycle

from .points import SameView

__all__ = ["mean_distance", "out_of_fold_points", "train_points"]

Fold = tuple[Tensor, Tensor]
Loss = Callable[[Tensor, Tensor], Tensor]


def mean_distance(prediction: Tensor, target: Tensor) -> Tensor:
    """Return the mean distance of points (N, 2), a loss.

    Unlike the mean squared error it does not let a few far misses rule.

    Examples
    --------
    >>> mean_distance(torch.tensor([[3.0, 4.0]]), torch.zeros(1, 2)).item()
    5.0

    """
    return (prediction - target).norm(dim=-1).mean()


def train_points(
    model: nn.Module,
    inputs: Tensor,
    points: Tensor,
    *,
    loss_fn: Loss = nn.functional.mse_loss,
    epochs: int = 10,
    lr: float = 1e-2,
    batch_size: int = 64,
    weight_decay: float = 1e-2,
    seed: int = 0,
    valid: tuple[Tensor, Tensor] | None = None,
) -> Learner:
    """Train `model` to answer with points; return its Learner.

    AdamW, one cycle of the rate, each epoch a random view of each photo.

    Parameters
    ----------
    model
        Takes (n, ...), answers (n, 2); changed in place.
    inputs, points
        Shapes (N, V, ...) and (N, V, 2): photos by views.
    loss_fn
        The mean squared error, or another of predicted and true points.
    epochs, lr, batch_size, weight_decay
        As in `train_head`.
    seed
        Of order and views.
    valid
        Inputs (M, ...) and points (M, 2) to measure by after each epoch.

    Examples
    --------
    >>> inputs = torch.linspace(-1, 1, 32).view(32, 1, 1)  # one view
    >>> points = torch.cat([inputs, -inputs], dim=2) / 2
    >>> learner = train_points(nn.Linear(1, 2), inputs, points, epochs=2)
    >>> len(learner.history.epochs)
    2

    """
    loader = TensorLoader(
        inputs,
        points,
        batch_size=batch_size,
        shuffle=True,
        drop_last=len(points) % batch_size == 1 and len(points) > 1,
        seed=seed,
        paired=SameView(),
    )
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=lr, weight_decay=weight_decay
    )
    schedule = LRScheduler(one_cycle(lr), epochs * len(loader))
    judge = None if valid is None else TensorLoader(*valid, batch_size=256)
    learner = Learner(
        model,
        loader,
        judge,
        loss_fn,
        optimizer,
        callbacks=[schedule],
        device=inputs.device,
    )
    learner.fit(epochs)
    return learner


def out_of_fold_points(
    new_model: Callable[[int], nn.Module],
    inputs: Tensor,
    points: Tensor,
    judged: Tensor,
    folds: Sequence[Fold],
    *,
    loss_fn: Loss = nn.functional.mse_loss,
    epochs: int = 10,
    lr: float = 1e-2,
    seed: int = 0,
) -> Tensor:
    """Return points for each photo from a model that never saw it.

    Parameters
    ----------
    new_model
        Called with a seed, returns a fresh model.
    inputs, points
        Views to learn from, shapes (N, V, ...) and (N, V, 2).
    judged
        Views to answer for, (N, W, ...).
    folds
        Row numbers to learn from and to judge; each row judged once.
    loss_fn, epochs, lr, seed
        As in `train_points`.

    Returns
    -------
    Tensor
        Shape (N, W, 2).

    Examples
    --------
    >>> inputs = torch.linspace(-1, 1, 32).view(32, 1, 1)
    >>> points = inputs.expand(-1, -1, 2)
    >>> even, odd = torch.arange(0, 32, 2), torch.arange(1, 32, 2)
    >>> answers = out_of_fold_points(
    ...     lambda seed: nn.Linear(1, 2),
    ...     inputs,
    ...     points,
    ...     inputs,
    ...     [(even, odd), (odd, even)],
    ... )
    >>> answers.shape
    torch.Size([32, 1, 2])

    """
    rows = torch.cat([rows for _, rows in folds])
    if sorted(rows.tolist()) != list(range(len(points))):
        raise ValueError(
            f"the folds must judge each of the {len(points)} rows exactly "
            f"once, got {len(rows)} judged rows"
        )
    answers = torch.zeros(*judged.shape[:2], 2)
    for number, (train, valid) in enumerate(folds):
        if torch.isin(valid, train).any():
            raise ValueError(
                f"fold {number} judges rows that it learned from; make folds "
                f"with data.splits.group_folds"
            )
        model = new_model(100 * seed + number)
        train_points(
            model,
            inputs[train],
            points[train],
            loss_fn=loss_fn,
            epochs=epochs,
            lr=lr,
            seed=100 * seed + number,
        )
        model.eval()
        with torch.no_grad():
            found = model(judged[valid].flatten(0, 1))
        answers[valid] = found.unflatten(0, (len(valid), -1)).cpu()
    return answers
