"""Keep small gradients alive in float16: scale the loss, divide them again.

Gradients that are too small for float16 become zero. A loss that is
multiplied by a large number has gradients that are larger by the same number;
they survive, and are divided in float32. How large a number? As large as it
may be without any gradient becoming infinite: found by trying.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

__all__ = ["LossScaler"]


class LossScaler:
    """A scale for the loss that finds its own size.

    A step whose gradients are not finite is left out, and the scale is made
    smaller. After enough good steps in a row it is made larger again.

    Parameters
    ----------
    scale
        To begin with; positive.
    growth, backoff
        Factors: growth above 1, backoff in ``(0, 1)``.
    interval
        Good steps in a row before the scale grows.

    Attributes
    ----------
    scale
        The factor on the next loss.
    skipped
        Steps left out so far.

    Notes
    -----
    Micikevicius et al. (2018), arXiv:1710.03740. The same sequence of scales
    as torch's ``GradScaler``, whose names are ``init_scale``,
    ``growth_factor``, ``backoff_factor`` and ``growth_interval``.

    Examples
    --------
    >>> scaler = LossScaler(scale=8.0, interval=2)
    >>> good, bad = [torch.tensor([8.0])], [torch.tensor([float("inf")])]
    >>> for gradients in (bad, good, good, good):
    ...     ok = scaler.unscale(gradients)
    ...     scaler.update(ok)
    ...     print(ok, scaler.scale)
    False 4.0
    True 4.0
    True 8.0
    True 8.0

    """

    def __init__(
        self,
        scale: float = 2.0**16,
        *,
        growth: float = 2.0,
        backoff: float = 0.5,
        interval: int = 2000,
    ) -> None:
        if not 0 < scale < float("inf"):
            raise ValueError(f"scale must be positive, got {scale}")
        if not growth > 1 or not 0 < backoff < 1:
            raise ValueError(
                "growth must be above 1 and backoff in (0, 1), got "
                f"{growth} and {backoff}"
            )
        if interval < 1:
            raise ValueError(f"interval must be at least 1, got {interval}")
        self.scale = scale
        self.growth, self.backoff, self.interval = growth, backoff, interval
        self.skipped = 0
        self._good = 0  # in a row

    def scaled(self, loss: Tensor) -> Tensor:
        """Return the loss times the scale: call backward on that."""
        return loss * self.scale

    def unscale(self, gradients: Iterable[Tensor]) -> bool:
        """Divide gradients by the scale, in place; say if all are finite."""
        finite = True
        for gradient in gradients:
            gradient.div_(self.scale)
            finite = finite and bool(torch.isfinite(gradient).all())
        return finite

    def update(self, finite: bool) -> None:
        """Set the next scale, once a step."""
        if not finite:
            self.scale *= self.backoff
            self.skipped += 1
            self._good = 0
            return
        self._good += 1
        if self._good == self.interval:
            self.scale *= self.growth
            self._good = 0
