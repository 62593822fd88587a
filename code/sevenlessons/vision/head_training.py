"""Train a new head on stored features: what every transfer begins with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.training.callbacks import Callback
from sevenlessons.training.learner import Learner
from sevenlessons.training.schedules import LRScheduler, one_cycle

from .heads import make_head
from .recipes import seeded
from .views import RandomView

__all__ = ["train_head"]


def train_head(
    features: Tensor,
    target: Tensor,
    num_classes: int,
    *,
    epochs: int = 15,
    lr: float = 1e-3,
    batch_size: int = 32,
    weight_decay: float = 0.05,
    hidden: int | None = None,
    loss_fn: Callable[[Tensor, Tensor], Tensor] = cross_entropy,
    seed: int = 0,
    valid: tuple[Tensor, Tensor] | None = None,
    metrics: Mapping[str, Callable[[Tensor, Tensor], Tensor]] | None = None,
    callbacks: Sequence[Callback] = (),
) -> Learner:
    """Train a new head on stored features and return its Learner.

    AdamW, one cycle of the rate, each epoch a random view of each photo.

    Parameters
    ----------
    features
        From `view_features`, shape ``(N, V, 2C)``.
    target
        Class numbers in ``[0, num_classes)``, shape ``(N,)``; or what
        `loss_fn` compares the scores with.
    num_classes
        Scores that the head gives.
    epochs, batch_size
        Passes over the photos, and photos a step.
    lr
        Highest rate of the cycle, positive.
    weight_decay
        Decoupled decay of the weights.
    hidden
        Width of a hidden layer; None goes from features to scores.
    loss_fn
        With ``binary_cross_entropy_with_logits`` and a target of zeros and
        ones, shape ``(N, K)``, each label is learned by itself.
    seed
        Decides first weights, order, views and dropout; on a CPU the same
        seed gives the same head bit for bit.
    valid
        Features and target to measure by after each epoch, by the first view.
    metrics, callbacks
        As in `Learner`; the schedule is added in front.

    Examples
    --------
    >>> features = torch.eye(2).repeat(16, 1)[:, None]  # 32 photos, one view
    >>> target = torch.tensor([0, 1]).repeat(16)
    >>> learner = train_head(features, target, 2, epochs=30, lr=0.1)
    >>> learner.history.epochs[-1]["train_loss"] < 0.5
    True

    """
    if features.ndim != 3 or features.shape[-1] % 2:
        raise ValueError(
            "expected features of shape (N, V, 2C), photos by views by "
            f"pooled channels, got {tuple(features.shape)}; see view_features"
        )
    loader = TensorLoader(
        features,
        target.to(features.device),
        batch_size=batch_size,
        shuffle=True,
        # a batch of one cannot be normalized
        drop_last=len(target) % batch_size == 1 and len(target) > batch_size,
        seed=seed,
        transform=RandomView(),
    )
    judge = None
    if valid is not None:
        first_view = valid[0][:, 0]
        judge = TensorLoader(first_view, valid[1].to(first_view.device))
    head = make_head(
        features.shape[-1] // 2, num_classes, hidden=hidden, seed=seed
    )
    _start_norm(head, features)
    # The fused step is the same arithmetic in one call.
    optimizer = torch.optim.AdamW(
        head.to(features.device).parameters(),
        lr=lr,
        weight_decay=weight_decay,
        fused=True,
    )
    schedule = LRScheduler(one_cycle(lr), epochs * len(loader))
    learner = Learner(
        head,
        loader,
        judge,
        loss_fn,
        optimizer,
        metrics=metrics,
        callbacks=[schedule, *callbacks],
        device=features.device,
    )
    with seeded(seed):
        learner.fit(epochs)
    return learner


def _start_norm(head: nn.Module, features: Tensor) -> None:
    """Give the first batch norm the statistics of all features.

    Its running mean moves by a tenth a step: on a dozen photos, a few steps
    an epoch, it would not arrive before the training ends.
    """
    norm = next(m for m in head.modules() if isinstance(m, nn.BatchNorm1d))
    rows = features.flatten(0, 1)
    if norm.running_mean is not None and norm.running_var is not None:
        norm.running_mean.copy_(rows.mean(dim=0))
        norm.running_var.copy_(rows.var(dim=0, correction=0))
