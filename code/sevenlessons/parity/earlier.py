"""Pieces of earlier lessons: descent on a line, and a loss for yes and no."""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional

from sevenlessons.scratch import descent, losses
from sevenlessons.scratch.least_squares import least_squares
from sevenlessons.scratch.minibatches import minibatches, stochastic_descent

from .pieces import Pair, Piece
from .sides import compare_functions

__all__ = ["earlier_pieces"]


def earlier_pieces() -> tuple[Piece, ...]:
    """Return the pieces that lessons 2 and 3 wrote out.

    Examples
    --------
    >>> from sevenlessons.parity.earlier import earlier_pieces
    >>> earlier_pieces()[0].name
    'gradient descent'

    """
    sgd = "lesson2/sgd"
    return (
        Piece(
            "gradient descent",
            "scratch/descent",
            "torch.optim.SGD",
            r"v \leftarrow \mu v + \nabla L, \quad w \leftarrow w - \eta v",
            sgd,
            _descent,
        ),
        Piece(
            "gradient of the squared error",
            "scratch/descent",
            "autograd of torch.nn.functional.mse_loss",
            r"\tfrac{2}{N} X^\top (Xw - y)",
            sgd,
            _mse_gradient,
        ),
        Piece(
            "descent on mini-batches",
            "scratch/minibatches",
            "torch.optim.SGD",
            r"w \leftarrow w - \eta\,\nabla L_{\mathrm{batch}}",
            sgd,
            _stochastic,
        ),
        Piece(
            "least squares",
            "scratch/least_squares",
            "torch.linalg.lstsq",
            r"X^\top X\, w = X^\top y",
            sgd,
            _least_squares,
        ),
        Piece(
            "sigmoid",
            "scratch/losses",
            "torch.sigmoid",
            r"p = 1 / (1 + e^{-z})",
            "lesson3/multilabel",
            _sigmoid,
        ),
        Piece(
            "binary cross-entropy of scores",
            "scratch/losses",
            "torch.nn.functional.binary_cross_entropy_with_logits",
            r"\max(z, 0) - z\,y + \ln(1 + e^{-|z|})",
            "lesson3/multilabel",
            _scores,
        ),
    )


def _line(dtype: torch.dtype, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """Return inputs, target and a start, in the dtype asked for."""
    inputs, target = descent.make_line(40, seed=seed)
    start = torch.tensor([-1.0, 1.0], dtype=dtype)
    return inputs.to(dtype), target.to(dtype), start


def _torchs_walk(
    start: Tensor,
    batches: list[tuple[Tensor, Tensor]],
    momentum: float = 0.0,
) -> Tensor:
    weights = start.clone().requires_grad_()
    optimizer = torch.optim.SGD([weights], lr=0.1, momentum=momentum)
    path = [start]
    for inputs, target in batches:
        optimizer.zero_grad()
        functional.mse_loss(inputs @ weights, target).backward()
        optimizer.step()
        path.append(weights.detach().clone())
    return torch.stack(path)


def _descent(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    inputs, target, start = _line(dtype, seed)
    for momentum in (0.0, 0.8):
        ours = descent.gradient_descent(
            inputs, target, start, lr=0.1, steps=60, momentum=momentum
        )
        theirs = _torchs_walk(start, [(inputs, target)] * 60, momentum)
        yield Pair(f"momentum {momentum}: path", ours, theirs)


def _mse_gradient(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    inputs, target, weights = _line(dtype, seed)
    ours = descent.mse_gradient(inputs, target, weights)
    weights.requires_grad_()
    loss = functional.mse_loss(inputs @ weights, target)
    (theirs,) = torch.autograd.grad(loss, weights)
    yield Pair("gradient", ours, theirs)


def _stochastic(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    inputs, target, start = _line(dtype, seed)
    ours = stochastic_descent(
        inputs, target, start, lr=0.1, epochs=3, batch_size=7, seed=seed
    )
    generator = torch.Generator().manual_seed(seed)
    batches = [
        (inputs[rows], target[rows])
        for _ in range(3)
        for rows in minibatches(40, 7, generator)
    ]
    yield Pair("path", ours, _torchs_walk(start, batches))


def _least_squares(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(60, 4, generator=generator, dtype=dtype)
    target = torch.randn(60, generator=generator, dtype=dtype)
    theirs = torch.linalg.lstsq(inputs, target[:, None]).solution[:, 0]
    yield Pair("weights", least_squares(inputs, target), theirs)


def _sigmoid(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    z = 5 * torch.randn(4, 7, generator=generator, dtype=dtype)
    far = torch.tensor([-1e4, -90.0, 90.0, 1e4], dtype=dtype)
    for name, x in {"": z, "far out: ": far}.items():
        yield from compare_functions(
            losses.sigmoid, torch.sigmoid, [x], prefix=name
        )


def _scores(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    z = 5 * torch.randn(4, 7, generator=generator, dtype=dtype)
    y = torch.rand(4, 7, generator=generator, dtype=dtype)
    reference = functional.binary_cross_entropy_with_logits
    far = torch.tensor([-1e4, 1e4, -1e4, 1e4], dtype=dtype)
    truth = torch.tensor([1.0, 0.0, 0.0, 1.0], dtype=dtype)
    for name, x, target in (("", z, y), ("far out: ", far, truth)):
        yield from compare_functions(
            lambda s, t=target: losses.bce_with_logits(s, t),
            lambda s, t=target: reference(s, t),
            [x],
            prefix=name,
        )
        scores = x.clone().requires_grad_()
        (theirs,) = torch.autograd.grad(reference(scores, target), scores)
        yield Pair(
            f"{name}gradient by hand", losses.bce_gradient(x, target), theirs
        )
