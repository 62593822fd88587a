"""Optimizers and moving averages beside PyTorch's."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch
from torch import Tensor

from sevenlessons.scratch.adam import Adam
from sevenlessons.scratch.adamw import AdamW
from sevenlessons.scratch.averages import average_weights, moving_average
from sevenlessons.scratch.rmsprop import RMSprop
from sevenlessons.scratch.sgd import SGD

from .optimizer_steps import compare_steps
from .pieces import Pair, Piece
from .sides import compare_functions

__all__ = ["optimizer_pieces"]

_Average = Callable[[Tensor], Tensor]

PAGE = "lesson5/optimizers"
OPTIMIZERS: list[tuple[str, Any, str, str, dict[str, dict[str, Any]]]] = [
    (
        "SGD",
        SGD,
        "sgd",
        r"w \leftarrow w - \eta\,(g + \lambda w)",
        {"plain": {"lr": 0.1}, "decay": {"lr": 0.1, "weight_decay": 0.05}},
    ),
    (
        "SGD with momentum",
        SGD,
        "sgd",
        r"v \leftarrow \mu v + (1 - d)\, g,\quad w \leftarrow w - \eta v",
        {
            "momentum": {"lr": 0.03, "momentum": 0.9},
            "dampening": {"lr": 0.1, "momentum": 0.8, "dampening": 0.5},
        },
    ),
    (
        "Nesterov momentum",
        SGD,
        "sgd",
        r"v \leftarrow \mu v + g,\quad w \leftarrow w - \eta\,(g + \mu v)",
        {
            "nesterov": {"lr": 0.03, "momentum": 0.9, "nesterov": True},
            "decay": {
                "lr": 0.05,
                "momentum": 0.6,
                "nesterov": True,
                "weight_decay": 0.02,
            },
        },
    ),
    (
        "RMSProp",
        RMSprop,
        "rmsprop",
        r"s \leftarrow \alpha s + (1 - \alpha)\, g^2,\quad "
        r"w \leftarrow w - \eta\, g / (\sqrt{s} + \epsilon)",
        {
            "centered": {"lr": 0.003, "centered": True, "eps": 1e-3},
            "momentum": {
                "lr": 0.001,
                "momentum": 0.8,
                "weight_decay": 0.1,
            },
        },
    ),
    (
        "Adam",
        Adam,
        "adam",
        r"w \leftarrow w - \eta\, \hat m / (\sqrt{\hat s} + \epsilon)",
        {
            "betas": {"lr": 0.02, "betas": (0.8, 0.95), "weight_decay": 0.1},
            "amsgrad": {"lr": 0.02, "amsgrad": True, "betas": (0.9, 0.9)},
        },
    ),
    (
        "AdamW",
        AdamW,
        "adamw",
        r"w \leftarrow (1 - \eta \lambda)\, w "
        r"- \eta\, \hat m / (\sqrt{\hat s} + \epsilon)",
        {
            "plain": {"lr": 0.01},
            "decay": {"lr": 0.03, "betas": (0.7, 0.9), "weight_decay": 0.3},
        },
    ),
]


def optimizer_pieces() -> tuple[Piece, ...]:
    """Return the optimizers and the averages they are made of.

    Examples
    --------
    >>> from sevenlessons.parity.optimizers import optimizer_pieces
    >>> [piece.name for piece in optimizer_pieces()][:2]
    ['SGD', 'SGD with momentum']

    """
    pieces = [
        Piece(
            name,
            f"scratch/{module}",
            f"torch.optim.{kind.__name__}",
            formula,
            "lesson5/weight_decay" if kind is AdamW else PAGE,
            _steps_of(kind, settings),
        )
        for name, kind, module, formula, settings in OPTIMIZERS
    ]
    averages = Piece(
        "moving average",
        "scratch/averages",
        "torch.lerp",
        r"a_t = \beta a_{t-1} + (1 - \beta)\, x_t",
        PAGE,
        _compare_averages,
    )
    return (*pieces, averages)


def _steps_of(kind: Any, settings: Mapping[str, Mapping[str, Any]]) -> Any:
    def compare(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
        theirs = getattr(torch.optim, kind.__name__)
        return compare_steps(kind, theirs, settings, dtype, seed)

    return compare


def _compare_averages(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    for beta, shape in ((0.9, (20,)), (0.5, (7, 2, 3)), (0.0, (1, 1))):
        values = torch.randn(*shape, generator=generator, dtype=torch.float64)

        def ours(values: Tensor, beta: float = beta) -> Tensor:
            return moving_average(values, beta)

        def theirs(values: Tensor, beta: float = beta) -> Tensor:
            average = [torch.zeros_like(values[0])]
            for value in values:
                average.append(torch.lerp(average[-1], value, 1 - beta))
            return torch.stack(average[1:])

        def corrected(values: Tensor, beta: float = beta) -> Tensor:
            return moving_average(values, beta, corrected=True)

        def divided(
            values: Tensor, beta: float = beta, walk: _Average = theirs
        ) -> Tensor:
            steps = torch.arange(1, len(values) + 1, dtype=values.dtype)
            share = 1 - beta ** steps.view(-1, *[1] * (values.ndim - 1))
            return walk(values) / share

        def last(
            values: Tensor, beta: float = beta, walk: _Average = theirs
        ) -> Tensor:
            return walk(values)[-1] / (1 - beta ** len(values))

        def weighted(values: Tensor, beta: float = beta) -> Tensor:
            weights = average_weights(len(values), beta, corrected=True)
            return torch.tensordot(weights.to(values.dtype), values, dims=1)

        inputs = [values.to(dtype)]
        name = f"beta {beta}: "
        yield from compare_functions(ours, theirs, inputs, prefix=name)
        name = f"beta {beta}, corrected: "
        yield from compare_functions(corrected, divided, inputs, prefix=name)
        name = f"beta {beta}, the last by its weights: "
        yield from compare_functions(weighted, last, inputs, prefix=name)
