"""Keep a training on disk; take it up again as if it had never stopped.

`Checkpoint` writes the files, `resume` makes a learner continue from one,
`load_weights` takes only the model. The file itself is the matter of
`storage`, the random states that of `randomness`, what is refused that of
`checkpoint_checks`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from torch import nn

from .callbacks import Callback
from .checkpoint_checks import (
    check_learner,
    check_weights,
    kinds,
    with_memory,
)
from .monitor import Monitor
from .randomness import get_random_state, set_random_state
from .storage import load_plain, save_plain

if TYPE_CHECKING:
    from .learner import Learner

__all__ = ["Checkpoint", "load_checkpoint", "load_weights", "resume"]

_FORMAT = "sevenlessons checkpoint 1"


class Checkpoint(Callback):
    """Write ``last.pt`` after every epoch, ``best.pt`` after the best one.

    Put it after the callbacks that remember something (schedules, early
    stopping), so that the file holds what they know after the epoch.

    Parameters
    ----------
    folder
        Where the two files stand; made if it is missing. Files of an earlier
        fit are replaced.
    monitor
        The column of ``history.epochs`` that says which epoch is best; None
        writes no ``best.pt``.
    lower_is_better
        Must be said for everything but a loss.
    min_delta
        Smallest change for the better that counts, at least 0.

    Examples
    --------
    >>> checkpoint = Checkpoint("run", "valid_accuracy", lower_is_better=False)
    >>> checkpoint.last.as_posix(), checkpoint.best.as_posix()
    ('run/last.pt', 'run/best.pt')

    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        monitor: str | None = "valid_loss",
        *,
        lower_is_better: bool | None = None,
        min_delta: float = 0.0,
    ) -> None:
        self.last = Path(folder) / "last.pt"
        self.best = Path(folder) / "best.pt"
        self.monitor = (
            Monitor(monitor, lower_is_better, min_delta) if monitor else None
        )

    def on_fit_begin(self, learner: Learner) -> None:
        place = learner.callbacks.index(self)
        for later in with_memory(learner.callbacks[place + 1 :]):
            name = type(later).__name__
            raise ValueError(
                f"Checkpoint stands before {name} and would write what {name} "
                f"knew an epoch ago; put Checkpoint after {name}"
            )
        if self.monitor is not None:
            self.monitor.reset()

    def on_epoch_end(self, learner: Learner) -> None:
        row = learner.history.epochs[-1]
        improved = self.monitor is not None and self.monitor.improved(row)
        state = _state(learner)
        save_plain(state, self.last)
        if improved:
            save_plain(state, self.best)

    def state_dict(self) -> dict[str, Any]:
        return {"best": self.monitor.best if self.monitor else None}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        if self.monitor is not None and state["best"] is not None:
            self.monitor.best = state["best"]


def load_checkpoint(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the content of a checkpoint, tensors on the CPU.

    Parameters
    ----------
    path
        A file that `Checkpoint` wrote.

    Returns
    -------
    dict
        ``learner`` (state of ``model`` and ``optimizer``), ``progress``,
        ``history``, ``callbacks``, ``random``, ``kinds``.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is damaged, cut short, or no checkpoint.

    """
    state = load_plain(path)
    if not isinstance(state, dict) or state.get("format") != _FORMAT:
        found = state.get("format") if isinstance(state, dict) else None
        raise ValueError(
            f"{path} is no checkpoint of this package: expected the format "
            f"{_FORMAT!r}, got {found!r}; for bare weights use torch.load and "
            "model.load_state_dict"
        )
    return state


def load_weights(model: nn.Module, path: str | os.PathLike[str]) -> None:
    """Load into `model` the weights that a checkpoint holds.

    Parameters
    ----------
    model
        Built as the one that was trained; changed in place.
    path
        A file that `Checkpoint` wrote, such as ``best.pt``.

    """
    weights = load_checkpoint(path)["learner"]["model"]
    check_weights(model, weights)
    model.load_state_dict(weights)


def resume(learner: Learner, path: str | os.PathLike[str]) -> None:
    """Make the next ``learner.fit(epochs)`` continue the fit in `path`.

    Build the learner exactly as for the fit that was stopped, call `resume`,
    then `fit` with the same `epochs`: the number counts the epochs already
    done, so only the rest is trained. On a CPU the weights and the history
    are then bit for bit those of a fit that was never stopped. If the fit
    was finished (or stopped early), nothing is trained and the callbacks do
    their last work. The fit after that is an ordinary one.

    Parameters
    ----------
    learner
        Model, history and counters are loaded at once; optimizer, callbacks
        and random states when `fit` begins.
    path
        A file that `Checkpoint` wrote, mostly ``last.pt``.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is damaged or belongs to another learner, whose parts
        the message names; `learner` is unchanged then.

    """
    state = load_checkpoint(path)
    learner.callbacks[:] = [
        callback
        for callback in learner.callbacks
        if not isinstance(callback, _Continue)
    ]
    check_learner(learner, state)
    learner.model.load_state_dict(state["learner"]["model"])
    learner.history.load_state_dict(state["history"])
    vars(learner).update(state["progress"])
    learner.callbacks.append(_Continue(state))


class _Continue(Callback):
    """Put everything back once the other callbacks have begun their fit."""

    def __init__(self, state: dict[str, Any]) -> None:
        self.state = state

    def on_fit_begin(self, learner: Learner) -> None:
        if learner.callbacks[-1] is not self:
            raise RuntimeError(
                "callbacks were added after resume, which must see them all; "
                "add them first, then call resume"
            )
        state, asked = self.state, learner.epochs
        done = state["progress"]["epochs_done"]
        if asked < done:
            raise ValueError(
                f"epochs counts the {done} epochs done before resume, so it "
                f"must be at least {done}, got {asked}; the fit was asked for "
                f"{state['progress']['epochs']}"
            )
        learner.load_state_dict(state["learner"])
        learner.history.load_state_dict(state["history"])
        vars(learner).update(state["progress"] | {"epochs": asked})
        for callback, saved in zip(
            with_memory(learner.callbacks), state["callbacks"], strict=True
        ):
            callback.load_state_dict(saved["state"])
        loaders = (learner.train_loader, learner.valid_loader)
        set_random_state(state["random"], *loaders)  # last: drawn by none

    def on_fit_end(self, learner: Learner) -> None:
        learner.callbacks.remove(self)


def _state(learner: Learner) -> dict[str, Any]:
    counters = ("epoch", "epochs", "epochs_done", "should_stop")
    return {
        "format": _FORMAT,
        "kinds": kinds(learner),
        "learner": learner.state_dict(),
        "progress": {name: getattr(learner, name) for name in counters},
        "history": learner.history.state_dict(),
        "callbacks": [
            {"kind": type(callback).__name__, "state": callback.state_dict()}
            for callback in with_memory(learner.callbacks)
        ],
        "random": get_random_state(learner.train_loader, learner.valid_loader),
    }
