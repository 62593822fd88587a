"""The habits of a fine-tuning as switches; `tuning` follows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["TuningPlan"]


@dataclass(frozen=True)
class TuningPlan:
    """The switches of one fine-tuning; all but the last begin off.

    Attributes
    ----------
    lrs
        Top rate of each layer group, early to late, the head last.
    epochs
        Passes over the photos in which the body learns; 0 trains the head
        alone.
    head_epochs
        Passes for the head alone before that, on stored maps; 0 begins with
        everything at once.
    thaw
        First group that learns in each epoch, as in `Thaw`; empty for all
        groups in all epochs.
    large_head
        True for the head of `make_head`, False for one linear layer.
    fixed_statistics
        True keeps the statistics that the body's batch norms came with.
    fixed_scales
        True keeps the scale and shift of the body's batch norms.
    remeasured
        True measures the statistics that may move once more after the last
        step, on the photos that were learned from; on from the beginning.

    Examples
    --------
    >>> TuningPlan((1e-4, 1e-3, 1e-3), head_epochs=5).fixed_statistics
    False

    """

    lrs: Sequence[float]
    epochs: int = 5
    head_epochs: int = 0
    thaw: Sequence[int] = ()
    large_head: bool = False
    fixed_statistics: bool = False
    fixed_scales: bool = False
    remeasured: bool = True

    def __post_init__(self) -> None:
        if len(self.lrs) < 2:
            raise ValueError(
                "expected a rate for each layer group, at least for body and "
                f"head, got {list(self.lrs)}; see spread_lr"
            )
        if min(self.epochs, self.head_epochs) < 0 or not (
            self.epochs or self.head_epochs
        ):
            raise ValueError(
                "expected at least one epoch in all and none below zero, got "
                f"epochs={self.epochs} and head_epochs={self.head_epochs}"
            )
