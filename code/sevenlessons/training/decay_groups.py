"""Which parameters weight decay should shrink, and which it should leave.

Matrices and kernels shrink. Biases and the scales and shifts of norms do
not: each is one number a unit, there are few of them, and a scale that is
pulled to zero switches its unit off. They are the tensors with one axis.
"""

from typing import Any

from torch import nn

__all__ = ["decay_groups"]


def decay_groups(
    model: nn.Module, weight_decay: float
) -> list[dict[str, Any]]:
    """Return two parameter groups: with weight decay, and without.

    Parameters
    ----------
    model
        Its frozen parameters are left out; one that is used in two places
        comes once.
    weight_decay
        Strength for tensors of two or more axes, 0 or more. All others get
        none.

    Returns
    -------
    list of dict
        For an optimizer: ``AdamW(decay_groups(model, 0.1), lr=1e-3)``. A
        group without parameters is left out.

    Raises
    ------
    ValueError
        If the strength is negative, or nothing in the model learns.

    Examples
    --------
    >>> from torch import nn
    >>> from sevenlessons.training.decay_groups import decay_groups
    >>> model = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3))
    >>> for group in decay_groups(model, 0.1):
    ...     print(group["weight_decay"], len(group["params"]))
    0.1 1
    0.0 3

    """
    if not 0 <= weight_decay < float("inf"):
        raise ValueError(
            "weight_decay must be a finite number of 0 or more, got "
            f"{weight_decay}; a negative one would make weights grow"
        )
    learns = [p for p in model.parameters() if p.requires_grad]
    if not learns:
        raise ValueError(
            f"{type(model).__name__} has no parameter that learns, expected "
            "at least one; unfreeze a part first"
        )
    groups: list[dict[str, Any]] = [
        {
            "params": [p for p in learns if p.ndim >= 2],
            "weight_decay": float(weight_decay),
        },
        {"params": [p for p in learns if p.ndim < 2], "weight_decay": 0.0},
    ]
    return [group for group in groups if group["params"]]
