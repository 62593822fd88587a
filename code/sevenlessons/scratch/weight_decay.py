r"""Two ways to keep weights small: in the loss, and in the step.

The *L2 penalty* adds :math:`\frac{\lambda}{2} \sum w^2` to the loss, so
:math:`\lambda w` to the gradient. *Weight decay* leaves loss and gradient
alone and takes the share :math:`\eta\lambda` off each weight in each step.
For plain SGD the two are one: :math:`w - \eta (g + \lambda w) =
(1 - \eta\lambda) w - \eta g`. An optimizer that does something to the
gradient before it steps, as Adam does, does it to the penalty too, and then
they part.

Loshchilov and Hutter (2019), arXiv:1711.05101.
"""

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

__all__ = ["add_penalty_gradient", "decay", "l2_penalty", "share_left"]


def l2_penalty(params: Iterable[Tensor], weight_decay: float) -> Tensor:
    """Return what the L2 penalty adds to the loss.

    Parameters
    ----------
    params
        The parameters, such as ``model.parameters()``.
    weight_decay
        Its strength, 0 or more. Half the strength times the sum of squares:
        the half goes when the square is differentiated.

    Raises
    ------
    ValueError
        If the strength is negative or there is no parameter.

    Examples
    --------
    >>> weight = torch.tensor([3.0, -1.0], requires_grad=True)
    >>> penalty = l2_penalty([weight], weight_decay=0.1)
    >>> penalty.backward()
    >>> round(penalty.item(), 4), weight.grad
    (0.5, tensor([ 0.3000, -0.1000]))

    """
    _check(weight_decay)
    squares = [(p**2).sum() for p in params]
    if not squares:
        raise ValueError(
            "params is empty; pass model.parameters(), and pass it anew each "
            "time: it can be read only once"
        )
    return weight_decay / 2 * torch.stack(squares).sum()


@torch.no_grad()
def add_penalty_gradient(
    params: Iterable[Tensor], weight_decay: float
) -> None:
    """Add the gradient of the L2 penalty: call it before the step.

    Parameters
    ----------
    params, weight_decay
        As in `l2_penalty`. A parameter without a gradient is left alone.

    Notes
    -----
    This is what ``weight_decay=`` does in `torch.optim.SGD` and
    `torch.optim.Adam`.

    Examples
    --------
    >>> weight = torch.tensor([3.0, -1.0], requires_grad=True)
    >>> weight.sum().backward()
    >>> add_penalty_gradient([weight], weight_decay=0.1)
    >>> weight.grad
    tensor([1.3000, 0.9000])

    """
    _check(weight_decay)
    for p in params:
        if p.grad is not None:
            p.grad += weight_decay * p


@torch.no_grad()
def decay(params: Iterable[Tensor], lr: float, weight_decay: float) -> None:
    """Shrink the weights themselves: call it before the step.

    Parameters
    ----------
    params
        As in `l2_penalty`. One without a gradient is left alone.
    lr
        The learning rate of the step, 0 or more.
    weight_decay
        The strength, 0 or more: each weight loses ``lr * weight_decay`` of
        itself.

    Notes
    -----
    This is what ``weight_decay=`` does in `torch.optim.AdamW`.

    Examples
    --------
    >>> weight = torch.tensor([3.0, -1.0], requires_grad=True)
    >>> weight.sum().backward()
    >>> decay([weight], lr=0.5, weight_decay=0.2)
    >>> weight.detach()
    tensor([ 2.7000, -0.9000])

    """
    _check(weight_decay, lr)
    for p in params:
        if p.grad is not None:
            p *= 1 - lr * weight_decay


def share_left(lrs: Sequence[float], weight_decay: float) -> float:
    """Return what decay alone leaves of a weight after some steps.

    Parameters
    ----------
    lrs
        The learning rate of each step.
    weight_decay
        The strength, 0 or more.

    Examples
    --------
    >>> round(share_left([0.5, 0.5, 0.1], weight_decay=0.2), 4)
    0.7938

    """
    _check(weight_decay, *lrs)
    share = 1.0
    for lr in lrs:
        share *= 1 - lr * weight_decay
    return share


def _check(weight_decay: float, *lrs: float) -> None:
    for name, number in (("weight_decay", weight_decay), *_named(lrs)):
        if not 0 <= number < float("inf"):
            raise ValueError(
                f"{name} must be a finite number of 0 or more, got {number}; "
                "a negative one would make weights grow"
            )


def _named(lrs: Sequence[float]) -> list[tuple[str, float]]:
    return [("lr", lr) for lr in lrs]
