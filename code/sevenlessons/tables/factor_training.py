"""Train a model of ratings: AdamW, one cycle, mean squared error.

The model is any that is called with user numbers and item numbers:
`factors.DotProduct`, `factor_network.EmbeddingNetwork`, or your own.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.training.history import History
from sevenlessons.training.learner import Learner
from sevenlessons.training.schedules import LRScheduler, one_cycle

__all__ = ["fit_ratings"]

Ratings = tuple[Tensor, Tensor, Tensor]


def fit_ratings(
    model: nn.Module,
    train: Ratings,
    valid: Ratings | None = None,
    *,
    lr: float = 0.01,
    weight_decay: float = 0.5,
    batch_size: int = 512,
    epochs: int = 5,
    seed: int = 0,
    device: torch.device | str = "cpu",
) -> History:
    """Train a model on ratings; return what was measured.

    Parameters
    ----------
    model
        Called as ``model(users, items)``; trained in place.
    train, valid
        Users, items and ratings, each of shape ``(N,)``. `valid` is measured
        after every epoch, and never trained on.
    lr
        Top of the cycle.
    weight_decay
        Each step takes the share ``lr * weight_decay`` off every number.
    batch_size, epochs
        Ratings a step, and passes over all of them.
    seed
        Of the order of the ratings.
    device
        Where to train.

    Returns
    -------
    History
        ``epochs[-1]["valid_loss"]`` is the mean squared error in the end.

    Raises
    ------
    ValueError
        If a rating is no finite number, or tensors differ in length.

    Examples
    --------
    >>> from sevenlessons.tables.factors import DotProduct
    >>> rows = torch.tensor([0, 1]), torch.tensor([1, 0])
    >>> train = *rows, torch.tensor([5.0, 1.0])
    >>> history = fit_ratings(DotProduct(2, 2, 3), train, epochs=2)
    >>> [sorted(row) for row in history.epochs]
    [['epoch', 'train_loss'], ['epoch', 'train_loss']]

    """
    for name, rows in (("train", train), ("valid", valid)):
        if rows is not None and not bool(rows[2].isfinite().all()):
            bad = rows[2][~rows[2].isfinite()][0]
            raise ValueError(
                f"the ratings of {name} must be finite, got {float(bad)}; "
                "leave out what was not rated"
            )
    train_loader = TensorLoader(
        *train, batch_size=batch_size, shuffle=True, seed=seed
    )
    learner = Learner(
        model,
        train_loader,
        None if valid is None else TensorLoader(*valid, batch_size=10_000),
        nn.functional.mse_loss,
        torch.optim.AdamW(
            model.parameters(), lr=lr, weight_decay=weight_decay, fused=True
        ),
        callbacks=[LRScheduler(one_cycle(lr), epochs * len(train_loader))],
        device=device,
    )
    return learner.fit(epochs)
