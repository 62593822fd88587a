r"""Dropout: zeros at random while training, and nothing afterwards.

Each number is kept with probability :math:`1 - p` and then divided by it,

.. math::
    y = \frac{m}{1 - p}\, x, \qquad m \sim \text{Bernoulli}(1 - p),

so that the mean of :math:`y` is :math:`x` and predictions need no change
(Srivastava and others, 2014; they divided in the predictions instead).
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor, nn

__all__ = ["Dropout", "dropout"]


def dropout(
    x: Tensor,
    p: float = 0.5,
    training: bool = True,
    generator: Generator | None = None,
) -> Tensor:
    """Return `x` with a share `p` of its numbers set to zero at random.

    Parameters
    ----------
    x
        Floating-point numbers of any shape.
    p
        Chance of each to be dropped, in ``[0, 1]``.
    training
        False returns `x` itself.
    generator
        Where the mask is drawn from; torch's global one when None.

    Raises
    ------
    ValueError
        If `p` is outside ``[0, 1]``.

    Examples
    --------
    >>> dropout(torch.ones(3), p=0.0), dropout(torch.ones(2), p=1.0)
    (tensor([1., 1., 1.]), tensor([0., 0.]))

    """
    if not 0 <= p <= 1:
        raise ValueError(
            f"p is the chance to be dropped and must be in [0, 1], got {p}"
        )
    if not training or p == 0:
        return x
    kept = torch.empty_like(x).bernoulli_(1 - p, generator=generator)
    if p < 1:
        kept /= 1 - p
    return x * kept


class Dropout(nn.Module):
    """`dropout` as a layer: on after ``train()``, off after ``eval()``.

    As in torch, the masks are drawn from torch's global generator.

    Parameters
    ----------
    p
        As in `dropout`.

    Examples
    --------
    >>> Dropout(0.9).eval()(torch.ones(3))
    tensor([1., 1., 1.])

    """

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(f"p must be in [0, 1], got {p}")
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        return dropout(x, self.p, self.training)
