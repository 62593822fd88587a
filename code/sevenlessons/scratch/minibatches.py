"""Take each step on a few rows instead of all: stochastic descent.

`minibatches` deals the rows out like cards, `stochastic_descent` walks.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from .descent import mse_gradient

__all__ = ["minibatches", "stochastic_descent"]


def minibatches(
    n: int, batch_size: int, generator: torch.Generator
) -> Iterator[Tensor]:
    """Deal the numbers of `n` rows out, shuffled: one epoch.

    Parameters
    ----------
    n
        How many rows there are.
    batch_size
        How many a batch holds, at least 1. The last one may hold fewer.
    generator
        Where the shuffling comes from.

    Yields
    ------
    Tensor
        Row numbers of the next batch; each row comes once.

    Examples
    --------
    >>> generator = torch.Generator().manual_seed(0)
    >>> epoch = list(minibatches(10, 4, generator))
    >>> [len(batch) for batch in epoch]
    [4, 4, 2]
    >>> sorted(torch.cat(epoch).tolist()) == list(range(10))
    True

    """
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    yield from torch.randperm(n, generator=generator).split(batch_size)


def stochastic_descent(
    inputs: Tensor,
    target: Tensor,
    start: Tensor,
    *,
    lr: float,
    epochs: int,
    batch_size: int,
    seed: int = 0,
) -> Tensor:
    """Walk down the mean squared error of one mini-batch after another.

    Parameters
    ----------
    inputs
        Shape ``(N, P)``.
    target
        Shape ``(N,)``.
    start
        The first weights, shape ``(P,)``; left as they are.
    lr
        The learning rate.
    epochs
        How often every row is used.
    batch_size
        Rows a step; with N of them this is `descent.gradient_descent`.
    seed
        Of the shuffling.

    Returns
    -------
    Tensor
        The weights before the first and after each step, shape
        ``(1 + epochs * ceil(N / batch_size), P)``.

    Examples
    --------
    >>> from sevenlessons.scratch.descent import make_line
    >>> inputs, target = make_line(100, noise=0)
    >>> start = torch.zeros(2, dtype=torch.float64)
    >>> path = stochastic_descent(
    ...     inputs, target, start, lr=0.1, epochs=20, batch_size=10
    ... )
    >>> path.shape, [round(w, 2) for w in path[-1].tolist()]
    (torch.Size([201, 2]), [3.0, 2.0])

    """
    generator = torch.Generator().manual_seed(seed)
    weights = start
    path = [start]
    for _ in range(epochs):
        for rows in minibatches(len(target), batch_size, generator):
            gradient = mse_gradient(inputs[rows], target[rows], weights)
            weights = weights - lr * gradient
            path.append(weights)
    return torch.stack(path)
