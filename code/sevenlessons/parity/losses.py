"""Softmax, its logarithms, and the losses: ours beside torch's."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from sevenlessons.scratch.cross_entropy import (
    cross_entropy,
    cross_entropy_gradient,
    nll,
)
from sevenlessons.scratch.descent import mse
from sevenlessons.scratch.losses import binary_cross_entropy
from sevenlessons.scratch.softmax import log_softmax, log_sum_exp, softmax

from .pieces import Pair, Piece
from .sides import compare_functions

__all__ = ["loss_pieces"]

_PAGE = "lesson5/softmax_embeddings"
_SHAPES = [((5,), 0), ((4, 7), 1), ((4, 7), 0), ((2, 3, 4), -2), ((3, 1), 1)]


def loss_pieces() -> tuple[Piece, ...]:
    """Return softmax, log-sum-exp and the losses, with their references.

    Examples
    --------
    >>> from sevenlessons.parity.losses import loss_pieces
    >>> [piece.name for piece in loss_pieces()][:2]
    ['softmax', 'log-softmax']

    """
    torchs = "torch.nn.functional."
    softmax_module, module = "scratch/softmax", "scratch/cross_entropy"
    return (
        Piece(
            "softmax",
            softmax_module,
            torchs + "softmax",
            r"p_i = e^{z_i} / \sum_j e^{z_j}",
            _PAGE,
            partial(_along_an_axis, softmax, torch.softmax),
        ),
        Piece(
            "log-softmax",
            softmax_module,
            torchs + "log_softmax",
            r"\ln p_i = z_i - \ln \sum_j e^{z_j}",
            _PAGE,
            partial(_along_an_axis, log_softmax, torch.log_softmax),
        ),
        Piece(
            "log-sum-exp",
            softmax_module,
            "torch.logsumexp",
            r"\ln \sum_j e^{z_j} = m + \ln \sum_j e^{z_j - m},\; m = \max z",
            _PAGE,
            partial(_along_an_axis, log_sum_exp, torch.logsumexp),
        ),
        Piece(
            "negative log-likelihood",
            module,
            torchs + "nll_loss",
            r"-\ln p_y",
            _PAGE,
            _nll,
        ),
        Piece(
            "cross-entropy of class numbers",
            module,
            torchs + "cross_entropy",
            r"-\sum_n w_{y_n} \ln p_{n, y_n} / \sum_n w_{y_n}",
            _PAGE,
            partial(_cross_entropy, smoothing=0.0, shares=False),
        ),
        Piece(
            "cross-entropy of probabilities",
            module,
            torchs + "cross_entropy",
            r"-\frac{1}{N} \sum_n \sum_c w_c\, q_{nc} \ln p_{nc}",
            _PAGE,
            partial(_cross_entropy, smoothing=0.0, shares=True),
        ),
        Piece(
            "label smoothing",
            module,
            torchs + "cross_entropy(label_smoothing=0.1)",
            r"q_c \to (1 - \varepsilon)\, q_c + \varepsilon / C",
            _PAGE,
            _smoothed,
        ),
        Piece(
            "gradient of cross-entropy by the scores",
            module,
            "torch.autograd.grad",
            r"\partial L / \partial z_c = (p_c - q_c) / N",
            _PAGE,
            _gradient,
        ),
        Piece(
            "binary cross-entropy of probabilities",
            "scratch/losses",
            torchs + "binary_cross_entropy",
            r"-y \ln p - (1 - y) \ln (1 - p)",
            _PAGE,
            _binary,
        ),
        Piece(
            "mean squared error",
            "scratch/descent",
            torchs + "mse_loss",
            r"\frac{1}{N} \sum_n (\hat y_n - y_n)^2",
            "lesson2/sgd",
            _mse,
        ),
    )


def _along_an_axis(
    ours: Callable[[Tensor, int], Tensor],
    theirs: Callable[[Tensor, int], Tensor],
    dtype: torch.dtype,
    seed: int,
) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    for shape, dim in _SHAPES:
        scores = 3 * torch.randn(shape, generator=generator, dtype=dtype)
        yield from compare_functions(
            partial(_called, ours, dim),
            partial(_called, theirs, dim),
            [scores],
            prefix=f"{tuple(shape)} along {dim}: ",
        )
    # powers of two beside each other: no rounding before the exponential
    hostile = torch.tensor([[8192, 8191, -8192], [-8192, -8193, 0]]).to(dtype)
    pairs = compare_functions(
        partial(_called, ours, 1),
        partial(_called, theirs, 1),
        [hostile],
        prefix="hostile scores: ",
    )
    # in float32 the value only: torch's own gradient is rounded there
    yield from [next(pairs)] if dtype == torch.float32 else pairs


def _called(
    function: Callable[[Tensor, int], Tensor], dim: int, scores: Tensor
) -> Tensor:
    return function(scores, dim)


def _rows(
    dtype: torch.dtype, seed: int, rows: int, classes: int
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return scores, class numbers, probabilities and class weights."""
    generator = torch.Generator().manual_seed(seed)
    logits = 3 * torch.randn(rows, classes, generator=generator, dtype=dtype)
    target = torch.randint(classes, (rows,), generator=generator)
    q = torch.randn(rows, classes, generator=generator, dtype=dtype).softmax(1)
    weight = torch.rand(classes, generator=generator, dtype=dtype) + 0.5
    return logits, target, q, weight


def _nll(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    for rows, classes in ((6, 4), (1, 1)):
        logits, target, _, _ = _rows(dtype, seed, rows, classes)
        yield from compare_functions(
            lambda log_p, y: nll(log_p, y).mean(),
            functional.nll_loss,
            [logits.log_softmax(1), target],
            prefix=f"{rows} rows of {classes}: ",
        )


def _cross_entropy(
    dtype: torch.dtype, seed: int, *, smoothing: float, shares: bool
) -> Iterator[Pair]:
    for rows, classes in ((8, 5), (3, 2), (1, 1)):
        logits, target, q, weight = _rows(dtype, seed, rows, classes)
        if rows > 1:
            target[0] = -100  # a row that counts nothing
        for how in ("mean", "sum", "none"):
            for weights in (None, weight):
                named = "" if weights is None else ", weighted"
                options: dict[str, Any] = {
                    "target": q if shares else target,
                    "weight": weights,
                    "label_smoothing": smoothing,
                    "reduction": how,
                }
                yield from compare_functions(
                    partial(cross_entropy, **options),
                    partial(functional.cross_entropy, **options),
                    [logits],
                    prefix=f"{rows} rows of {classes}, {how}{named}: ",
                )


def _smoothed(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    for shares in (False, True):
        kind = "probabilities, " if shares else "class numbers, "
        for pair in _cross_entropy(dtype, seed, smoothing=0.1, shares=shares):
            yield Pair(kind + pair.what, pair.ours, pair.theirs)


def _gradient(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    for rows, classes in ((8, 5), (1, 3)):
        logits, target, q, _ = _rows(dtype, seed, rows, classes)
        logits.requires_grad_()
        for kind, truth in (("class numbers", target), ("probabilities", q)):
            loss = functional.cross_entropy(logits, truth)
            (found,) = torch.autograd.grad(loss, logits)
            mine = cross_entropy_gradient(logits.detach(), truth)
            yield Pair(f"{rows} rows of {classes}, {kind}", mine, found)


def _binary(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    for shape in ((7,), (3, 4)):
        p = torch.rand(shape, generator=generator, dtype=dtype)
        y = torch.rand(shape, generator=generator, dtype=dtype).round()
        yield from compare_functions(
            partial(binary_cross_entropy, target=y),
            partial(functional.binary_cross_entropy, target=y),
            [p],
            prefix=f"{shape}: ",
        )
    # values only: torch's floor of p (1 - p), 1e-12, is a rounded float32
    ends = torch.tensor([0.0, 1, 0, 1], dtype=dtype)
    y = torch.tensor([0.0, 1, 1, 0], dtype=dtype)
    yield Pair(
        "p = 0 and 1: value",
        binary_cross_entropy(ends, y),
        functional.binary_cross_entropy(ends, y),
    )


def _mse(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    for shape in ((5,), (3, 4)):
        one, two = torch.randn(2, *shape, generator=generator, dtype=dtype)
        yield from compare_functions(
            mse, functional.mse_loss, [one, two], prefix=f"{shape}: "
        )
