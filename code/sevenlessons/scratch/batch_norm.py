r"""Batch norm: each channel to mean zero and variance one, over a batch.

.. math::
    y = \gamma\, \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta

In training, :math:`\mu` and :math:`\sigma^2` come from the batch, and a
memory follows them. Afterwards they come from the memory, so that an answer
does not depend on who else is in the batch (Ioffe and Szegedy, 2015).

Two traps. `momentum` here is the weight of the *new* batch: 0.1 keeps nine
tenths of the old. Optimizers, and other libraries, mean the share that is
kept. And the batch is divided by its variance over `n`, while the memory
gets the variance over `n - 1`, the fair guess for rows never seen.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .scale_shift import scale_and_shift

__all__ = ["BatchNorm", "batch_norm", "remember"]


def remember(
    memory: Tensor, new: Tensor, momentum: float | None, step: int
) -> None:
    """Move a running statistic towards a new value, in place.

    Parameters
    ----------
    memory
        The running statistic; changed.
    new
        What this batch has.
    momentum
        Weight of the new value, in ``[0, 1]``; None takes the plain mean of
        all batches so far.
    step
        Which batch this is, counted from 1.

    Examples
    --------
    >>> memory = torch.zeros(1)
    >>> remember(memory, torch.tensor([5.0]), momentum=0.1, step=1)
    >>> memory
    tensor([0.5000])

    """
    share = 1 / step if momentum is None else momentum
    with torch.no_grad():
        memory.mul_(1 - share).add_(share * new)


def batch_norm(
    x: Tensor,
    mean: Tensor,
    var: Tensor,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Return `x` shifted and scaled channel by channel.

    Parameters
    ----------
    x
        Shape ``(N, C)`` or ``(N, C, ...)``.
    mean, var
        One number a channel, shape ``(C,)``.
    weight, bias
        The learned scale and shift, shape ``(C,)``; None for 1 and 0.
    eps
        Added to the variance, against a channel that is constant.

    Raises
    ------
    ValueError
        If there are not as many numbers as channels.

    Examples
    --------
    >>> x = torch.tensor([[1.0], [3.0]])
    >>> batch_norm(x, torch.tensor([2.0]), torch.tensor([1.0]), eps=0.0)
    tensor([[-1.],
            [ 1.]])

    """
    channels = x.shape[1:2]
    if not channels or mean.shape != channels or var.shape != channels:
        raise ValueError(
            "expected input of shape (N, C, ...) with C means and variances, "
            f"got {tuple(x.shape)}, {tuple(mean.shape)} and "
            f"{tuple(var.shape)}; channels stand on axis 1"
        )
    shape = (-1,) + (1,) * (x.ndim - 2)
    y = (x - mean.view(shape)) / (var.view(shape) + eps).sqrt()
    return scale_and_shift(y, weight, bias, channels, x.ndim - 2)


class BatchNorm(nn.Module):
    """Batch norm as a layer, for rows, sequences, pictures and volumes.

    Parameters
    ----------
    num_features
        Channels `C` of the input, shape ``(N, C)`` or ``(N, C, ...)``.
    eps
        As in `batch_norm`.
    momentum
        As in `remember`.
    affine
        Whether scale and shift are learned.
    track_running_stats
        False keeps no memory: predictions use their own batch, too.

    Raises
    ------
    ValueError
        If the input has another number of channels, or a batch that is
        measured has one number a channel, whose variance says nothing.

    Examples
    --------
    >>> layer = BatchNorm(1)
    >>> layer(torch.tensor([[1.0], [3.0]])).detach().round(decimals=2)
    tensor([[-1.],
            [ 1.]])
    >>> layer.running_mean, layer.running_var
    (tensor([0.2000]), tensor([1.1000]))

    """

    running_mean: Tensor
    running_var: Tensor
    num_batches_tracked: Tensor

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
    ) -> None:
        super().__init__()
        if num_features < 1:
            raise ValueError(
                f"num_features must be at least 1, got {num_features}"
            )
        if momentum is not None and not 0 <= momentum <= 1:
            raise ValueError(
                "momentum is the weight of the new batch and must be in "
                f"[0, 1] or None, got {momentum}"
            )
        self.num_features, self.eps = num_features, eps
        self.momentum, self.tracks = momentum, track_running_stats
        ones, zeros = torch.ones(num_features), torch.zeros(num_features)
        self.weight = nn.Parameter(ones) if affine else None
        self.bias = nn.Parameter(zeros) if affine else None
        if self.tracks:
            self.register_buffer("running_mean", torch.zeros(num_features))
            self.register_buffer("running_var", torch.ones(num_features))
            self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x: Tensor) -> Tensor:
        if x.ndim < 2 or x.shape[1] != self.num_features:
            raise ValueError(
                f"expected input of shape (N, {self.num_features}, ...), got "
                f"{tuple(x.shape)}; channels stand on axis 1"
            )
        if self.training or not self.tracks:
            mean, var = self.batch_statistics(x)
        else:
            mean, var = self.running_mean, self.running_var
        return batch_norm(x, mean, var, self.weight, self.bias, self.eps)

    def batch_statistics(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean and variance a channel; in training, remember them."""
        count = x.numel() // self.num_features
        if count == 1 or (self.training and not count):
            raise ValueError(
                "expected more than 1 value a channel to learn from, got "
                f"input of shape {tuple(x.shape)}; take larger batches, "
                "drop a last one of a single row, or, if the layer has a "
                "memory, call eval()"
            )
        others = [axis for axis in range(x.ndim) if axis != 1]
        mean = x.mean(dim=others)  # (C,)
        var = x.var(dim=others, unbiased=False)
        if self.training and self.tracks:
            self.num_batches_tracked += 1
            step = int(self.num_batches_tracked)
            unbiased = var * (count / (count - 1))
            remember(self.running_mean, mean, self.momentum, step)
            remember(self.running_var, unbiased, self.momentum, step)
        return mean, var

    def extra_repr(self) -> str:
        return f"{self.num_features}, momentum={self.momentum}"
