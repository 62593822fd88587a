r"""Softmax and its logarithms, written out so that no score is too large.

`softmax` turns scores into shares: all positive, adding up to one, and a
score that is larger by 1 gets :math:`e` times the share. Taken literally,
:math:`e^z` overflows at 89 in float32. Adding a number to all scores changes
no share, so the largest score is subtracted first; then the largest exponent
is 0. The same trick makes the logarithm of a sum of exponentials safe.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["log_softmax", "log_sum_exp", "softmax"]


def log_sum_exp(scores: Tensor, dim: int) -> Tensor:
    r"""Return :math:`\ln \sum_j e^{z_j}`, without overflow.

    A soft maximum: at least the largest score, and at most :math:`\ln C`
    more if there are :math:`C` of them.

    Parameters
    ----------
    scores
        Any shape with at least one axis.
    dim
        The axis to sum over; it goes away.

    Returns
    -------
    Tensor
        Equal to `torch.logsumexp`. Over an axis without scores, and where
        all scores are minus infinity, it is minus infinity.

    Raises
    ------
    TypeError, ValueError
        If the scores are no floating-point numbers, or lack that axis.

    Examples
    --------
    >>> log_sum_exp(torch.tensor([10000.0, 10000.0]), dim=0)
    tensor(10000.6934)

    """
    _check(scores, dim)
    if scores.shape[dim] == 0:
        return scores.sum(dim).log()
    top = scores.detach().amax(dim, keepdim=True)
    top = torch.where(top.isinf(), 0.0, top)  # -inf - -inf is not a number
    total = (scores - top).exp().sum(dim)
    return total.log() + top.squeeze(dim)


def softmax(scores: Tensor, dim: int) -> Tensor:
    r"""Return :math:`p_i = e^{z_i} / \sum_j e^{z_j}`, without overflow.

    Parameters
    ----------
    scores
        Any shape with at least one axis. A score of minus infinity gets a
        share of exactly 0.
    dim
        The axis along which the shares add up to one.

    Returns
    -------
    Tensor
        In the shape of `scores`, equal to `torch.softmax`. Where all scores
        are minus infinity there is nothing to share: NaN.

    Raises
    ------
    TypeError, ValueError
        If the scores are no floating-point numbers, or lack that axis.

    Examples
    --------
    >>> softmax(torch.tensor([-10000.0, 0.0, 0.0]), dim=0)
    tensor([0.0000, 0.5000, 0.5000])

    """
    _check(scores, dim)
    powers = _from_the_top(scores, dim).exp()
    return powers / powers.sum(dim, keepdim=True)


def log_softmax(scores: Tensor, dim: int) -> Tensor:
    r"""Return :math:`\ln p_i = z_i - \ln \sum_j e^{z_j}`.

    The logarithm is never taken of a share that has been rounded to 0, so a
    very unlikely class keeps a finite, correct logarithm. The largest score
    is taken off *before* the logarithm of the sum: beside a score of 10,000
    float32 has no room for the third decimal of that logarithm.

    Parameters
    ----------
    scores, dim
        As in `softmax`.

    Returns
    -------
    Tensor
        In the shape of `scores`, equal to `torch.log_softmax`.

    Raises
    ------
    TypeError, ValueError
        If the scores are no floating-point numbers, or lack that axis.

    Examples
    --------
    >>> log_softmax(torch.tensor([-10000.0, 0.0, 0.0]), dim=0)
    tensor([-1.0001e+04, -6.9315e-01, -6.9315e-01])

    """
    _check(scores, dim)
    lower = _from_the_top(scores, dim)
    return lower - lower.exp().sum(dim, keepdim=True).log()


def _from_the_top(scores: Tensor, dim: int) -> Tensor:
    """Return the scores less the largest, which changes no share."""
    if scores.shape[dim] == 0:
        return scores
    return scores - scores.detach().amax(dim, keepdim=True)


def _check(scores: Tensor, dim: int) -> None:
    if not scores.is_floating_point():
        raise TypeError(
            "expected scores that are floating-point numbers, got "
            f"{scores.dtype}; turn them with scores.float()"
        )
    if not -scores.ndim <= dim < scores.ndim:
        raise ValueError(
            f"expected an axis of scores of shape {tuple(scores.shape)}, got "
            f"dim={dim}; the last one is dim=-1, and a single number has none"
        )
