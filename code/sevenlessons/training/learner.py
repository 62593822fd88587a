"""The training loop: `Learner` joins a model, data, a loss, an optimizer.

Read it from top to bottom: `fit`, `_fit_one_epoch`, `training_step`,
`evaluate`. The hooks are listed in `callbacks`; what is refused, and with
which words, stands in `guards`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from . import guards
from .callbacks import Callback
from .history import History
from .metrics import BatchMean, Metric, as_metric, weighted_mean

__all__ = ["Learner"]

Batch = tuple[Tensor, ...]  # the inputs of the model, then the target
Loss = Callable[[Tensor, Tensor], Tensor]
AnyMetric = Metric | Callable[[Tensor, Tensor], Tensor]


class Learner:
    """Train `model` on `train_loader` and measure it on `valid_loader`.

    Parameters
    ----------
    model
        Module called as ``model(*inputs)``.
    train_loader, valid_loader
        Iterables of tuples ``(*inputs, target)``, first axis the samples.
        Without a `valid_loader` nothing is validated.
    loss_fn
        ``loss_fn(prediction, target)`` returns a scalar: the batch mean.
    optimizer
        Built on ``model.parameters()``; the recorded `lr` is that of its
        last group (the head, where groups go from body to head).
    metrics
        Name to `Metric` object or to a function
        ``metric(prediction, target)`` that returns a batch mean.
    callbacks
        Called in this order at every hook.
    device
        Where the model and every batch are moved.

    Attributes
    ----------
    batch, loss
        The batch in hand and its loss.
    history
        What all fits measured.
    epoch
        Epochs finished by all fits together.
    epochs, epochs_done
        Epochs asked of the fit in hand, and how many of them are finished.

    Examples
    --------
    >>> model = nn.Linear(1, 1)
    >>> batch = (torch.ones(4, 1), torch.ones(4, 1))
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    >>> loss_fn = nn.functional.mse_loss
    >>> learner = Learner(model, [batch], [batch], loss_fn, optimizer)
    >>> history = learner.fit(epochs=2)
    >>> len(history.epochs), sorted(history.epochs[0])
    (2, ['epoch', 'train_loss', 'valid_loss'])

    """

    def __init__(
        self,
        model: nn.Module,
        train_loader: Iterable[Batch],
        valid_loader: Iterable[Batch] | None,
        loss_fn: Loss,
        optimizer: torch.optim.Optimizer,
        *,
        metrics: Mapping[str, AnyMetric] | None = None,
        callbacks: Sequence[Callback] = (),
        device: torch.device | str = "cpu",
    ) -> None:
        self.device = torch.device(device)
        guards.check_parts(
            model, loss_fn, optimizer, metrics, callbacks, self.device
        )
        self.model = model.to(self.device)
        self.train_loader = train_loader
        self.valid_loader = valid_loader
        self.loss_fn = loss_fn
        self.optimizer = optimizer
        self.metrics = dict(metrics or {})
        self.callbacks = list(callbacks)
        self.history = History()
        self.epoch = self.epochs = self.epochs_done = 0
        self.should_stop = False
        self.batch: Batch
        self.loss: Tensor
        self._hooks = guards.bind_hooks(self.callbacks)
        for metric in self.metrics.values():
            as_metric(metric)  # refuses what is none

    # The loop, top to bottom -----------------------------------------------

    def fit(self, epochs: int) -> History:
        """Train for `epochs` passes over the data; return the history."""
        self.epochs, self.epochs_done = guards.check_epochs(epochs), 0
        guards.check_rates(self.optimizer)
        self.should_stop = False
        with (
            guards.modes_kept(self.model),
            guards.clear_errors(),
            self._callbacks_begun(),
        ):
            while self.epochs_done < self.epochs and not self.should_stop:
                self._fit_one_epoch()
        return self.history

    def _fit_one_epoch(self) -> None:
        self.model.train()
        self.notify("on_epoch_begin")
        first, sizes = len(self.history.steps), []
        for batch in self.train_loader:
            self.batch = guards.move_batch(batch, self.device)
            self.notify("on_batch_begin")
            self.training_step()
            self.loss = self.loss.detach()  # let go of the spent graph
            lr = self.optimizer.param_groups[-1]["lr"]
            self.history.add_step(self.loss, lr)
            sizes.append(len(self.batch[-1]))
            self.notify("on_batch_end")
            if self.should_stop:
                break
        if not sizes:
            raise ValueError(
                "train_loader yielded no batch; pass a loader that can be "
                "read once an epoch, not a used-up generator"
            )
        self.finish_steps()
        losses = [step["loss"] for step in self.history.steps[first:]]
        row = {"epoch": self.epoch, "train_loss": weighted_mean(losses, sizes)}
        if self.valid_loader is not None:
            measured = self.evaluate(self.valid_loader)
            row |= {f"valid_{name}": v for name, v in measured.items()}
        self.history.epochs.append(row)
        self.epoch += 1
        self.epochs_done += 1
        self.notify("on_epoch_end")

    def training_step(self) -> None:
        """Run forward, loss, backward and step on `self.batch`."""
        *inputs, target = self.batch
        self.loss = self.loss_fn(self.forward(*inputs), target)
        self.notify("on_loss")
        self.optimizer.zero_grad()
        self.loss.backward()
        self.notify("on_backward_end")
        self.optimizer.step()

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return the prediction, in training, evaluation, prediction."""
        return self.model(*inputs)

    def finish_steps(self) -> None:
        """Run after an epoch's last batch; a step with leftovers uses it."""

    @torch.no_grad()
    def evaluate(self, loader: Iterable[Batch]) -> dict[str, float]:
        """Return mean loss and metrics over `loader`, weighted by samples."""
        metrics = {"loss": BatchMean(self.loss_fn)} | {
            name: as_metric(metric) for name, metric in self.metrics.items()
        }
        count = 0
        with guards.modes_kept(self.model), guards.clear_errors():
            self.model.eval()
            for batch in loader:
                *inputs, target = guards.move_batch(batch, self.device)
                prediction = self.forward(*inputs)
                for metric in metrics.values():
                    metric.update(prediction, target)
                count += len(target)
        if count == 0:
            raise ValueError("loader yielded no batch: nothing to evaluate")
        return {name: metric.compute() for name, metric in metrics.items()}

    @torch.no_grad()
    def predict(self, loader: Iterable[Batch]) -> tuple[Tensor, Tensor | None]:
        """Return all outputs and targets, on the CPU, in the loader's order.

        Batches of one item are inputs whose target is not known; then None
        takes the place of the targets.
        """
        outputs, targets = [], []
        with guards.modes_kept(self.model):
            self.model.eval()
            for batch in loader:
                items = guards.move_batch(batch, self.device)
                inputs = items[:-1] or items
                outputs.append(self.forward(*inputs).cpu())
                targets += [items[-1].cpu()] if len(items) > 1 else []
        if not outputs:
            raise ValueError("loader yielded no batch: nothing to predict")
        return torch.cat(outputs), torch.cat(targets) if targets else None

    def stop(self) -> None:
        """Ask the loop to end after the current batch or epoch."""
        self.should_stop = True

    # Below the loop --------------------------------------------------------

    def notify(self, hook: str) -> None:
        """Call `hook` on every callback that has one, in list order."""
        for call in self._hooks[hook]:
            call(self)

    def state_dict(self) -> dict[str, Any]:
        """Return what steps change; a subclass adds what its step changes."""
        return {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take back what `state_dict` returned; `checkpoint` calls both."""
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])

    @contextmanager
    def _callbacks_begun(self) -> Iterator[None]:
        """Run `on_fit_end` of each callback begun, even if one raises."""
        self._hooks = guards.bind_hooks(self.callbacks)  # list may be new
        begun: list[Callback] = []
        try:
            for callback in self.callbacks:
                callback.on_fit_begin(self)
                begun.append(callback)
            yield
        finally:
            with ExitStack() as ends:
                for callback in reversed(begun):  # last in is first out
                    ends.callback(callback.on_fit_end, self)
