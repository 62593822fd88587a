"""The phases of a training for pixels: small, then large; frozen, then not.

A step on pictures of half the size costs about a quarter, and what a street
looks like is learned there as well. The full size then refines the edges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sevenlessons.training.rates import spread_lr

from .transforms import Transform

__all__ = ["Phase", "TrainingSettings", "plan_phases"]

SMALLEST = 32  # pixels a side that the bodies need


@dataclass(frozen=True)
class Phase:
    """A stretch of the training.

    Parameters
    ----------
    size
        Height and width of the pictures.
    epochs
        Passes over them.
    frozen
        Whether the decoder learns alone.

    Examples
    --------
    >>> Phase((90, 120), 2, frozen=True).name
    '90 x 120, decoder alone'

    """

    size: tuple[int, int]
    epochs: int
    frozen: bool

    @property
    def name(self) -> str:
        """What happens in it, in a few words."""
        what = "decoder alone" if self.frozen else "all layers"
        return f"{self.size[0]} x {self.size[1]}, {what}"


def plan_phases(size: tuple[int, int], epochs: int) -> list[Phase]:
    """Share `epochs` out: half size and full size, frozen and unfrozen.

    Parameters
    ----------
    size
        Height and width at the end, at least 32 each; below 64 there is no
        half size.
    epochs
        All together, at least 1.

    Examples
    --------
    >>> [(p.size[0], p.epochs, p.frozen) for p in plan_phases((64, 96), 9)]
    [(32, 2, True), (32, 2, False), (64, 2, True), (64, 3, False)]

    """
    if min(size) < SMALLEST:
        raise ValueError(
            f"height and width must be at least {SMALLEST}, got {size[0]} x "
            f"{size[1]}; enlarge the size"
        )
    if epochs < 1:
        raise ValueError(f"epochs must be at least 1, got {epochs}")
    half = (size[0] // 2, size[1] // 2)
    kinds = [(size, True), (size, False)]
    if min(half) >= SMALLEST:
        kinds = [(half, True), (half, False), *kinds]
    if epochs == 1:  # the decoder first: it knows nothing yet
        kinds = [(size, True)]
    elif epochs < len(kinds):  # leave the middle out first
        kinds = [kinds[0], *kinds[len(kinds) - epochs + 1 :]]
    shares = [epochs // len(kinds)] * len(kinds)
    for i in range(epochs % len(kinds)):
        shares[-1 - i] += 1
    return [
        Phase(where, share, frozen)
        for (where, frozen), share in zip(kinds, shares, strict=True)
    ]


@dataclass(frozen=True)
class TrainingSettings:
    """What a training can be told.

    Parameters
    ----------
    void
        The class number that is neither learned nor judged, or None.
    batch_size, weight_decay, seed, device
        As everywhere.
    lr
        Highest rate of the decoder alone. Unfrozen, the highest rates run
        from a 300th of it, in the first layers, to a third, in the decoder.
    pct_start
        Share of the steps in which the rate rises.
    transforms
        Augmentation of pictures and masks together.

    Examples
    --------
    >>> TrainingSettings(lr=1e-3).rates(3)
    [3.3333333333333333e-06, 3.3333333333333335e-05, 0.0003333333333333333]

    """

    void: int | None = None
    batch_size: int = 8
    lr: float = 3e-3
    weight_decay: float = 0.01
    pct_start: float = 0.8
    transforms: Sequence[Transform] = ()
    seed: int = 0
    device: str = "cpu"

    def rates(self, num_groups: int) -> list[float]:
        """Return the highest rate of each layer group once all learn."""
        return spread_lr(self.lr / 300, self.lr / 3, num_groups)
