r"""Cross-entropy of scores and truth, written out, with its gradient.

A network gives a score :math:`z_c` for each class, softmax makes them
probabilities :math:`p_c`. If the truth is a row of probabilities :math:`q_c`,
the loss is :math:`-\sum_c q_c \ln p_c`. If it is one class, all of :math:`q`
lies there, and the sum is a look-up: minus the logarithm of the probability
of that class.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .class_numbers import class_numbers
from .softmax import log_softmax, softmax

__all__ = ["cross_entropy", "cross_entropy_gradient", "nll"]


def nll(log_probabilities: Tensor, target: Tensor) -> Tensor:
    """Return the negative log-likelihood of each row: one look-up a row.

    Parameters
    ----------
    log_probabilities
        Shape ``(N, C)``.
    target
        The number of the right class of each row, shape ``(N,)``.

    Returns
    -------
    Tensor
        Shape ``(N,)``; its mean equals `torch.nn.functional.nll_loss`.

    Raises
    ------
    TypeError, ValueError
        If classes are no whole numbers in ``[0, C)``, or shapes do not fit.

    Examples
    --------
    >>> shares = torch.tensor([[0.25, 0.75], [0.5, 0.5]])
    >>> nll(shares.log(), torch.tensor([1, 0]))
    tensor([0.2877, 0.6931])

    """
    _check_rows(log_probabilities)
    target = class_numbers(log_probabilities, target, empty=True)
    rows = torch.arange(len(target), device=target.device)
    return -log_probabilities[rows, target]


def cross_entropy(
    logits: Tensor,
    target: Tensor,
    *,
    weight: Tensor | None = None,
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> Tensor:
    r"""Return the cross-entropy of scores and truth.

    With label smoothing :math:`\varepsilon` the truth gives a share of
    :math:`\varepsilon` evenly to all :math:`C` classes:
    :math:`(1 - \varepsilon)\, q_c + \varepsilon / C`.

    Parameters
    ----------
    logits
        Scores before softmax, shape ``(N, C)``.
    target
        Class numbers, shape ``(N,)``, or a probability for each class, shape
        ``(N, C)``.
    weight
        What each class counts, shape ``(C,)``. A weighted mean over class
        numbers is divided by the sum of the weights of the right classes.
    ignore_index
        Rows of this class number count nothing.
    label_smoothing
        In ``[0, 1]``.
    reduction
        ``"mean"``, ``"sum"``, or ``"none"`` for one number a row.

    Returns
    -------
    Tensor
        Equal to `torch.nn.functional.cross_entropy`. The mean over no rows
        is NaN, as there.

    Raises
    ------
    TypeError, ValueError
        If shapes, types or values do not fit.

    Examples
    --------
    >>> logits = torch.tensor([[0.0, 0.0], [10000.0, 0.0]])
    >>> cross_entropy(logits, torch.tensor([0, 1]), reduction="none")
    tensor([6.9315e-01, 1.0000e+04])

    """
    _check_rows(logits)
    _check_settings(logits, weight, label_smoothing, reduction)
    weights = logits.new_ones(logits.shape[1]) if weight is None else weight
    if target.is_floating_point():
        _check_probabilities(logits, target)
        even = label_smoothing / logits.shape[1]
        shares = (1 - label_smoothing) * target + even
        losses = -(shares * weights * log_softmax(logits, 1)).sum(1)
        return _reduced(losses, losses.new_tensor(len(losses)), reduction)
    target = class_numbers(logits, target, ignored=ignore_index, empty=True)
    kept = target != ignore_index
    log_p, right = log_softmax(logits[kept], 1), target[kept]
    found = (1 - label_smoothing) * weights[right] * nll(log_p, right)
    if label_smoothing:
        even = label_smoothing / logits.shape[1]
        found = found - even * (weights * log_p).sum(1)
    losses = logits.new_zeros(len(target)).masked_scatter(kept, found)
    return _reduced(losses, weights[right].sum(), reduction)


def cross_entropy_gradient(logits: Tensor, target: Tensor) -> Tensor:
    r"""Return the gradient of the mean cross-entropy by the scores.

    .. math::
        \frac{\partial L}{\partial z_c} = \frac{p_c - q_c}{N}

    What the network said less what was right: no logarithm, no exponential
    is left, and the further off an answer is, the harder it is pulled.

    Parameters
    ----------
    logits, target
        As in `cross_entropy`, all rows counting alike.

    Returns
    -------
    Tensor
        Shape ``(N, C)``.

    Raises
    ------
    TypeError, ValueError
        If shapes, types or values do not fit.

    Examples
    --------
    >>> cross_entropy_gradient(torch.zeros(1, 4), torch.tensor([2]))
    tensor([[ 0.2500,  0.2500, -0.7500,  0.2500]])

    """
    _check_rows(logits)
    if target.is_floating_point():
        _check_probabilities(logits, target)
        truth = target
    else:
        target = class_numbers(logits, target, empty=True)
        classes = torch.arange(logits.shape[1], device=target.device)
        truth = (target[:, None] == classes).to(logits.dtype)
    return (softmax(logits, 1) - truth) / len(logits)


def _reduced(losses: Tensor, total: Tensor, reduction: str) -> Tensor:
    if reduction == "none":
        return losses
    return losses.sum() if reduction == "sum" else losses.sum() / total


def _check_rows(logits: Tensor) -> None:
    if logits.ndim != 2 or not logits.shape[1]:
        raise ValueError(
            "expected rows of scores of shape (N, C), got shape "
            f"{tuple(logits.shape)}; one row alone is logits[None]"
        )


def _check_probabilities(logits: Tensor, target: Tensor) -> None:
    if target.shape != logits.shape:
        raise ValueError(
            f"expected probabilities of shape {tuple(logits.shape)}, got "
            f"{tuple(target.shape)}; class numbers must be whole numbers"
        )
    off = (target.detach().sum(1) - 1).abs() > 1e-3
    if bool((target < 0).any()) or bool(off.any()):
        raise ValueError(
            "each row of the truth must be probabilities that add up to 1, "
            f"got row {target.detach()[off | (target < 0).any(1)][0].tolist()}"
            "; divide it by its sum"
        )


def _check_settings(
    logits: Tensor, weight: Tensor | None, smoothing: float, reduction: str
) -> None:
    if weight is not None and weight.shape != logits.shape[1:]:
        raise ValueError(
            f"expected a weight for each of {logits.shape[1]} classes, got "
            f"shape {tuple(weight.shape)}"
        )
    if not 0 <= smoothing <= 1:
        raise ValueError(
            f"label_smoothing must lie in [0, 1], got {smoothing}; 0.1 is "
            "usual"
        )
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(
            f"reduction must be 'mean', 'sum' or 'none', got {reduction!r}"
        )
