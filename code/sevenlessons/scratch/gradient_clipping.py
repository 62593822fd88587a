r"""Gradient clipping written out: a long step keeps its direction.

All gradients together are one long vector. If it is longer than allowed, it
is made shorter, every number by the same factor:

.. math:: g \leftarrow g \cdot \min\left(1, \frac{c}{|g|}\right).

A gradient that exploded on the way through many steps then costs one step of
ordinary length instead of all that was learned.
"""

from collections.abc import Iterable

import torch
from torch import Tensor

__all__ = ["clip_gradients"]


def clip_gradients(
    parameters: Iterable[Tensor], max_norm: float, *, eps: float = 1e-6
) -> Tensor:
    """Shorten all gradients together to `max_norm`; return their length.

    Parameters
    ----------
    parameters
        Tensors; those without a gradient are passed over.
    max_norm
        Largest 2-norm over all of them, positive.
    eps
        Added to the length before the division, as torch does.

    Returns
    -------
    Tensor
        The norm before clipping; 0 if nothing has a gradient.

    Raises
    ------
    ValueError
        If `max_norm` is not positive.

    Notes
    -----
    A length that is no finite number cannot be repaired by a factor. It is
    returned, so that the caller sees it.

    Examples
    --------
    >>> weight = torch.zeros(2)
    >>> weight.grad = torch.tensor([3.0, 4.0])
    >>> clip_gradients([weight], max_norm=1.0), weight.grad
    (tensor(5.), tensor([0.6000, 0.8000]))

    """
    if not max_norm > 0:
        raise ValueError(
            f"max_norm must be positive, got {max_norm}; 0 would stop learning"
        )
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return torch.zeros(())
    norm = torch.stack([grad.square().sum() for grad in grads]).sum().sqrt()
    factor = (max_norm / (norm + eps)).clamp(max=1)
    for grad in grads:
        grad.mul_(factor)
    return norm
