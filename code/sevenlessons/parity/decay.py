"""Weight decay and the L2 penalty, held against torch's optimizers."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.optim import SGD, Adam, AdamW, Optimizer

from sevenlessons.scratch.weight_decay import (
    add_penalty_gradient,
    decay,
    l2_penalty,
    share_left,
)

from .pieces import Pair, Piece

__all__ = ["decay_pieces"]

_PAGE = "lesson5/weight_decay"
_STRENGTH = 0.3


def decay_pieces() -> tuple[Piece, ...]:
    """Return the pieces of this topic.

    Examples
    --------
    >>> from sevenlessons.parity.decay import decay_pieces
    >>> [piece.name for piece in decay_pieces()][:2]
    ['L2 penalty', 'L2 penalty in the gradient']

    """
    return (
        _piece(
            "L2 penalty",
            "torch.optim.SGD(weight_decay=...)",
            r"L + \tfrac{\lambda}{2} \sum w^2",
            _compare_penalty,
        ),
        _piece(
            "L2 penalty in the gradient",
            "torch.optim.Adam(weight_decay=...)",
            r"g + \lambda w",
            _compare_gradient,
        ),
        _piece(
            "Decoupled weight decay",
            "torch.optim.AdamW(weight_decay=...)",
            r"(1 - \eta\lambda)\, w",
            _compare_decay,
        ),
        _piece(
            "What decay alone leaves",
            "torch.optim.AdamW with a gradient of zero",
            r"\prod_t (1 - \eta_t \lambda)",
            _compare_share,
        ),
    )


def _piece(
    name: str,
    reference: str,
    formula: str,
    compare: Callable[[torch.dtype, int], Iterator[Pair]],
) -> Piece:
    module = "scratch/weight_decay"
    return Piece(name, module, reference, formula, _PAGE, compare)


def _start(dtype: torch.dtype, seed: int) -> tuple[list[Tensor], Tensor]:
    """Return a matrix and a bias, and inputs for them."""
    generator = torch.Generator().manual_seed(seed)
    weight, bias, inputs = (
        torch.randn(*shape, generator=generator, dtype=dtype)
        for shape in ((4, 3), (3,), (20, 4))
    )
    return [weight, bias], inputs


def _loss(params: list[Tensor], inputs: Tensor) -> Tensor:
    weight, bias = params
    return ((inputs @ weight + bias).tanh() - 0.5).square().mean()


def _walk(
    params: list[Tensor],
    inputs: Tensor,
    optimizer: Optimizer,
    steps: int,
    penalty: Callable[[list[Tensor]], Tensor] | None = None,
    before: Callable[[list[Tensor]], None] | None = None,
) -> list[Tensor]:
    for _ in range(steps):
        optimizer.zero_grad()
        loss = _loss(params, inputs)
        if penalty is not None:
            loss = loss + penalty(params)
        loss.backward()
        if before is not None:
            before(params)
        optimizer.step()
    return params


def _copy(params: list[Tensor]) -> list[Tensor]:
    return [p.clone().requires_grad_() for p in params]


def _pairs(
    prefix: str, ours: list[Tensor], theirs: list[Tensor]
) -> Iterator[Pair]:
    for name, one, two in zip(("weight", "bias"), ours, theirs, strict=True):
        yield Pair(f"{name} after {prefix}", one, two)


def _compare_penalty(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    start, inputs = _start(dtype, seed)
    for momentum in (0.0, 0.9):
        for steps in (1, 100):
            ours, theirs = _copy(start), _copy(start)
            plain = SGD(ours, lr=0.05, momentum=momentum)
            other = SGD(
                theirs, lr=0.05, momentum=momentum, weight_decay=_STRENGTH
            )
            _walk(
                ours,
                inputs,
                plain,
                steps,
                penalty=lambda params: l2_penalty(params, _STRENGTH),
            )
            _walk(theirs, inputs, other, steps)
            words = f"{steps} steps, momentum {momentum:g}"
            yield from _pairs(words, ours, theirs)


def _compare_gradient(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    start, inputs = _start(dtype, seed)
    for steps in (1, 100):
        ours, theirs = _copy(start), _copy(start)
        _walk(
            ours,
            inputs,
            Adam(ours, lr=0.01),
            steps,
            before=lambda params: add_penalty_gradient(params, _STRENGTH),
        )
        other = Adam(theirs, lr=0.01, weight_decay=_STRENGTH)
        _walk(theirs, inputs, other, steps)
        yield from _pairs(f"{steps} steps", ours, theirs)


def _compare_decay(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    start, inputs = _start(dtype, seed)
    for steps in (1, 100):
        ours, theirs = _copy(start), _copy(start)
        _walk(
            ours,
            inputs,
            Adam(ours, lr=0.01),
            steps,
            before=lambda params: decay(params, 0.01, _STRENGTH),
        )
        other = AdamW(theirs, lr=0.01, weight_decay=_STRENGTH)
        _walk(theirs, inputs, other, steps)
        yield from _pairs(f"{steps} steps", ours, theirs)


def _compare_share(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    lrs = torch.rand(50, generator=generator).tolist()
    start = torch.randn(5, generator=generator, dtype=dtype)
    (weight,) = _copy([start])
    optimizer = AdamW([weight], lr=0.1, weight_decay=_STRENGTH)
    for lr in lrs:
        optimizer.param_groups[0]["lr"] = lr
        weight.grad = torch.zeros_like(weight)
        optimizer.step()
    yield Pair("weight", start * share_left(lrs, _STRENGTH), weight)
