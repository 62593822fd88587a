r"""The walk backward through a computational graph.

A `GraphNode` is a tensor that remembers where it comes from: its parents, and
for each parent a function that pulls a gradient back to it. If :math:`c` was
made of :math:`a`, the chain rule says

.. math::
    \frac{\partial L}{\partial a}
    = \frac{\partial L}{\partial c} \frac{\partial c}{\partial a} ,

summed over all that was made of :math:`a`. `GraphNode.backward` does that for
every node, each once. Which operations there are, and how each pulls back, is
the matter of `autograd`. torch computes values here and no gradient.

Source: S. Linnainmaa, Taylor expansion of the accumulated rounding error
(1976), on what others rediscovered as backpropagation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Self

import torch
from torch import Tensor

__all__ = ["GraphNode", "topological_order"]

_Pull = Callable[[Tensor], Tensor]


class GraphNode:
    """A tensor in a computational graph.

    Parameters
    ----------
    value
        A tensor of floating-point numbers, a number, or a list of numbers.
        A tensor is not copied.
    requires_grad
        Whether a gradient is wanted for it.
    name
        What a drawing calls it.

    Attributes
    ----------
    value : Tensor
        Change it in place, between two graphs, to take a step.
    grad : Tensor or None
        Gradient of the loss, in the shape of `value`. `backward` adds to it.
    parents : tuple of GraphNode
        What it was made of; empty if nothing of that wants a gradient.

    Raises
    ------
    TypeError
        If the numbers are whole or complex, or `value` is a tensor that torch
        tracks: its gradient would not arrive.

    Examples
    --------
    >>> a = GraphNode(3.0, requires_grad=True)
    >>> double = a.derived("2 a", 2 * a.value, [a], [lambda g: 2 * g])
    >>> double.backward()
    >>> a.grad
    tensor(2.)

    """

    def __init__(
        self, value: Any, *, requires_grad: bool = False, name: str = ""
    ) -> None:
        self.value = torch.as_tensor(value)
        if self.value.requires_grad:
            raise TypeError(
                "a node holds plain numbers, got a tensor that torch tracks; "
                "pass w.detach(), or Node(w.detach(), requires_grad=True) if "
                "the engine shall learn it"
            )
        if not self.value.is_floating_point():
            raise TypeError(
                "a node holds floating-point numbers, got "
                f"{self.value.dtype}; write 2.0 instead of 2, or call .float()"
            )
        self.requires_grad = requires_grad
        self.name = name
        self.grad: Tensor | None = None
        self.parents: tuple[GraphNode, ...] = ()
        self._pulls: tuple[_Pull, ...] = ()
        self._spent = False

    @property
    def shape(self) -> torch.Size:
        """The shape of the value."""
        return self.value.shape

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.value}, name={self.name!r})"

    def derived(
        self,
        name: str,
        value: Tensor,
        parents: Sequence[GraphNode],
        pulls: Sequence[_Pull],
    ) -> Self:
        """Return a node that was made of others.

        Parameters
        ----------
        name
            The operation, such as ``"+"``.
        value
            What it gave.
        parents
            What went in.
        pulls
            For each parent: from the gradient of the new node to the
            parent's.

        """
        wanted = any(parent.requires_grad for parent in parents)
        made = type(self)(value, requires_grad=wanted)
        if wanted:  # else it is as good as a constant
            made.name = name
            made.parents, made._pulls = tuple(parents), tuple(pulls)
        return made

    def backward(self) -> None:
        """Add the gradient of this one number to every node it came from.

        Raises
        ------
        RuntimeError
            If it is not one number, nothing in its graph wants a gradient,
            or a part of the graph was walked before.

        """
        order = self._checked_order()
        self._receive(torch.ones_like(self.value))
        for node in order:  # all that was made of a node comes before it
            node._spent = bool(node.parents)
            for parent, pull in zip(node.parents, node._pulls, strict=True):
                if parent.requires_grad and node.grad is not None:
                    parent._receive(pull(node.grad))

    def _receive(self, grad: Tensor) -> None:
        grad = grad.to(self.value.dtype)
        if self.grad is not None:
            self.grad = self.grad + grad
        else:  # what the reader holds is his: nothing else shares its memory
            self.grad = grad if self.parents else grad.clone()

    def _checked_order(self) -> list[GraphNode]:
        if self.value.numel() != 1:
            raise RuntimeError(
                "backward starts at one number, got shape "
                f"{tuple(self.shape)}; call .sum() or .mean() first"
            )
        if not self.requires_grad:
            raise RuntimeError(
                "expected a graph with a node that wants a gradient, got "
                "none; make the weights with requires_grad=True"
            )
        order = topological_order(self)
        if any(node._spent for node in order):
            raise RuntimeError(
                "expected a new graph, got one with a part that backward "
                "walked before, whose gradients would count twice; compute "
                "the loss again"
            )
        return order

    def zero_grad(self) -> None:
        """Forget the gradient."""
        self.grad = None

    def detach(self) -> Self:
        """Return a node of the same value that came from nowhere."""
        return type(self)(self.value, name=self.name)


def topological_order(last: GraphNode) -> list[GraphNode]:
    """Return a graph's nodes, each before its parents, each once.

    It counts for each node how many were made of it, and takes a node when
    the last of those was taken. No function calls itself, so a chain may be
    as long as memory allows.

    Parameters
    ----------
    last
        Where to start, such as the loss.

    Examples
    --------
    >>> a = GraphNode(1.0, requires_grad=True, name="a")
    >>> twice = a.derived("a + a", a.value * 2, [a, a], [lambda g: g] * 2)
    >>> [node.name for node in topological_order(twice)]
    ['a + a', 'a']

    """
    uses: dict[GraphNode, int] = {last: 0}
    found = [last]
    for node in found:  # grows while we read it
        for parent in node.parents:
            if parent not in uses:
                uses[parent] = 0
                found.append(parent)
            uses[parent] += 1
    order = [last]
    for node in order:
        for parent in node.parents:
            uses[parent] -= 1
            if uses[parent] == 0:
                order.append(parent)
    return order
