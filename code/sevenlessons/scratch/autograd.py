r"""A small engine that differentiates: tensors with operations.

Each operation of a `Node` is one line for its value and one for each parent:
what to do with the gradient that arrives. For :math:`c = ab` the gradient of
:math:`a` is the one of :math:`c` times :math:`b`. How gradients travel through
the graph stands in `reverse_mode`. Read `Node.__mul__` and `Node.__matmul__`
first; all others are more of the same.

It is enough for networks of linear layers, slow beside torch, and kept short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from torch import Tensor

from .reverse_mode import GraphNode

__all__ = ["Node", "sum_to_shape"]

_Pull = Callable[[Tensor], Tensor]


def sum_to_shape(grad: Tensor, shape: Iterable[int]) -> Tensor:
    """Return a gradient summed back to the shape before broadcasting.

    A number that was used many times gets the sum of all their gradients.

    Parameters
    ----------
    grad
        Gradient of the broadcast tensor.
    shape
        The shape before broadcasting.

    Raises
    ------
    ValueError
        If `shape` does not broadcast to that of `grad`.

    Examples
    --------
    >>> sum_to_shape(torch.ones(4, 3), (3,))
    tensor([4., 4., 4.])
    >>> sum_to_shape(torch.ones(4, 3), (4, 1)).shape
    torch.Size([4, 1])

    """
    shape = tuple(shape)
    new = grad.ndim - len(shape)  # axes that broadcasting put in front
    pairs = list(zip(shape, grad.shape[max(new, 0) :], strict=False))
    if new < 0 or any(one not in (1, size) for one, size in pairs):
        raise ValueError(
            f"expected a shape that broadcasts to {tuple(grad.shape)}, got "
            f"{shape}"
        )
    stretched = [
        new + axis for axis, (one, size) in enumerate(pairs) if one != size
    ]
    axes = [*range(new), *stretched]
    return grad.sum(axes).reshape(shape) if axes else grad


class Node(GraphNode):
    """A tensor in a graph, with the operations of a small network.

    The operations are ``+ - * / @``, ``**`` with a number, slices, and the
    methods below. Numbers and tensors beside a node count as constants.

    Parameters
    ----------
    value, requires_grad, name
        As in `GraphNode`.

    Examples
    --------
    >>> w = Node([1.0, 2.0], requires_grad=True)
    >>> loss = ((w * 3 - 1) ** 2).sum()
    >>> loss.backward()
    >>> loss.value, w.grad
    (tensor(29.), tensor([12., 30.]))

    """

    __array_ufunc__ = None  # so that NumPy leaves its operators to us

    def __add__(self, other: Any) -> Node:
        b = self._constant(other)
        return self._pair("+", self.value + b.value, b, _same, _same)

    def __neg__(self) -> Node:
        return self * -1

    def __sub__(self, other: Any) -> Node:
        b = self._constant(other)
        return self._pair("-", self.value - b.value, b, _same, torch.neg)

    def __mul__(self, other: Any) -> Node:
        b = self._constant(other)
        x, y = self.value, b.value
        return self._pair("*", x * y, b, lambda g: g * y, lambda g: g * x)

    def __truediv__(self, other: Any) -> Node:
        b = self._constant(other)
        x, y = self.value, b.value
        return self._pair(
            "/", x / y, b, lambda g: g / y, lambda g: -g * x / (y * y)
        )

    def __matmul__(self, other: Any) -> Node:
        b = self._constant(other)
        x, y = self.value, b.value
        if x.ndim < 2 or y.ndim < 2:
            raise ValueError(
                "expected matrices on both sides of @, got shapes "
                f"{tuple(x.shape)} and {tuple(y.shape)}; reshape a vector "
                "to one row or one column"
            )
        return self._pair(
            "@", x @ y, b, lambda g: g @ y.mT, lambda g: x.mT @ g
        )

    def __radd__(self, other: Any) -> Node:
        return self + other

    def __rsub__(self, other: Any) -> Node:
        return self._constant(other) - self

    def __rmul__(self, other: Any) -> Node:
        return self * other

    def __rtruediv__(self, other: Any) -> Node:
        return self._constant(other) / self

    def __rmatmul__(self, other: Any) -> Node:
        return self._constant(other) @ self

    def __pow__(self, power: float) -> Node:
        if not isinstance(power, int | float):
            raise TypeError(
                f"expected a number as power, got {type(power).__name__}; "
                "write (b * a.log()).exp() for a ** b"
            )
        x = self.value
        slope = power * x ** (power - 1) if power else torch.zeros_like(x)
        return self._one(f"** {power:g}", x**power, lambda g: g * slope)

    def __getitem__(self, index: Any) -> Node:
        x = self.value

        def pull(g: Tensor) -> Tensor:
            # a place that was taken twice gets both gradients
            places = torch.arange(x.numel(), device=x.device).view(x.shape)
            taken = places[index].flatten()
            grad = g.new_zeros(x.numel())
            return grad.index_add(0, taken, g.flatten()).view(x.shape)

        return self._one("[ ]", x[index], pull)

    def exp(self) -> Node:
        """Return e to the power of each number."""
        value = self.value.exp()
        return self._one("exp", value, lambda g: g * value)

    def log(self) -> Node:
        """Return the natural logarithm of each number."""
        x = self.value
        return self._one("log", x.log(), lambda g: g / x)

    def relu(self) -> Node:
        """Return each number, or 0 where it is negative."""
        x = self.value
        return self._one("relu", x.clamp(min=0), lambda g: g * (x > 0))

    def sum(
        self, dim: int | Sequence[int] | None = None, keepdim: bool = False
    ) -> Node:
        """Return the sum over some axes, or over all of them."""
        x = self.value
        axes = [dim] if isinstance(dim, int) else list(dim or range(x.ndim))
        total = x.sum(axes, keepdim=keepdim) if axes else x.clone()
        kept = x.sum(axes, keepdim=True).shape if axes else x.shape
        return self._one(
            "sum", total, lambda g: g.reshape(kept).expand(x.shape)
        )

    def mean(
        self, dim: int | Sequence[int] | None = None, keepdim: bool = False
    ) -> Node:
        """Return the mean over some axes, or over all of them."""
        total = self.sum(dim, keepdim)
        count = self.value.numel() / max(total.value.numel(), 1)
        return total / count

    def reshape(self, *shape: Any) -> Node:
        """Return the same numbers in another shape: sizes, or one tuple."""
        old = self.shape
        return self._one(
            "reshape", self.value.reshape(*shape), lambda g: g.reshape(old)
        )

    def transpose(self, dim0: int = -2, dim1: int = -1) -> Node:
        """Return the numbers with two axes exchanged."""
        return self._one(
            "transpose",
            self.value.transpose(dim0, dim1),
            lambda g: g.transpose(dim0, dim1),
        )

    def _constant(self, other: Any) -> Node:
        """Return `other` as a node, with the dtype of this one."""
        if isinstance(other, Node):
            return other
        return Node(torch.as_tensor(other).to(self.value))

    def _one(self, name: str, value: Tensor, pull: _Pull) -> Node:
        return self.derived(name, value, [self], [pull])

    def _pair(
        self, name: str, value: Tensor, other: Node, *pulls: _Pull
    ) -> Node:
        """Return a node made of two, whose shapes may have been stretched."""
        first, second = pulls
        return self.derived(
            name,
            value,
            [self, other],
            [
                lambda g: sum_to_shape(first(g), self.shape),
                lambda g: sum_to_shape(second(g), other.shape),
            ],
        )


def _same(grad: Tensor) -> Tensor:
    return grad
