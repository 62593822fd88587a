"""What a fit measured."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from .callbacks import Callback

if TYPE_CHECKING:
    from .learner import Learner

__all__ = ["CSVHistory", "History"]

_MAX_PENDING = 4096  # losses kept on the device before they are read


class History:
    """One row per training batch, one row per epoch.

    The loss of a batch stays a tensor on its device until somebody reads
    `steps`; so a GPU is not made to wait after every batch.

    Attributes
    ----------
    epochs
        ``{"epoch": ..., "train_loss": ..., "valid_loss": ...}`` and one
        ``valid_<metric>`` for every metric.

    Examples
    --------
    >>> history = History()
    >>> history.add_step(torch.tensor(0.5), lr=0.1)
    >>> history.steps
    [{'loss': 0.5, 'lr': 0.1}]

    """

    def __init__(self) -> None:
        self.epochs: list[dict[str, float]] = []
        self._steps: list[dict[str, float]] = []
        self._pending: list[tuple[Tensor, float]] = []

    @property
    def steps(self) -> list[dict[str, float]]:
        """``{"loss": ..., "lr": ...}`` for every training batch."""
        if self._pending:
            losses = torch.stack([loss for loss, _ in self._pending])
            for loss, (_, lr) in zip(
                losses.flatten().tolist(), self._pending, strict=True
            ):
                self._steps.append({"loss": loss, "lr": float(lr)})
            self._pending.clear()
        return self._steps

    def add_step(self, loss: Tensor, lr: float) -> None:
        """Record one batch; `loss` is a detached scalar, not read yet."""
        self._pending.append((loss, lr))
        if len(self._pending) >= _MAX_PENDING:
            _ = self.steps  # reads them

    def to_csv(self, path: str | os.PathLike[str]) -> None:
        """Write `epochs` to `path`, one line an epoch, all at once."""
        columns = list(
            dict.fromkeys(key for row in self.epochs for key in row)
        )
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.epochs)
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(path.name + ".partial")
        partial.write_text(text.getvalue(), encoding="utf-8")
        os.replace(partial, path)

    def state_dict(self) -> dict[str, Any]:
        """Return all rows as plain values and tensors."""
        columns = {
            name: torch.tensor(
                [step[name] for step in self.steps], dtype=torch.float64
            )
            for name in ("loss", "lr")
        }
        return {"steps": columns, "epochs": [dict(r) for r in self.epochs]}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take back what `state_dict` returned."""
        columns: Sequence[list[float]] = [
            state["steps"][name].tolist() for name in ("loss", "lr")
        ]
        self._pending.clear()
        self._steps = [
            {"loss": loss, "lr": lr} for loss, lr in zip(*columns, strict=True)
        ]
        self.epochs = [dict(row) for row in state["epochs"]]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, History):
            return NotImplemented
        return self.steps == other.steps and self.epochs == other.epochs

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        steps = len(self._steps) + len(self._pending)
        return f"History({len(self.epochs)} epochs, {steps} steps)"


class CSVHistory(Callback):
    """Keep the table of epochs in a file that is whole at every moment.

    Parameters
    ----------
    path
        The file; missing folders are made, an old file is replaced.

    Examples
    --------
    >>> CSVHistory("run/history.csv").path.name
    'history.csv'

    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)

    def on_epoch_end(self, learner: Learner) -> None:
        learner.history.to_csv(self.path)
