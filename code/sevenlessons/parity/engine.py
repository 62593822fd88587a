"""Pieces of the engine: every operation of a node, its losses, its walk."""

import operator
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from sevenlessons.scratch.autograd import Node, sum_to_shape
from sevenlessons.scratch.engine_losses import (
    mean_squared_error,
    softmax_cross_entropy,
)

from .pieces import Pair, Piece
from .sides import arrived

__all__ = ["engine_pieces"]

_PAGE = "lesson5/backprop"
_STRETCHED = [
    ((3, 4), (3, 4)),
    ((3, 4), (4,)),
    ((2, 1, 4), (3, 1)),
    ((), (5,)),
]


def _numbers(
    dtype: torch.dtype, seed: int, *shapes: Sequence[int]
) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(s, generator=generator, dtype=dtype) for s in shapes]


def _both(
    ours: Callable[..., Node],
    theirs: Callable[..., Tensor],
    inputs: Sequence[Tensor],
    prefix: str = "",
) -> Iterator[Pair]:
    """Compare the engine with torch: the value and each gradient."""
    nodes = [Node(x.clone(), requires_grad=True) for x in inputs]
    tensors = [x.clone().requires_grad_() for x in inputs]
    one, two = ours(*nodes), theirs(*tensors)
    yield Pair(f"{prefix}value", one.value, two)
    uneven = torch.linspace(-1, 2, two.numel(), dtype=two.dtype)
    (one * uneven.reshape(two.shape)).sum().backward()
    (two * uneven.reshape(two.shape)).sum().backward()
    for k, (node, tensor) in enumerate(zip(nodes, tensors, strict=True), 1):
        yield Pair(
            f"{prefix}gradient of input {k}",
            arrived(node.grad, node.value),
            arrived(tensor.grad, node.value),
        )


def _arithmetic(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    for one, two in _STRETCHED:
        a, b = _numbers(dtype, seed, one, two)
        b = b.abs() + 0.5
        for name in ("add", "sub", "mul", "truediv"):
            apply = getattr(operator, name)
            yield from _both(apply, apply, [a, b], f"{name} {one} {two}: ")


def _broadcasting(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    for shapes in _STRETCHED:
        whole = torch.broadcast_shapes(*shapes)
        (grad,) = _numbers(dtype, seed, whole)
        for shape in shapes:
            yield Pair(
                f"{tuple(whole)} to {shape}",
                sum_to_shape(grad, shape),
                grad.sum_to_size(shape),
            )


def _matrix_product(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    for one, two in [
        ((3, 4), (4, 2)),
        ((2, 3, 4), (4, 5)),
        ((1, 1), (1, 1)),
        ((0, 3), (3, 2)),
    ]:
        inputs = _numbers(dtype, seed, one, two)
        apply = operator.matmul
        yield from _both(apply, apply, inputs, f"{one} {two}: ")


def _functions(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    (x,) = _numbers(dtype, seed, (3, 4))
    for name in ("exp", "log", "relu"):
        apply = operator.methodcaller(name)
        given = x.abs() + 0.5 if name == "log" else x
        yield from _both(apply, apply, [given], f"{name}: ")
    for power in (-1, 0, 0.5, 2, 3):

        def raised(x: Any, power: float = power) -> Any:
            return x**power

        yield from _both(raised, raised, [x.abs() + 0.5], f"power {power}: ")


def _sums(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    (x,) = _numbers(dtype, seed, (2, 3, 4))
    for name in ("sum", "mean"):
        for dim, keepdim in [(None, False), (0, True), ((0, 2), False)]:
            apply = operator.methodcaller(name, dim, keepdim)
            yield from _both(apply, apply, [x], f"{name} over {dim}: ")


def _shapes(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    (x,) = _numbers(dtype, seed, (2, 3, 4))
    cases: dict[str, Callable[..., Any]] = {
        "reshape": operator.methodcaller("reshape", 6, 4),
        "transpose": operator.methodcaller("transpose", 0, 2),
        "slice": operator.itemgetter((slice(None), slice(1, None))),
        "rows, some twice": operator.itemgetter(torch.tensor([0, 1, 1])),
    }
    for name, apply in cases.items():
        yield from _both(apply, apply, [x], f"{name}: ")


def _squares(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    for shape in ((5,), (3, 2), (1, 1)):
        x, target = _numbers(dtype, seed, shape, shape)
        yield from _both(
            partial(mean_squared_error, target=target),
            partial(functional.mse_loss, target=target),
            [x],
            f"{shape}: ",
        )


def _cross_entropy(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    target = torch.tensor([0, 2, 1, 2])
    for scale in (1.0, 1e4):
        (x,) = _numbers(dtype, seed, (4, 3))
        yield from _both(
            partial(softmax_cross_entropy, target=target),
            partial(functional.cross_entropy, target=target),
            [scale * x],
            f"scores around {scale:g}: ",
        )


def _network(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    """Two layers and 100 steps: errors of single steps would add up."""
    x, *start = _numbers(dtype, seed, (8, 5), (5, 6), (6,), (6, 3), (3,))
    target = torch.arange(8) % 3
    nodes = [Node(w.clone(), requires_grad=True) for w in start]
    tensors = [w.clone().requires_grad_() for w in start]
    for _ in range(100):
        scores = (x @ nodes[0] + nodes[1]).relu() @ nodes[2] + nodes[3]
        softmax_cross_entropy(scores, target).backward()
        theirs = (x @ tensors[0] + tensors[1]).relu() @ tensors[2]
        functional.cross_entropy(theirs + tensors[3], target).backward()
        for node, tensor in zip(nodes, tensors, strict=True):
            node.value -= 0.1 * arrived(node.grad, node.value)
            tensor.data -= 0.1 * arrived(tensor.grad, node.value)
            node.zero_grad()
            tensor.grad = None
    for k, (node, tensor) in enumerate(zip(nodes, tensors, strict=True), 1):
        yield Pair(f"weights {k} after 100 steps", node.value, tensor)


def engine_pieces() -> tuple[Piece, ...]:
    """Return the pieces of the engine.

    Examples
    --------
    >>> from sevenlessons.parity.engine import engine_pieces
    >>> engine_pieces()[0].name
    'Engine: + - * / with broadcasting'

    """
    module, tensor = "scratch/autograd", "torch.Tensor"
    return tuple(
        Piece(name, where, reference, formula, _PAGE, compare)
        for name, where, reference, formula, compare in [
            (
                "Engine: + - * / with broadcasting",
                module,
                f"{tensor}.backward",
                r"\bar a = \bar c\,b, \quad \bar b = \bar c\,a "
                r"\quad (c = ab)",
                _arithmetic,
            ),
            (
                "Engine: sums back to the shape before",
                module,
                f"{tensor}.sum_to_size",
                r"\bar a_j = \sum_i \bar c_{ij}",
                _broadcasting,
            ),
            (
                "Engine: matrix product",
                module,
                f"{tensor}.backward",
                r"\bar A = \bar C B^\top, \quad \bar B = A^\top \bar C",
                _matrix_product,
            ),
            (
                "Engine: exp, log, ReLU, powers",
                module,
                f"{tensor}.backward",
                r"\bar x = \bar y\,f'(x)",
                _functions,
            ),
            (
                "Engine: sum and mean",
                module,
                f"{tensor}.backward",
                r"\bar x_i = \bar y, \quad \bar x_i = \bar y / N",
                _sums,
            ),
            (
                "Engine: reshape, transpose, slices",
                module,
                f"{tensor}.backward",
                r"\bar x_{\sigma(i)} = \sum \bar y_i",
                _shapes,
            ),
            (
                "Engine: mean squared error",
                "scratch/engine_losses",
                "torch.nn.functional.mse_loss",
                r"\frac{1}{N} \sum_i (\hat y_i - y_i)^2",
                _squares,
            ),
            (
                "Engine: softmax cross-entropy",
                "scratch/engine_losses",
                "torch.nn.functional.cross_entropy",
                r"\ln \sum_k e^{z_k} - z_y",
                _cross_entropy,
            ),
            (
                "Engine: two layers, 100 steps",
                "scratch/reverse_mode",
                f"{tensor}.backward",
                r"\bar a = \sum_c \bar c\,\frac{\partial c}{\partial a}",
                _network,
            ),
        ]
    )
