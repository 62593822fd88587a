"""The curves of a history, as a diagnosis needs them.

`read_curves` takes a history apart once, so that the rules in `diagnosis`
deal with plain lists where lower is better. `note_on_the_gap` says in words
what looks like a fault and is none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from .history import History
from .monitor import Monitor
from .signs import rise_from_best

__all__ = ["Curves", "note_on_the_gap", "read_curves"]

_GAP_EPOCHS = 6


@dataclass(frozen=True)
class Curves:
    """What was recorded, as lists where lower is better.

    Attributes
    ----------
    train, lr, by_step
        The training loss of each batch with its rate; where no batches were
        recorded, of each epoch, and no rates.
    train_epochs, valid
        The two losses of each epoch; empty if not recorded.
    watched, name, top
        The monitored column; a value for which more is better is turned
        around, to its distance from 1 for shares, else to its negative.

    Examples
    --------
    >>> curves = read_curves(History(), Monitor("valid_loss"))
    >>> curves.train, curves.by_step
    ([], False)

    """

    train: list[float]
    lr: list[float]
    by_step: bool
    train_epochs: list[float]
    valid: list[float]
    watched: list[float]
    name: str
    top: float | None

    @property
    def unit(self) -> str:
        """What `train` has one number of: a step or an epoch."""
        return "step" if self.by_step else "epoch"

    @property
    def last_train(self) -> float:
        """The training loss at the end."""
        recent = self.train[-max(1, len(self.train) // 9) :]
        return (self.train_epochs or [sum(recent) / len(recent)])[-1]

    @property
    def is_share(self) -> bool:
        """Whether `watched` is no loss and lies in [0, 1]: error, accuracy."""
        bounded = all(0 <= value <= 1 for value in self.watched)
        return bounded and not self.name.endswith("loss")

    def shown(self, level: float) -> float:
        """Return a level of `watched` as it was recorded."""
        return level if self.top is None else self.top - level


def read_curves(history: History, monitor: Monitor) -> Curves:
    """Return the curves of `history`; refuse a monitor it does not know.

    Examples
    --------
    >>> history = History()
    >>> history.epochs = [{"epoch": 0, "train_loss": 2.0, "valid_acc": 0.75}]
    >>> curves = read_curves(history, Monitor("valid_acc", False))
    >>> curves.watched, curves.shown(0.25)
    ([0.25], 0.75)

    """
    rows, steps = history.epochs, history.steps
    train_epochs = [row["train_loss"] for row in rows]
    watched: list[float] = []
    if rows and (monitor.name in rows[0] or monitor.name != "valid_loss"):
        monitor.improved(rows[0])  # refuses a name that is not recorded
        watched = [row.get(monitor.name, math.nan) for row in rows]
    top = None
    if not all(map(math.isfinite, watched)):
        watched = []
    elif not monitor.lower_is_better:
        top = 1.0 if all(0 <= value <= 1 for value in watched) else 0.0
        watched = [top - value for value in watched]
    known = bool(rows) and all("valid_loss" in row for row in rows)
    return Curves(
        train=[step["loss"] for step in steps] or train_epochs,
        lr=[step["lr"] for step in steps],
        by_step=bool(steps),
        train_epochs=train_epochs,
        valid=[row["valid_loss"] for row in rows] if known else [],
        watched=watched,
        name=monitor.name,
        top=top,
    )


def note_on_the_gap(curves: Curves, fault: str | None) -> tuple[str, ...]:
    """Return what is no fault but looks like one, in sentences.

    Examples
    --------
    >>> history = History()
    >>> history.epochs = [{"epoch": 0, "train_loss": 1, "valid_loss": 2}]
    >>> note_on_the_gap(read_curves(history, Monitor("valid_loss")), None)[0]
    'Training loss below validation loss (1 and 2) alone is no fault.'

    """
    valid, train = curves.valid, curves.train_epochs
    notes: list[str] = []
    if not valid or fault == "learning rate too high":
        return ()
    if train[-1] < valid[-1]:
        alone = "alone is no fault"
        if fault == "too many epochs":
            alone += "; the rise is"
        notes.append(
            f"Training loss below validation loss ({train[-1]:.3g} and "
            f"{valid[-1]:.3g}) {alone}."
        )
    if fault != "too many epochs" and len(valid) >= _GAP_EPOCHS:
        rise = rise_from_best(valid)
        by_heart = (
            curves.name != "valid_loss" and rise.amount > 0.2 * rise.best
        )
        if by_heart and curves.watched:
            notes.append(
                f"The validation loss rose from {rise.best:.3g} to "
                f"{rise.last:.3g}, but {curves.name} did not follow: the "
                "network grows too sure of itself, and is not more often "
                "wrong."
            )
    return tuple(notes)
