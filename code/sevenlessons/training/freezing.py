"""Which layer groups of a network learn: only the head, the last few, all.

A network says what its groups are with a method `layer_groups`, early layers
first and the head last. Transfer in pictures and in text then shares the
same three words: `freeze`, `freeze_to`, `unfreeze`.
"""

from typing import Protocol, runtime_checkable

from torch import nn

__all__ = ["Grouped", "freeze", "freeze_to", "layer_groups", "unfreeze"]


@runtime_checkable
class Grouped(Protocol):
    """A model that can name its layer groups."""

    def layer_groups(self) -> list[nn.Module]:
        """Return the groups, earliest layers first, the head last."""


def layer_groups(model: Grouped) -> list[nn.Module]:
    """Return the groups of `model`, earliest layers first, the head last.

    Raises
    ------
    TypeError
        If the model has no method of that name.

    Examples
    --------
    >>> class Small(nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.body, self.head = nn.Linear(4, 3), nn.Linear(3, 2)
    ...     def layer_groups(self):
    ...         return [self.body, self.head]
    >>> groups = layer_groups(Small())
    >>> [sum(p.numel() for p in group.parameters()) for group in groups]
    [15, 8]

    """
    if not isinstance(model, Grouped):
        raise TypeError(
            "expected a model with a method layer_groups() that lists its "
            f"groups from early to late, got {type(model).__name__}"
        )
    return model.layer_groups()


def freeze_to(model: Grouped, group: int) -> None:
    """Let layer groups from `group` on learn, and none before.

    A frozen parameter keeps its value whatever the optimizer does, and costs
    no backward pass. Its batch norms still follow the data in training mode:
    pass `sevenlessons.vision.transfer.FrozenBatchNorm` to the Learner to stop
    that too. A tensor that two groups share learns if either does.

    Parameters
    ----------
    model
        Changed in place.
    group
        First group that learns; counts from the end when negative, so that
        ``-1`` is the head alone.

    Examples
    --------
    >>> class Small(nn.Sequential):
    ...     def layer_groups(self):
    ...         return list(self)
    >>> model = Small(nn.Linear(4, 3), nn.Linear(3, 3), nn.Linear(3, 2))
    >>> freeze_to(model, -2)
    >>> [next(g.parameters()).requires_grad for g in layer_groups(model)]
    [False, True, True]

    """
    groups = layer_groups(model)
    if not -len(groups) <= group < len(groups):
        raise ValueError(
            f"group must be in [-{len(groups)}, {len(groups)}), since the "
            f"model has {len(groups)} layer groups, got {group}"
        )
    first = group % len(groups)
    for number, part in enumerate(groups):
        for parameter in part.parameters():
            parameter.requires_grad = number >= first
            if number < first:
                parameter.grad = None  # an old gradient would still be used


def freeze(model: Grouped) -> None:
    """Let only the head learn: ``freeze_to(model, -1)``."""
    freeze_to(model, -1)


def unfreeze(model: Grouped) -> None:
    """Let everything learn: ``freeze_to(model, 0)``."""
    freeze_to(model, 0)
