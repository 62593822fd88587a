r"""Layer, instance and group norm: mean zero, variance one, row by row.

.. math::
    y = \gamma\, \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta

The formula is batch norm's; what differs is over which numbers
:math:`\mu` and :math:`\sigma^2` are taken. None of the three looks at other
rows of the batch, so none needs a memory, and training and predicting are
the same.

Layer norm takes all features of a row (Ba and others, 2016), instance norm
all places of one channel of a row (Ulyanov and others, 2016), group norm all
places of a few channels of a row (Wu and He, 2018).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .scale_shift import scale_and_shift

__all__ = [
    "GroupNorm",
    "InstanceNorm",
    "LayerNorm",
    "group_norm",
    "instance_norm",
    "layer_norm",
    "normalized",
]


def normalized(x: Tensor, dims: Sequence[int], eps: float = 1e-5) -> Tensor:
    """Return `x` with mean zero and variance one over the axes `dims`.

    In float16 the squares may overflow, which torch adds up in float32.

    Examples
    --------
    >>> normalized(torch.tensor([[1.0, 3.0], [5.0, 5.0]]), [1], eps=0.01)
    tensor([[-0.9950,  0.9950],
            [ 0.0000,  0.0000]])

    """
    centered = x - x.mean(dim=list(dims), keepdim=True)
    var = centered.square().mean(dim=list(dims), keepdim=True)
    return centered / (var + eps).sqrt()


def layer_norm(
    x: Tensor,
    normalized_shape: Sequence[int],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Return layer norm over the last axes, which `normalized_shape` names.

    Raises
    ------
    ValueError
        If input, scale or shift do not end in `normalized_shape`.

    Examples
    --------
    >>> layer_norm(torch.tensor([[0.0, 4.0]]), [2]).round(decimals=2)
    tensor([[-1.,  1.]])

    """
    shape = tuple(normalized_shape)
    if not shape or tuple(x.shape[-len(shape) :]) != shape:
        raise ValueError(
            f"expected input of shape (..., {', '.join(map(str, shape))}), "
            f"got {tuple(x.shape)}"
        )
    y = normalized(x, range(-len(shape), 0), eps)
    return scale_and_shift(y, weight, bias, shape)


def group_norm(
    x: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Return group norm: `C` channels in `num_groups` groups of neighbors.

    Parameters
    ----------
    x
        Shape ``(N, C)`` or ``(N, C, ...)``.
    num_groups
        Must divide `C`. 1 takes all channels together, `C` each alone.
    weight, bias
        One number a channel, shape ``(C,)``.
    eps
        Added to the variance.

    Examples
    --------
    >>> x = torch.tensor([[0.0, 2.0, 10.0, 30.0]])
    >>> group_norm(x, 2).round(decimals=2)
    tensor([[-1.,  1., -1.,  1.]])

    """
    if x.ndim < 2:
        raise ValueError(
            f"expected input of shape (N, C, ...), got {tuple(x.shape)}"
        )
    _check_groups(num_groups, x.shape[1])
    size = x.shape[1] // num_groups * math.prod(x.shape[2:])
    if len(x) * size == 1:
        raise ValueError(
            f"expected more than 1 value a group, got {tuple(x.shape)}"
        )
    groups = x.reshape(len(x), num_groups, size)
    y = normalized(groups, [2], eps).reshape(x.shape)
    return scale_and_shift(y, weight, bias, x.shape[1:2], x.ndim - 2)


def instance_norm(
    x: Tensor,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Return instance norm: group norm with each channel alone.

    Raises
    ------
    ValueError
        If a channel has a single place: it would always become zero.

    Examples
    --------
    >>> instance_norm(torch.tensor([[[0.0, 2.0]]])).round(decimals=2)
    tensor([[[-1.,  1.]]])

    """
    if x.ndim < 3 or math.prod(x.shape[2:]) == 1:
        raise ValueError(
            "expected input of shape (N, C, ...) with more than 1 place a "
            f"channel, got {tuple(x.shape)}; for rows take layer norm"
        )
    return group_norm(x, x.shape[1], weight, bias, eps)


class LayerNorm(nn.Module):
    """`layer_norm` with a learned scale and shift a feature.

    Parameters
    ----------
    normalized_shape
        The last axes of the input; a number for the last one.
    eps
        Added to the variance.

    Examples
    --------
    >>> LayerNorm(2)(torch.tensor([[0.0, 4.0]])).detach().round(decimals=2)
    tensor([[-1.,  1.]])

    """

    def __init__(
        self, normalized_shape: int | Sequence[int], eps: float = 1e-5
    ) -> None:
        super().__init__()
        if isinstance(normalized_shape, int):
            normalized_shape = (normalized_shape,)
        self.normalized_shape, self.eps = tuple(normalized_shape), eps
        self.weight = nn.Parameter(torch.ones(self.normalized_shape))
        self.bias = nn.Parameter(torch.zeros(self.normalized_shape))

    def forward(self, x: Tensor) -> Tensor:
        shape = self.normalized_shape
        return layer_norm(x, shape, self.weight, self.bias, self.eps)


class GroupNorm(nn.Module):
    """`group_norm` with a learned scale and shift a channel.

    Parameters
    ----------
    num_groups, num_channels, eps
        As in `group_norm`; `num_channels` is its `C`.

    Examples
    --------
    >>> layer = GroupNorm(1, 2)
    >>> layer(torch.tensor([[0.0, 4.0]])).detach().round(decimals=2)
    tensor([[-1.,  1.]])

    """

    def __init__(
        self, num_groups: int, num_channels: int, eps: float = 1e-5
    ) -> None:
        super().__init__()
        _check_groups(num_groups, num_channels)
        self.num_groups, self.eps = num_groups, eps
        self.weight = nn.Parameter(torch.ones(num_channels))
        self.bias = nn.Parameter(torch.zeros(num_channels))

    def forward(self, x: Tensor) -> Tensor:
        return group_norm(x, self.num_groups, self.weight, self.bias, self.eps)


class InstanceNorm(nn.Module):
    """`instance_norm`; scale and shift only with ``affine=True``.

    Parameters
    ----------
    num_features
        Channels of the input.
    eps
        Added to the variance.
    affine
        Whether scale and shift are learned; torch's default is no.

    Examples
    --------
    >>> InstanceNorm(1)(torch.tensor([[[0.0, 4.0]]])).round(decimals=2)
    tensor([[[-1.,  1.]]])

    """

    def __init__(
        self, num_features: int, eps: float = 1e-5, affine: bool = False
    ) -> None:
        super().__init__()
        self.eps = eps
        ones, zeros = torch.ones(num_features), torch.zeros(num_features)
        self.weight = nn.Parameter(ones) if affine else None
        self.bias = nn.Parameter(zeros) if affine else None

    def forward(self, x: Tensor) -> Tensor:
        return instance_norm(x, self.weight, self.bias, self.eps)


def _check_groups(num_groups: int, channels: int) -> None:
    if num_groups < 1 or channels % num_groups:
        raise ValueError(
            f"num_groups must divide the {channels} channels, got {num_groups}"
        )
