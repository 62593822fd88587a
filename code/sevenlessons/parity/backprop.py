"""Pieces of linear layers and of gradients on paper."""

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from sevenlessons.scratch.chain_rule import (
    cross_entropy_backward,
    mse_backward,
    relu_backward,
)
from sevenlessons.scratch.finite_differences import (
    central_difference,
    forward_difference,
)
from sevenlessons.scratch.layered import (
    LayeredNetwork,
    LinearLayer,
    ReLULayer,
)
from sevenlessons.scratch.linear import (
    Linear,
    linear_backward,
    linear_forward,
)

from .pieces import Pair, Piece
from .sides import compare_functions, compare_modules

__all__ = ["backprop_pieces"]

_PAGE = "lesson5/backprop"


def _numbers(
    dtype: torch.dtype, seed: int, *shapes: Sequence[int]
) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(s, generator=generator, dtype=dtype) for s in shapes]


def _linear(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    for shape in ((4,), (3, 4), (2, 3, 4), (0, 4)):
        x, weight, bias = _numbers(dtype, seed, shape, (5, 4), (5,))
        for used in ([x, weight, bias], [x, weight]):
            yield from compare_functions(
                linear_forward,
                functional.linear,
                used,
                prefix=f"{shape}, {len(used)} inputs: ",
            )


def _linear_backward(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    for shape in ((4,), (3, 4), (2, 3, 4)):
        inputs = _numbers(dtype, seed, shape, (5, 4), (5,))
        (grad,) = _numbers(dtype, seed + 1, (*shape[:-1], 5))
        ours = linear_backward(grad, *inputs[:2])
        theirs = _pulled(functional.linear, inputs, grad)
        names = ("x", "weight", "bias")
        for name, one, two in zip(names, ours, theirs, strict=True):
            yield Pair(f"{shape}: gradient of {name}", one, two)


def _module(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    (x,) = _numbers(dtype, seed, (3, 4))
    for bias in (True, False):
        torch_one = nn.Linear(4, 5, bias=bias, dtype=dtype)
        ours = Linear(4, 5, bias=bias).to(dtype)
        yield from compare_modules(
            ours, torch_one, [x], prefix=f"bias {bias}: "
        )


def _relu(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    x, grad = _numbers(dtype, seed, (3, 40), (3, 40))
    x = x.round()  # so that some are 0
    yield Pair(
        "gradient", relu_backward(grad, x), *_pulled(torch.relu, [x], grad)
    )


def _squares(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    for shape in ((5,), (3, 2)):
        x, target = _numbers(dtype, seed, shape, shape)
        theirs = _pulled(functional.mse_loss, [x, target])
        yield Pair(f"{shape}: gradient", mse_backward(x, target), theirs[0])


def _cross_entropy(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    target = torch.tensor([0, 2, 1, 2])
    for scale in (1.0, 1e4):
        (scores,) = _numbers(dtype, seed, (4, 3))
        (theirs,) = _pulled(
            lambda x: functional.cross_entropy(x, target), [scale * scores]
        )
        yield Pair(
            f"scores around {scale:g}: gradient",
            cross_entropy_backward(scale * scores, target),
            theirs,
        )


def _network(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    x, *weights = _numbers(dtype, seed, (8, 5), (6, 5), (6,), (3, 6), (3,))
    target = torch.arange(8) % 3
    one, two = (LinearLayer(*weights[k : k + 2]) for k in (0, 2))
    ours = LayeredNetwork([one, ReLULayer(), two])

    def loss(*w: Tensor) -> Tensor:
        hidden = functional.linear(x, *w[:2]).relu()
        return functional.cross_entropy(
            functional.linear(hidden, *w[2:]), target
        )

    yield Pair("loss", ours.loss(x, target), loss(*weights))
    ours.backward()
    theirs = _pulled(loss, weights)
    for k, pair in enumerate(zip(ours.gradients, theirs, strict=True), 1):
        yield Pair(f"gradient of weights {k}", *pair)


def _differences(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    """On straight lines, where any step is exact but for rounding."""
    x, slope = _numbers(dtype, seed, (2, 3), (2, 3))

    def line(x: Tensor) -> Tensor:
        return (slope * x).sum()

    (theirs,) = _pulled(line, [x])
    for difference in (forward_difference, central_difference):
        yield Pair(difference.__name__, difference(line, x, 1.0), theirs)


def _pulled(
    function: Callable[..., Tensor],
    inputs: Sequence[Tensor],
    grad: Tensor | None = None,
) -> tuple[Tensor, ...]:
    """Return torch's gradients."""
    tracked = [x.clone().requires_grad_() for x in inputs]
    return torch.autograd.grad(function(*tracked), tracked, grad)


def backprop_pieces() -> tuple[Piece, ...]:
    """Return the pieces of linear layers and gradients on paper.

    Examples
    --------
    >>> from sevenlessons.parity.backprop import backprop_pieces
    >>> backprop_pieces()[0].name
    'Linear layer'

    """
    grad = "torch.autograd.grad"
    return tuple(
        Piece(name, f"scratch/{module}", reference, formula, _PAGE, compare)
        for name, module, reference, formula, compare in [
            (
                "Linear layer",
                "linear",
                "torch.nn.functional.linear",
                r"x W^\top + b",
                _linear,
            ),
            (
                "Linear layer, backward",
                "linear",
                grad,
                r"G W, \quad G^\top x, \quad \sum_n G_n",
                _linear_backward,
            ),
            (
                "Linear module",
                "linear",
                "torch.nn.Linear",
                r"x W^\top + b",
                _module,
            ),
            ("ReLU, backward", "chain_rule", grad, r"G\,[x > 0]", _relu),
            (
                "Mean squared error, backward",
                "chain_rule",
                grad,
                r"\frac{2}{N} (\hat y - y)",
                _squares,
            ),
            (
                "Cross-entropy, backward",
                "chain_rule",
                grad,
                r"\frac{1}{N} (p - y)",
                _cross_entropy,
            ),
            (
                "Network of two-way layers",
                "layered",
                grad,
                r"W_2 \max(0, W_1 x + b_1) + b_2",
                _network,
            ),
            (
                "Finite differences of a straight line",
                "finite_differences",
                grad,
                r"\frac{f(x + h) - f(x - h)}{2h}",
                _differences,
            ),
        ]
    )
