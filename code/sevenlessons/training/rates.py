"""One learning rate a layer group: three ways, and the optimizer's list.

Early layers hold what any task needs and should move little; the new head
must learn everything. `same_lr` is one rate for all, `reduced_lr` the full
rate for the last group and a fraction for the others, `spread_lr` goes from
a low rate to a high one in equal factors.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .freezing import Grouped, layer_groups

__all__ = ["parameter_groups", "reduced_lr", "same_lr", "spread_lr"]


def same_lr(lr: float, n: int) -> list[float]:
    """Return `lr` for each of `n` groups.

    Examples
    --------
    >>> same_lr(0.01, 3)
    [0.01, 0.01, 0.01]

    """
    return spread_lr(lr, lr, n)


def reduced_lr(lr: float, n: int, fraction: float = 0.1) -> list[float]:
    """Return `lr` for the last of `n` groups, ``fraction * lr`` before it.

    Examples
    --------
    >>> reduced_lr(0.5, 3, fraction=0.5)
    [0.25, 0.25, 0.5]

    """
    if not 0 < fraction <= 1:
        raise ValueError(f"fraction must be in (0, 1], got {fraction}")
    return [*same_lr(lr * fraction, n)[:-1], *same_lr(lr, 1)]


def spread_lr(low: float, high: float, n: int) -> list[float]:
    r"""Return `n` rates from `low` to `high` in equal factors.

    Group :math:`i` of :math:`0 \ldots n - 1` gets
    :math:`low\,(high / low)^{i / (n - 1)}`; a single group gets `high`.

    Parameters
    ----------
    low
        Rate of the earliest group, positive.
    high
        Rate of the last group, at least `low`.
    n
        Number of groups, at least 1.

    Examples
    --------
    >>> [f"{lr:.0e}" for lr in spread_lr(1e-6, 1e-4, 3)]
    ['1e-06', '1e-05', '1e-04']

    """
    if n < 1:
        raise ValueError(f"n must be at least 1, got {n}")
    if not 0 < low <= high:
        raise ValueError(
            f"rates must be positive and rise from low to high, got "
            f"low={low} and high={high}"
        )
    if n == 1:
        return [high]
    factor = (high / low) ** (1 / (n - 1))
    rates = [low * factor**i for i in range(n)]
    rates[-1] = high  # no rounding at the end that was asked for
    return rates


def parameter_groups(
    model: Grouped,
    lrs: Sequence[float],
    *,
    weight_decay: float = 0.01,
) -> list[dict[str, Any]]:
    """Return what an optimizer needs to give each layer group its own rate.

    Frozen groups are listed too: the optimizer skips parameters without a
    gradient, and after `unfreeze` the same optimizer goes on.

    Parameters
    ----------
    model
        Its layer groups, early to late.
    lrs
        One rate a group, none negative.
    weight_decay
        The same for all groups, not negative.

    Examples
    --------
    >>> import torch
    >>> class Small(torch.nn.Sequential):
    ...     def layer_groups(self):
    ...         return list(self)
    >>> model = Small(torch.nn.Linear(4, 3), torch.nn.Linear(3, 2))
    >>> groups = parameter_groups(model, spread_lr(1e-5, 1e-3, 2))
    >>> optimizer = torch.optim.AdamW(groups)
    >>> [(len(group["params"]), group["lr"]) for group in groups]
    [(2, 1e-05), (2, 0.001)]

    """
    groups = layer_groups(model)
    if len(lrs) != len(groups):
        raise ValueError(
            f"expected one rate for each of the {len(groups)} layer groups, "
            f"got {len(lrs)}; see spread_lr(low, high, {len(groups)})"
        )
    if min(lrs) < 0:
        raise ValueError(f"rates must not be negative, got {list(lrs)}")
    if weight_decay < 0:
        raise ValueError(
            f"weight_decay must not be negative, got {weight_decay}"
        )
    return [
        {
            "params": list(group.parameters()),
            "lr": lr,
            "weight_decay": weight_decay,
        }
        for group, lr in zip(groups, lrs, strict=True)
    ]
