"""What to compare of a function or a module: values, gradients, buffers."""

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor, nn

from .pieces import Pair

__all__ = ["arrived", "compare_functions", "compare_modules"]


def arrived(grad: Tensor | None, like: Tensor) -> Tensor:
    """Return a gradient; infinite where none arrived, so that it is seen.

    Parameters
    ----------
    grad
        A gradient, or None.
    like
        What it is the gradient of.

    Examples
    --------
    >>> import torch
    >>> from sevenlessons.parity.sides import arrived
    >>> arrived(None, torch.zeros(2))
    tensor([inf, inf])

    """
    return torch.full_like(like, torch.inf) if grad is None else grad


def compare_functions(
    ours: Callable[..., Tensor],
    theirs: Callable[..., Tensor],
    inputs: Sequence[Tensor],
    *,
    prefix: str = "",
) -> Iterator[Pair]:
    """Compare two functions: the value, and the gradient of each input.

    Parameters
    ----------
    ours, theirs
        Called with the tensors in their order.
    inputs
        Tensors; those of floating-point numbers get gradients.
    prefix
        What stands before each name, to tell cases apart.

    Yields
    ------
    Pair
        The value; then one gradient for each floating-point input. Outputs
        are weighted with uneven numbers first, so that no gradient is zero
        by symmetry.

    Examples
    --------
    >>> import torch
    >>> from sevenlessons.parity.sides import compare_functions
    >>> pairs = compare_functions(
    ...     lambda x: x * x, torch.square, [torch.tensor([1.0, 2.0])]
    ... )
    >>> [pair.what for pair in pairs]
    ['value', 'gradient of input 1']

    """
    mine, other = _copies(inputs), _copies(inputs)
    one, two = ours(*mine), theirs(*other)
    yield Pair(f"{prefix}value", one, two)
    _pull_back(one)
    _pull_back(two)
    for number, (a, b) in enumerate(zip(mine, other, strict=True), 1):
        if a.grad is not None or b.grad is not None:
            yield Pair(
                f"{prefix}gradient of input {number}", _grad(a), _grad(b)
            )


def compare_modules(
    ours: nn.Module,
    theirs: nn.Module,
    inputs: Sequence[Tensor],
    *,
    prefix: str = "",
) -> Iterator[Pair]:
    """Compare two modules: value, all gradients, and what they remember.

    Parameters
    ----------
    ours, theirs
        Their parameters and buffers must have the same names; ours gets the
        values of theirs first.
    inputs, prefix
        As in `compare_functions`.

    Yields
    ------
    Pair
        The value, the gradients of the inputs and of each parameter, and
        each buffer after the call.

    Examples
    --------
    >>> import torch
    >>> from torch import nn
    >>> from sevenlessons.parity.sides import compare_modules
    >>> x = torch.ones(3, 2)
    >>> pairs = compare_modules(nn.Linear(2, 1), nn.Linear(2, 1), [x])
    >>> [pair.what for pair in pairs][2:]
    ['gradient of weight', 'gradient of bias']

    """
    ours.load_state_dict(theirs.state_dict())
    yield from compare_functions(ours, theirs, inputs, prefix=prefix)
    reference = dict(theirs.named_parameters())
    for name, parameter in ours.named_parameters():
        other = reference[name]
        if parameter.grad is not None or other.grad is not None:
            yield Pair(
                f"{prefix}gradient of {name}", _grad(parameter), _grad(other)
            )
    buffers = dict(theirs.named_buffers())
    for name, buffer in ours.named_buffers():
        yield Pair(f"{prefix}{name}", buffer, buffers[name])


def _copies(inputs: Sequence[Tensor]) -> list[Tensor]:
    return [
        x.detach().clone().requires_grad_(x.is_floating_point())
        for x in inputs
    ]


def _pull_back(output: Tensor) -> None:
    weight = torch.linspace(
        -1, 2, output.numel(), dtype=output.dtype, device=output.device
    )
    if output.requires_grad:
        (output.flatten() * weight).sum().backward()


def _grad(tensor: Tensor) -> Tensor:
    """Return the gradient; zeros where none arrived on this side alone."""
    return torch.zeros_like(tensor) if tensor.grad is None else tensor.grad
