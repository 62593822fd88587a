"""Thaw a network while it trains: one layer group more at a time.

`freezing` says what learns from now on; `Thaw` says it anew at the beginning
of each epoch, by a table of stages. The optimizer holds all groups from the
start: it skips a parameter that has no gradient.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .callbacks import Callback
from .freezing import Grouped, freeze_to, layer_groups

if TYPE_CHECKING:
    from .learner import Learner

__all__ = ["Thaw", "stage_table"]


class Thaw(Callback):
    """Let more layer groups learn from epoch to epoch.

    Parameters
    ----------
    first_groups
        For each epoch of a fit the first layer group that learns, as in
        `freeze_to`: ``[-1, -2, 0]`` is the head, then the last two groups,
        then all. Epochs beyond the list keep its last entry.

    Raises
    ------
    ValueError
        If the list is empty.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from torch import nn
    >>> class Small(nn.Sequential):
    ...     def layer_groups(self):
    ...         return list(self)
    >>> model = Small(nn.Linear(4, 3), nn.Linear(3, 2))
    >>> thaw = Thaw([-1, 0])
    >>> thaw.on_epoch_begin(SimpleNamespace(model=model, epochs_done=0))
    >>> [p.requires_grad for p in model[0].parameters()]
    [False, False]

    """

    def __init__(self, first_groups: Sequence[int]) -> None:
        if not first_groups:
            raise ValueError(
                "first_groups is empty; give the first group that learns for "
                "each epoch, such as [-1, -2, 0]"
            )
        self.first_groups = list(first_groups)

    def on_epoch_begin(self, learner: Learner) -> None:
        """Freeze and thaw as the table says for this epoch."""
        place = min(learner.epochs_done, len(self.first_groups) - 1)
        freeze_to(learner.model, self.first_groups[place])  # type: ignore[arg-type]


def stage_table(
    model: Grouped, first_groups: Sequence[int], lrs: Sequence[float]
) -> list[dict[str, Any]]:
    """Return one row an epoch: which groups learn, how much, how fast.

    Parameters
    ----------
    model
        Its layer groups, early to late; left as it is.
    first_groups
        As in `Thaw`.
    lrs
        Top rate of each group.

    Examples
    --------
    >>> from torch import nn
    >>> class Small(nn.Sequential):
    ...     def layer_groups(self):
    ...         return list(self)
    >>> model = Small(nn.Linear(4, 3), nn.Linear(3, 2))
    >>> for row in stage_table(model, [-1, 0], [0.1, 0.2]):
    ...     print(row["epoch"], row["groups"], row["learning"])
    1 1 8
    2 2 23

    """
    groups = layer_groups(model)
    count = len(groups)
    if len(lrs) != count:
        raise ValueError(
            f"expected one rate for each of the {count} layer groups, got "
            f"{len(lrs)}"
        )
    sizes = [sum(p.numel() for p in group.parameters()) for group in groups]
    rows = []
    for epoch, first in enumerate(first_groups, start=1):
        if not -count <= first < count:
            raise ValueError(
                f"group must be in [-{count}, {count}), since the model has "
                f"{count} layer groups, got {first}"
            )
        start = first % count
        rates = [0.0] * start + list(lrs[start:])
        rows.append(
            {
                "epoch": epoch,
                "groups": count - start,
                "learning": sum(sizes[start:]),
                "rates": rates,
            }
        )
    return rows
