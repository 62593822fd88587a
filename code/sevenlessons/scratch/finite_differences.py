r"""Gradients without calculus: move a number a little, and look.

From Taylor's formula, with a step :math:`h`:

.. math::
    \frac{f(x + h) - f(x)}{h} = f'(x) + O(h), \qquad
    \frac{f(x + h) - f(x - h)}{2h} = f'(x) + O(h^2) .

A smaller step makes that error smaller. But the two values of f agree in
more and more digits, and what is left of their difference is rounding: an
error of about :math:`\epsilon / h`. In between lies the best step. One number
at a time: dear for a network, and the best test of a gradient there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

__all__ = [
    "best_step",
    "central_difference",
    "forward_difference",
    "gradient_deviations",
]


def forward_difference(
    f: Callable[[Tensor], Tensor], x: Tensor, step: float
) -> Tensor:
    """Return the gradient of f at x from steps to one side.

    Parameters
    ----------
    f
        From a tensor to one number.
    x
        Any shape; it is left as it is.
    step
        How far each number is moved, above 0.

    Raises
    ------
    ValueError
        If `step` is not above 0, or f gives more than one number.

    Examples
    --------
    >>> x = torch.tensor([3.0], dtype=torch.float64)
    >>> forward_difference(lambda x: (x**2).sum(), x, 0.5)
    tensor([6.5000], dtype=torch.float64)

    """
    _check_step(step)
    at_x = _number(f, x)
    rises = [_number(f, moved) - at_x for moved in _moved(x, step)]
    return _gradient(rises, x) / step


def central_difference(
    f: Callable[[Tensor], Tensor], x: Tensor, step: float
) -> Tensor:
    """Return the gradient of f at x from steps to both sides.

    Parameters
    ----------
    f, x, step
        As in `forward_difference`.

    Raises
    ------
    ValueError
        If `step` is not above 0, or f gives more than one number.

    Examples
    --------
    >>> x = torch.tensor([3.0], dtype=torch.float64)
    >>> central_difference(lambda x: (x**2).sum(), x, 0.5)
    tensor([6.], dtype=torch.float64)

    """
    _check_step(step)
    pairs = zip(_moved(x, step), _moved(x, -step), strict=True)
    rises = [_number(f, more) - _number(f, less) for more, less in pairs]
    return _gradient(rises, x) / (2 * step)


def best_step(dtype: torch.dtype) -> float:
    r"""Return about the best step of `central_difference`.

    The error is about :math:`h^2 + \epsilon / h` for numbers around 1; it is
    smallest near the third root of the rounding :math:`\epsilon`.

    Parameters
    ----------
    dtype
        A type of floating-point numbers.

    Raises
    ------
    TypeError
        If it is another type.

    Examples
    --------
    >>> f"{best_step(torch.float64):.0e} {best_step(torch.float32):.0e}"
    '6e-06 5e-03'

    """
    _check_floating(dtype)
    return float(torch.finfo(dtype).eps ** (1 / 3))


def gradient_deviations(
    f: Callable[..., Tensor],
    inputs: Sequence[Tensor],
    gradients: Sequence[Tensor],
) -> list[float]:
    """Return how far each gradient is from central differences.

    Parameters
    ----------
    f
        Called with all inputs; gives one number.
    inputs
        Where the gradients were computed.
    gradients
        One for each input, in its shape.

    Returns
    -------
    list of float
        For each input the largest deviation of a number, divided by the
        largest number of the gradient if that is above 1. In float64 a right
        gradient is within 1e-7 or so where f is smooth and the inputs are
        around 1, because the step is the same for all. Scale larger ones
        first: next to 1e6, it is lost in rounding.

    Raises
    ------
    ValueError
        If there is not one gradient for each input, in its shape.

    Examples
    --------
    >>> x = torch.tensor([1.0, 2.0], dtype=torch.float64)
    >>> found = gradient_deviations(
    ...     lambda x: (x**2).sum(), [x], [2 * x]
    ... )
    >>> found[0] < 1e-8
    True

    """
    shapes = [tuple(x.shape) for x in inputs]
    got = [tuple(g.shape) for g in gradients]
    if shapes != got:
        raise ValueError(
            f"expected gradients of the inputs' shapes {shapes}, got {got}"
        )
    deviations = []
    for place, (x, gradient) in enumerate(zip(inputs, gradients, strict=True)):

        def of_one(moved: Tensor, place: int = place) -> Tensor:
            return f(*inputs[:place], moved, *inputs[place + 1 :])

        found = central_difference(of_one, x, best_step(x.dtype))
        if not x.numel():
            deviations.append(0.0)
            continue
        scale = max(1.0, found.abs().max().item())
        deviations.append((gradient - found).abs().max().item() / scale)
    return deviations


def _check_floating(dtype: torch.dtype) -> None:
    if not dtype.is_floating_point:
        raise TypeError(
            f"expected floating-point numbers, got {dtype}; pass x.double()"
        )


def _check_step(step: float) -> None:
    if not step > 0:
        raise ValueError(f"step must be above 0, got {step}; try 1e-5")


def _moved(x: Tensor, step: float) -> Iterator[Tensor]:
    """Yield a copy of x for each of its numbers, with that one moved."""
    _check_floating(x.dtype)
    for place in range(x.numel()):
        copy = x.detach().clone(memory_format=torch.contiguous_format)
        copy.view(-1)[place] += step
        yield copy


def _number(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    value = f(x).detach()
    if value.numel() != 1:
        raise ValueError(
            "expected a function that gives one number, got shape "
            f"{tuple(value.shape)}; add .sum()"
        )
    return value.reshape(())


def _gradient(rises: Sequence[Tensor], x: Tensor) -> Tensor:
    return (
        torch.stack(list(rises)).reshape(x.shape)
        if rises
        else torch.zeros_like(x)
    )
