"""Snapshots: the weights at chosen steps of one training.

A schedule with restarts comes to rest several times. Each time the network
is a decent one, and they differ, because every restart throws it out of its
valley. `Snapshots` keeps them all; averaging their probabilities gives an
ensemble for the price of a single training.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from torch import Tensor

from .callbacks import Callback

if TYPE_CHECKING:
    from .learner import Learner

__all__ = ["Snapshots", "cycle_ends"]


def cycle_ends(first: int, factor: int, num_steps: int) -> list[int]:
    """Return after how many steps the cycles of a schedule have ended.

    Parameters
    ----------
    first, factor
        Steps of the first cycle, and how many times as long each cycle is
        as the one before, as `cosine_restarts` takes them.
    num_steps
        Steps of the training. It ends the last cycle, whole or not.

    Examples
    --------
    >>> cycle_ends(2, 2, num_steps=14), cycle_ends(5, 1, num_steps=12)
    ([2, 6, 14], [5, 10, 12])

    """
    settings = {"first": first, "factor": factor, "num_steps": num_steps}
    for name, value in settings.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(
                f"{name} must be a whole number of at least 1, got {value!r}"
            )
    ends, length = [first], first
    while ends[-1] < num_steps:
        length *= factor
        ends.append(ends[-1] + length)
    return [*ends[:-1], num_steps]


class Snapshots(Callback):
    """Keep a copy of the model's weights after some steps of a fit.

    Parameters
    ----------
    steps
        After how many steps of the fit, each at least 1 and larger than the
        one before; see `cycle_ends`.

    Attributes
    ----------
    states
        The copies, in order: what ``model.load_state_dict`` takes. A new fit
        begins with none.

    Examples
    --------
    >>> import torch
    >>> from sevenlessons.training.learner import Learner
    >>> model = torch.nn.Linear(1, 1)
    >>> batch = (torch.ones(4, 1), torch.ones(4, 1))
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    >>> loss_fn = torch.nn.functional.mse_loss
    >>> keep = Snapshots([2, 6])
    >>> learner = Learner(
    ...     model, [batch] * 6, None, loss_fn, optimizer, callbacks=[keep]
    ... )
    >>> _ = learner.fit(1)
    >>> len(keep.states), torch.equal(keep.states[1]["bias"], model.bias)
    (2, True)

    """

    def __init__(self, steps: Sequence[int]) -> None:
        wanted = list(steps)
        if not wanted or wanted != sorted(set(wanted)) or wanted[0] < 1:
            raise ValueError(
                "steps must be whole numbers of at least 1, each larger than "
                f"the one before, got {wanted}"
            )
        self.steps = wanted
        self.states: list[dict[str, Tensor]] = []
        self._done = 0

    def on_fit_begin(self, learner: Learner) -> None:
        self.states, self._done = [], 0

    def on_batch_end(self, learner: Learner) -> None:
        self._done += 1
        if self._done in self.steps:
            self.states.append(
                {
                    name: value.detach().clone()
                    for name, value in learner.model.state_dict().items()
                }
            )
