"""The numbers that a network starts with, drawn as wide as it needs them.

Weights start at random, so that no two units begin alike. How wide the draws
should be is computed in `gains`. Each function fills a tensor in place and
returns it, as `torch.nn.init` does, and draws the same numbers from the same
generator.
"""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor

from .gains import kaiming_std, xavier_std

__all__ = [
    "kaiming_normal_",
    "kaiming_uniform_",
    "normal_",
    "uniform_",
    "xavier_normal_",
    "xavier_uniform_",
]


@torch.no_grad()
def uniform_(
    tensor: Tensor,
    a: float = 0.0,
    b: float = 1.0,
    generator: Generator | None = None,
) -> Tensor:
    r"""Fill with even draws from `a` to `b`; their std is (b - a) / √12.

    Examples
    --------
    >>> uniform_(torch.empty(3), 2, 2)
    tensor([2., 2., 2.])

    """
    if a > b:
        raise ValueError(f"expected a <= b, got {a:g} and {b:g}; swap them")
    return tensor.uniform_(a, b, generator=generator)


@torch.no_grad()
def normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    generator: Generator | None = None,
) -> Tensor:
    """Fill with draws from a bell around `mean`.

    Examples
    --------
    >>> normal_(torch.empty(2), 5, 0)
    tensor([5., 5.])

    """
    if std < 0:
        raise ValueError(f"std must be 0 or more, got {std:g}")
    return tensor.normal_(mean, std, generator=generator)


def xavier_uniform_(
    tensor: Tensor, gain: float = 1.0, generator: Generator | None = None
) -> Tensor:
    """Fill evenly, with `xavier_std` (Glorot and Bengio, 2010).

    Examples
    --------
    >>> xavier_uniform_(torch.empty(2, 3)).shape
    torch.Size([2, 3])

    """
    bound = math.sqrt(3) * xavier_std(tensor, gain)
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(
    tensor: Tensor, gain: float = 1.0, generator: Generator | None = None
) -> Tensor:
    """Fill from a bell, with `xavier_std` (Glorot and Bengio, 2010).

    Examples
    --------
    >>> xavier_normal_(torch.empty(2, 3)).shape
    torch.Size([2, 3])

    """
    return normal_(tensor, 0.0, xavier_std(tensor, gain), generator)


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:
    """Fill evenly, with `kaiming_std` (He and others, 2015).

    Examples
    --------
    >>> kaiming_uniform_(torch.empty(2, 3)).shape
    torch.Size([2, 3])

    """
    bound = math.sqrt(3) * kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:
    """Fill from a bell, with `kaiming_std` (He and others, 2015).

    Examples
    --------
    >>> kaiming_normal_(torch.empty(2, 3)).shape
    torch.Size([2, 3])

    """
    std = kaiming_std(tensor, a, mode, nonlinearity)
    return normal_(tensor, 0.0, std, generator)
