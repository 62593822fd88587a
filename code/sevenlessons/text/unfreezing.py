"""Gradual unfreezing: the head learns first, then one group more at a time.

A fresh head gives wrong gradients, and those would ruin what the encoder
knows. So the stages begin with the head alone. Each stage has its own one
cycle; an earlier group moves more slowly, by a fixed factor a group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from sevenlessons.training.callbacks import Callback
from sevenlessons.training.freezing import freeze_to, layer_groups
from sevenlessons.training.learner import Learner
from sevenlessons.training.metrics import accuracy
from sevenlessons.training.rates import parameter_groups
from sevenlessons.training.schedules import LRScheduler, one_cycle

__all__ = ["Stage", "fit_stages", "rates_by_group"]


@dataclass(frozen=True)
class Stage:
    """One stage: from which group on, how long, how fast.

    Attributes
    ----------
    group
        First layer group that learns, as in `freeze_to`; -1 is the head.
    epochs
        At least 1.
    lr
        Top rate of the head.

    """

    group: int
    epochs: int
    lr: float

    def __post_init__(self) -> None:
        if self.epochs < 1 or not self.lr > 0:
            raise ValueError(
                "a stage needs at least 1 epoch and a positive rate, got "
                f"epochs={self.epochs} and lr={self.lr}"
            )


def rates_by_group(lr: float, n: int, factor: float = 2.6) -> list[float]:
    """Return `n` rates up to `lr`, each `factor` times the one before.

    Examples
    --------
    >>> rates_by_group(1.0, 3, factor=2.0)
    [0.25, 0.5, 1.0]

    """
    if n < 1 or factor < 1:
        raise ValueError(
            "expected at least 1 group and a factor of at least 1, got "
            f"n={n} and factor={factor}"
        )
    return [lr / factor ** (n - 1 - i) for i in range(n)]


def fit_stages(
    model: Any,
    train_loader: Any,
    valid_loader: Iterable[tuple[Tensor, ...]] | None,
    stages: Sequence[Stage],
    *,
    factor: float = 2.6,
    weight_decay: float = 0.01,
    loss_fn: Callable[[Tensor, Tensor], Tensor] = nn.functional.cross_entropy,
    metrics: Mapping[str, Any] | None = None,
    callbacks: Sequence[Callback] = (),
    device: torch.device | str = "cpu",
) -> list[dict[str, Any]]:
    """Train `model` in stages; return what each measured.

    Parameters
    ----------
    model
        A module with `layer_groups`, the head last. Changed in place;
        afterwards all of it may learn.
    train_loader, valid_loader
        As for `Learner`; the first must have a length.
    stages
        In this order.
    factor
        Between the rates of two neighboring groups; 1 for one rate.
    weight_decay
        Of AdamW.
    loss_fn, metrics, callbacks, device
        As for `Learner`; accuracy is measured if `metrics` is None.

    Returns
    -------
    list of dict
        One row a stage: ``stage``, ``learning`` (numbers that learn), and
        the last epoch's losses and metrics.

    Examples
    --------
    >>> class Small(nn.Sequential):
    ...     def layer_groups(self):
    ...         return list(self)
    >>> model = Small(nn.Linear(2, 3), nn.Linear(3, 2))
    >>> batch = (torch.eye(2), torch.tensor([0, 1]))
    >>> stages = [Stage(-1, 1, 0.01), Stage(0, 2, 0.01)]
    >>> rows = fit_stages(model, [batch], [batch], stages)
    >>> [row["learning"] for row in rows]
    [8, 17]

    """
    if not stages:
        raise ValueError("stages is empty; give at least one Stage")
    number = len(layer_groups(model))
    rows = []
    for place, stage in enumerate(stages):
        freeze_to(model, stage.group)
        lrs = rates_by_group(stage.lr, number, factor)
        optimizer = torch.optim.AdamW(
            parameter_groups(model, lrs, weight_decay=weight_decay),
            betas=(0.8, 0.99),
        )
        cycle = one_cycle(lrs, momentum=(0.8, 0.7))
        scheduler = LRScheduler(cycle, stage.epochs * len(train_loader))
        learner = Learner(
            model,
            train_loader,
            valid_loader,
            loss_fn,
            optimizer,
            metrics={"accuracy": accuracy} if metrics is None else metrics,
            callbacks=[*callbacks, scheduler],
            device=device,
        )
        last = learner.fit(stage.epochs).epochs[-1]
        learning = [p.numel() for p in model.parameters() if p.requires_grad]
        rows.append({"stage": place, "learning": sum(learning)} | last)
    freeze_to(model, 0)
    return rows
