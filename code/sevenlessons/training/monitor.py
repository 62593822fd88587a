"""One recorded number that is watched for its best value."""

from __future__ import annotations

import math
from collections.abc import Mapping

__all__ = ["Monitor"]


class Monitor:
    """Remember the best value of one column of ``history.epochs``.

    Parameters
    ----------
    name
        The column, such as ``valid_loss``.
    lower_is_better
        May be left out only if `name` ends in ``loss``.
    min_delta
        Smallest change for the better that counts, at least 0.

    Examples
    --------
    >>> monitor = Monitor("valid_loss")
    >>> [monitor.improved({"valid_loss": v}) for v in (3.0, 2.0, 2.5)]
    [True, True, False]
    >>> monitor.best
    2.0

    """

    def __init__(
        self,
        name: str,
        lower_is_better: bool | None = None,
        min_delta: float = 0.0,
    ) -> None:
        if lower_is_better is None:
            if not name.endswith("loss"):
                raise ValueError(
                    f"is less or more of {name!r} better? "
                    "say lower_is_better=True or lower_is_better=False"
                )
            lower_is_better = True
        if not min_delta >= 0:
            raise ValueError(f"min_delta must be at least 0, got {min_delta}")
        self.name = name
        self.lower_is_better = lower_is_better
        self.min_delta = min_delta
        self.best: float
        self.reset()

    def reset(self) -> None:
        """Forget the best value."""
        self.best = math.inf if self.lower_is_better else -math.inf

    def improved(self, row: Mapping[str, float]) -> bool:
        """Return whether `row` beats the best; if so, it is the new best."""
        if self.name not in row:
            raise ValueError(
                f"monitor={self.name!r} is not recorded; "
                f"available: {', '.join(row)}"
            )
        value = row[self.name]
        sign = 1 if self.lower_is_better else -1
        if sign * value < sign * self.best - self.min_delta:  # not for nan
            self.best = value
            return True
        return False
