"""Fit a line by walking downhill: gradient descent, written out.

Read in this order: `make_line` (points around a line), `mse` (how wrong),
`mse_gradient` (which way is up, by hand), `gradient_descent` (step the other
way, again and again, with or without momentum). `minibatches` takes the same
steps on a few rows at a time, `least_squares` knows where they must end.
"""

import torch
from torch import Tensor

__all__ = ["gradient_descent", "make_line", "mse", "mse_gradient"]


def make_line(
    n: int,
    *,
    slope: float = 3.0,
    intercept: float = 2.0,
    noise: float = 0.25,
    seed: int = 0,
) -> tuple[Tensor, Tensor]:
    """Return points around a line, in the form that a model reads.

    Parameters
    ----------
    n
        How many points, at least 2.
    slope, intercept
        Of the line that the points scatter around.
    noise
        Standard deviation of the scatter, in the units of y.
    seed
        Of the random draws.

    Returns
    -------
    inputs : Tensor
        A row a point: its x, drawn evenly from -1 to 1, and a 1, shape
        ``(n, 2)``. So ``inputs @ weights`` is slope times x plus intercept.
    target : Tensor
        The y of each point, shape ``(n,)``.

    Notes
    -----
    In double precision, where the errors of rounding are too small to be
    taken for something else.

    Examples
    --------
    >>> inputs, target = make_line(100)
    >>> inputs.shape, target.shape
    (torch.Size([100, 2]), torch.Size([100]))

    """
    if n < 2:
        raise ValueError(f"a line needs n of at least 2 points, got {n}")
    if noise < 0:
        raise ValueError(f"noise is a spread, 0 or more, got {noise:g}")
    generator = torch.Generator().manual_seed(seed)
    x = 2 * torch.rand(n, generator=generator, dtype=torch.float64) - 1
    scatter = torch.randn(n, generator=generator, dtype=torch.float64)
    inputs = torch.stack([x, torch.ones_like(x)], dim=1)  # (n, 2)
    return inputs, slope * x + intercept + noise * scatter


def mse(prediction: Tensor, target: Tensor) -> Tensor:
    """Return the mean squared error.

    Parameters
    ----------
    prediction, target
        Of one shape.

    Returns
    -------
    Tensor
        In squared units of the target, shape ``()``.

    Raises
    ------
    ValueError
        If the shapes differ: broadcasting would give a number, and a wrong
        one.

    Examples
    --------
    >>> mse(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 4.0])).item()
    2.0

    """
    if prediction.shape != target.shape:
        raise ValueError(
            f"prediction has shape {tuple(prediction.shape)}, target "
            f"{tuple(target.shape)}; they must be the same (squeeze an axis "
            "of length 1?)"
        )
    return ((prediction - target) ** 2).mean()


def mse_gradient(inputs: Tensor, target: Tensor, weights: Tensor) -> Tensor:
    r"""Return the gradient of the mean squared error of ``inputs @ weights``.

    Each weight multiplies one column of the inputs, so by the chain rule
    :math:`\partial L / \partial w_j
    = \frac{2}{N} \sum_i (\hat y_i - y_i)\, x_{ij}`.

    Parameters
    ----------
    inputs
        Shape ``(N, P)``.
    target
        Shape ``(N,)``.
    weights
        Shape ``(P,)``.

    Returns
    -------
    Tensor
        One number a weight, shape ``(P,)``.

    Examples
    --------
    >>> inputs = torch.tensor([[1.0, 1.0], [2.0, 1.0]])
    >>> mse_gradient(inputs, torch.tensor([3.0, 5.0]), torch.zeros(2))
    tensor([-13.,  -8.])

    """
    error = inputs @ weights - target  # (N,)
    return 2 * (inputs.T @ error) / len(target)


def gradient_descent(
    inputs: Tensor,
    target: Tensor,
    start: Tensor,
    *,
    lr: float,
    steps: int,
    momentum: float = 0.0,
) -> Tensor:
    """Walk down the mean squared error; return every place on the way.

    Parameters
    ----------
    inputs
        Shape ``(N, P)``.
    target
        Shape ``(N,)``.
    start
        The first weights, shape ``(P,)``; left as they are.
    lr
        The learning rate: how far a step goes along the gradient.
    steps
        How many.
    momentum
        Share of the last step that is kept, in ``[0, 1)``.

    Returns
    -------
    Tensor
        The weights before the first and after each step, shape
        ``(steps + 1, P)``.

    Raises
    ------
    ValueError
        If a rate, a share or a number of steps is out of its range.

    Notes
    -----
    The same as `torch.optim.SGD` with the same `lr` and `momentum`: the
    velocity is ``momentum * velocity + gradient``, and the first one is the
    gradient alone. BatchNorm's momentum weighs the *new* value, this one the
    old.

    Examples
    --------
    >>> inputs, target = make_line(100, noise=0)
    >>> start = torch.tensor([-1.0, 1.0], dtype=torch.float64)
    >>> path = gradient_descent(inputs, target, start, lr=0.1, steps=300)
    >>> path.shape, [round(w, 3) for w in path[-1].tolist()]
    (torch.Size([301, 2]), [3.0, 2.0])

    """
    if lr <= 0 or not 0 <= momentum < 1 or steps < 0:
        raise ValueError(
            "expected lr > 0, momentum in [0, 1) and steps >= 0, "
            f"got lr={lr:g}, momentum={momentum:g}, steps={steps}"
        )
    weights, velocity = start, torch.zeros_like(start)
    path = [start]
    for _ in range(steps):
        gradient = mse_gradient(inputs, target, weights)
        velocity = momentum * velocity + gradient
        weights = weights - lr * velocity
        path.append(weights)
    return torch.stack(path)
