"""The training loop with callbacks, small enough to read at once.

`SmallLearner` is what is left of `training.learner` without its guards: the
same steps in the same order, the same moments at which a callback may act.
With the same seed both train the same weights, bit for bit.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

__all__ = ["SmallHistory", "SmallLearner"]

Function = Callable[[Tensor, Tensor], Tensor]


@dataclass
class SmallHistory:
    """What a fit measured.

    Attributes
    ----------
    steps
        One row a batch: its loss and the learning rate of the step.
    epochs
        One row an epoch: mean training loss, validation loss, metrics.

    Examples
    --------
    >>> from sevenlessons.scratch.small_learner import SmallHistory
    >>> SmallHistory().epochs
    []

    """

    steps: list[dict[str, float]] = field(default_factory=list)
    epochs: list[dict[str, float]] = field(default_factory=list)


class SmallLearner:
    """Train `model` on `train_loader`, measure it on `valid_loader`.

    Parameters
    ----------
    model
        Called as ``model(*inputs)``.
    train_loader, valid_loader
        Yield tuples ``(*inputs, target)``, once an epoch.
    loss_fn
        ``loss_fn(prediction, target)``: the mean over the batch.
    optimizer
        Built on ``model.parameters()``.
    metrics
        Name to function ``metric(prediction, target)``: the mean over the
        batch.
    callbacks
        Objects with any of the moments ``on_fit_begin``, ``on_epoch_begin``,
        ``on_batch_begin``, ``on_loss``, ``on_backward_end``,
        ``on_batch_end``, ``on_epoch_end``, ``on_fit_end`` as methods; each is
        called with the learner.

    Raises
    ------
    ValueError
        By `fit`, if `epochs` is below 1 or a loader yields no batch.
    TypeError
        If a callback is a class: build an object of it first.

    Examples
    --------
    >>> import torch
    >>> from sevenlessons.scratch.small_learner import SmallLearner
    >>> model = torch.nn.Linear(1, 1)
    >>> batches = [(torch.ones(4, 1), torch.ones(4, 1))]
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    >>> loss_fn = torch.nn.functional.mse_loss
    >>> learner = SmallLearner(model, batches, batches, loss_fn, optimizer)
    >>> history = learner.fit(epochs=2)
    >>> len(history.steps), sorted(history.epochs[0])
    (2, ['epoch', 'train_loss', 'valid_loss'])

    """

    def __init__(
        self,
        model: nn.Module,
        train_loader: Iterable[tuple[Tensor, ...]],
        valid_loader: Iterable[tuple[Tensor, ...]],
        loss_fn: Function,
        optimizer: torch.optim.Optimizer,
        *,
        metrics: Mapping[str, Function] | None = None,
        callbacks: Sequence[Any] = (),
    ) -> None:
        self.model, self.optimizer = model, optimizer
        self.train_loader, self.valid_loader = train_loader, valid_loader
        self.loss_fn, self.metrics = loss_fn, dict(metrics or {})
        self.callbacks = [_checked(callback) for callback in callbacks]
        self.history = SmallHistory()
        self.should_stop = False
        self.batch: tuple[Tensor, ...]
        self.loss: Tensor

    def fit(self, epochs: int) -> SmallHistory:
        """Train for `epochs` passes, or until a callback calls `stop`."""
        if epochs < 1:
            raise ValueError(f"epochs must be at least 1, got {epochs}")
        self.should_stop = False
        self.notify("on_fit_begin")
        try:
            for _ in range(epochs):
                self.fit_one_epoch()
                if self.should_stop:
                    break
        finally:  # even when training raised
            self.notify("on_fit_end")
        return self.history

    def fit_one_epoch(self) -> None:
        """Train on every batch once, then measure."""
        self.model.train()
        self.notify("on_epoch_begin")
        losses, sizes = [], []
        for batch in self.train_loader:
            self.batch = batch
            self.notify("on_batch_begin")
            self.training_step()
            losses.append(self.loss.item())
            sizes.append(len(self.batch[-1]))
            lr = self.optimizer.param_groups[-1]["lr"]
            self.history.steps.append({"loss": losses[-1], "lr": lr})
            self.notify("on_batch_end")
            if self.should_stop:
                break
        row: dict[str, float] = {"epoch": len(self.history.epochs)}
        row |= {"train_loss": _weighted(losses, sizes)}
        row |= self.evaluate(self.valid_loader)
        self.history.epochs.append(row)
        self.notify("on_epoch_end")

    def training_step(self) -> None:
        """Predict, compare, find the gradients, step."""
        *inputs, target = self.batch
        self.loss = self.loss_fn(self.model(*inputs), target)
        self.notify("on_loss")
        self.optimizer.zero_grad()
        self.loss.backward()
        self.notify("on_backward_end")
        self.optimizer.step()

    @torch.no_grad()
    def evaluate(
        self, loader: Iterable[tuple[Tensor, ...]]
    ) -> dict[str, float]:
        """Return the mean loss and metrics over `loader`."""
        self.model.eval()
        functions = {"loss": self.loss_fn} | self.metrics
        found: dict[str, list[float]] = {name: [] for name in functions}
        sizes = []
        for *inputs, target in loader:
            prediction = self.model(*inputs)
            sizes.append(len(target))
            for name, function in functions.items():
                found[name].append(function(prediction, target).item())
        return {
            f"valid_{name}": _weighted(v, sizes) for name, v in found.items()
        }

    def stop(self) -> None:
        """Ask the loop to end after the batch or the epoch in hand."""
        self.should_stop = True

    def notify(self, moment: str) -> None:
        """Call the method `moment` of each callback that has one."""
        for callback in self.callbacks:
            if hasattr(callback, moment):
                getattr(callback, moment)(self)


def _weighted(means: Sequence[float], sizes: Sequence[int]) -> float:
    """Return the mean over samples of means over batches."""
    if not sizes:
        raise ValueError(
            "the loader yielded no batch; pass one that can be read once an "
            "epoch, not a used-up generator"
        )
    pairs = zip(means, sizes, strict=True)
    return sum(mean * size for mean, size in pairs) / sum(sizes)


def _checked(callback: object) -> object:
    if isinstance(callback, type):
        raise TypeError(
            f"callbacks must be objects, got the class {callback.__name__}; "
            f"write {callback.__name__}(...)"
        )
    return callback
