r"""Binary cross-entropy from a score, written out, with its gradient.

One label, yes or no. A network gives a score :math:`z`, the sigmoid makes it
a probability :math:`p = 1 / (1 + e^{-z})`, and the loss is the surprise at
the truth: :math:`-\ln p` for yes, :math:`-\ln (1 - p)` for no. Taken
literally this fails for large scores, where :math:`p` rounds to 1. The form
used here never does. `binary_cross_entropy` is the one to take when only the
probability is known.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = [
    "bce_gradient",
    "bce_with_logits",
    "binary_cross_entropy",
    "sigmoid",
]


def sigmoid(logits: Tensor) -> Tensor:
    r"""Return :math:`1 / (1 + e^{-z})`, without overflow on either side.

    Parameters
    ----------
    logits
        Any shape, any real numbers.

    Examples
    --------
    >>> sigmoid(torch.tensor([-1000.0, 0.0, 1000.0]))
    tensor([0.0000, 0.5000, 1.0000])

    """
    positive = logits > 0
    small = torch.exp(-_size(logits))  # in (0, 1]: never too large
    return torch.where(positive, 1 / (1 + small), small / (1 + small))


def bce_with_logits(logits: Tensor, target: Tensor) -> Tensor:
    r"""Return the mean binary cross-entropy of scores and truth.

    .. math::
        \max(z, 0) - z\,y + \ln(1 + e^{-|z|})

    Equal to :math:`-y \ln p - (1 - y) \ln(1 - p)`, but exact for any score.

    Parameters
    ----------
    logits
        Scores before the sigmoid, any shape.
    target
        Truth in ``[0, 1]``, same shape.

    Returns
    -------
    Tensor
        One number. Equal to torch's ``binary_cross_entropy_with_logits``.

    Examples
    --------
    >>> bce_with_logits(torch.tensor([0.0, 200.0]), torch.tensor([1.0, 0.0]))
    tensor(100.3466)

    """
    _check(logits, target)
    tail = torch.log1p(torch.exp(-_size(logits)))
    positive = torch.where(logits > 0, logits, 0.0)
    return (positive - logits * target + tail).mean()


def bce_gradient(logits: Tensor, target: Tensor) -> Tensor:
    r"""Return the gradient of `bce_with_logits` by the scores.

    :math:`(p - y) / n`: the error of the probability, whatever the score.

    Parameters
    ----------
    logits, target
        As in `bce_with_logits`.

    Returns
    -------
    Tensor
        In the shape of `logits`.

    Examples
    --------
    >>> bce_gradient(torch.tensor([0.0, 0.0]), torch.tensor([1.0, 0.0]))
    tensor([-0.2500,  0.2500])

    """
    _check(logits, target)
    return (sigmoid(logits) - target) / logits.numel()


def binary_cross_entropy(probability: Tensor, target: Tensor) -> Tensor:
    r"""Return the mean binary cross-entropy of probabilities and truth.

    :math:`-y \ln p - (1 - y) \ln(1 - p)`, where no logarithm counts as less
    than -100. So a probability of exactly 0 at a yes costs 100, not infinity.

    Parameters
    ----------
    probability
        In ``[0, 1]``, any shape.
    target
        Truth in ``[0, 1]``, same shape.

    Returns
    -------
    Tensor
        One number. Equal to torch's ``binary_cross_entropy``; its gradient
        too, :math:`(p - y) / (p (1 - p))` divided by how many there are,
        where torch counts no product :math:`p (1 - p)` below 1e-12. That
        gradient is a constant to torch: there is no second derivative.

    Raises
    ------
    ValueError
        If the shapes differ, or a number lies outside.

    Examples
    --------
    >>> yes = torch.ones(2)
    >>> binary_cross_entropy(torch.tensor([1.0, 0.0]), yes)
    tensor(50.)

    """
    _check(probability, target)
    if not ((probability >= 0) & (probability <= 1)).all():
        raise ValueError(
            "probabilities must lie in [0, 1], got "
            f"{probability.min():g} to {probability.max():g}; scores go "
            "into bce_with_logits"
        )
    p = probability.detach()
    yes, no = p.log().clamp(min=-100), torch.log1p(-p).clamp(min=-100)
    value = -target * yes - (1 - target) * no
    slope = (p - target) / (p * (1 - p)).clamp(min=1e-12)
    # p itself has the slope 1, and p - p.detach() the value 0
    return (value + slope * (probability - p)).mean()


def _size(logits: Tensor) -> Tensor:
    """Return the absolute value, with the slope -1 at 0.

    The slope of torch's ``abs`` is 0 there, which is right for neither side:
    the losses' gradient at 0 would be wrong, and an untrained head of zeros
    gives the score 0 everywhere.
    """
    return torch.where(logits > 0, logits, -logits)


def _check(logits: Tensor, target: Tensor) -> None:
    if logits.shape != target.shape or logits.numel() == 0:
        raise ValueError(
            "expected scores and truth of one shape, not empty, got "
            f"{tuple(logits.shape)} and {tuple(target.shape)}"
        )
    if not ((target >= 0) & (target <= 1)).all():
        raise ValueError(
            "the truth must lie in [0, 1]: 1 for yes, 0 for no, got "
            f"{target.min():g} to {target.max():g}"
        )
