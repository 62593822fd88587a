"""Dropout beside torch's: the same mask from the same seed."""

from collections.abc import Callable, Iterator

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from sevenlessons.scratch.dropout import Dropout, dropout

from .pieces import Pair, Piece
from .sides import compare_functions

__all__ = ["dropout_pieces"]


def dropout_pieces() -> tuple[Piece, ...]:
    """Return the piece of dropout.

    Examples
    --------
    >>> from sevenlessons.parity.dropout import dropout_pieces
    >>> [piece.name for piece in dropout_pieces()]
    ['Dropout']

    """
    return (
        Piece(
            "Dropout",
            "scratch/dropout",
            "torch.nn.functional.dropout",
            r"y = m\,x / (1 - p), \quad m \sim \text{Bernoulli}(1 - p)",
            "lesson5/parity",
            _dropout,
        ),
    )


def _dropout(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    draw = Generator().manual_seed(seed)
    for shape in ((40,), (3, 1, 5, 2), (0, 4)):
        x = torch.randn(shape, generator=draw, dtype=dtype)
        for p in (0.0, 0.1, 0.5, 1.0):
            for training in (True, False):
                yield from compare_functions(
                    _seeded(dropout, seed, p, training),
                    _seeded(functional.dropout, seed, p, training),
                    [x],
                    prefix=f"{shape}, p {p}, training {training}: ",
                )
    x = torch.randn(9, generator=draw, dtype=dtype)
    yield from compare_functions(
        _seeded(Dropout(0.3), seed),
        _seeded(nn.Dropout(0.3), seed),
        [x],
        prefix="layer: ",
    )


def _seeded(
    function: Callable[..., Tensor], seed: int, *rest: object
) -> Callable[[Tensor], Tensor]:
    """Return `function` drawing from torch's global generator at a seed."""

    def call(x: Tensor) -> Tensor:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return function(x, *rest)

    return call
