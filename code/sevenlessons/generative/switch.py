"""Whose turn is it? The critic learns until it is good enough to teach.

A generator that listens to a critic who knows nothing learns nothing. So the
critic takes steps until its loss is below a threshold; then the generator
takes one step, and the critic must prove itself again.
"""

from __future__ import annotations

import math
from typing import Any

__all__ = ["AdaptiveSwitch"]


class AdaptiveSwitch:
    """Say after each step whether the critic or the generator is next.

    Parameters
    ----------
    threshold
        The generator's turn comes when the critic's loss is below this. A
        critic that tosses a coin has a cross-entropy of 0.693.
    longest
        After so many steps in a row that did not get below the threshold
        the generator has a turn all the same; None waits for ever.

    Attributes
    ----------
    phase
        ``"critic"`` or ``"generator"``: who takes the next step.
    log
        Who took each step so far.

    Examples
    --------
    >>> switch = AdaptiveSwitch(threshold=0.5)
    >>> [switch.step(loss) for loss in (0.7, 0.6, 0.4)]
    ['critic', 'critic', 'generator']
    >>> switch.step(9.0)  # the generator has one step, whatever its loss
    'critic'
    >>> switch.log
    ['critic', 'critic', 'critic', 'generator']

    """

    def __init__(
        self, threshold: float = 0.65, *, longest: int | None = None
    ) -> None:
        if not (math.isfinite(threshold) and threshold > 0):
            raise ValueError(
                "threshold must be a finite number above 0, a loss of the "
                f"critic such as 0.65, got {threshold}"
            )
        if longest is not None and longest < 1:
            raise ValueError(
                f"longest must be at least 1 step of the critic, got {longest}"
                "; None waits until the threshold is reached"
            )
        self.threshold = threshold
        self.longest = longest
        self.phase = "critic"
        self.log: list[str] = []
        self._in_a_row = 0

    def step(self, loss: float) -> str:
        """Note that `phase` took a step with this loss; return the next.

        Raises
        ------
        FloatingPointError
            If the loss is not a number: no threshold would ever be reached.

        """
        if math.isnan(loss):
            raise FloatingPointError(
                f"the {self.phase}'s loss is nan, so that its turn would "
                "never end; lower the learning rates or look for a division "
                "by 0"
            )
        self.log.append(self.phase)
        if self.phase == "generator":
            self.phase, self._in_a_row = "critic", 0
            return self.phase
        self._in_a_row += 1
        if loss < self.threshold or self._in_a_row == self.longest:
            self.phase = "generator"
        return self.phase

    def state_dict(self) -> dict[str, Any]:
        """Return what is needed to go on at the same place."""
        return {
            "phase": self.phase,
            "log": list(self.log),
            "in_a_row": self._in_a_row,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take back what `state_dict` returned."""
        self.phase = state["phase"]
        self.log = list(state["log"])
        self._in_a_row = state["in_a_row"]
