r"""Networks with gates, beside torch's: GRU, and layers upon layers."""

from collections.abc import Callable, Iterator
from functools import partial

import torch
from torch import Tensor, nn

from sevenlessons.scratch.gru import gru_layer, gru_step
from sevenlessons.scratch.lstm import lstm_layer

from .pieces import Pair, Piece
from .sides import compare_functions

__all__ = ["gate_pieces"]

Layer = Callable[..., tuple[Tensor, object]]


def gate_pieces() -> tuple[Piece, ...]:
    """Return the pieces of recurrent networks with gates.

    The LSTM's cell and single layer are in `sequences`.

    Examples
    --------
    >>> from sevenlessons.parity.gates import gate_pieces
    >>> [piece.name for piece in gate_pieces()][:2]
    ['GRU cell', 'GRU layer']

    """
    state = r"h' = z \cdot h + (1 - z) \cdot n"
    upon = r"h^{(2)}_t = \mathrm{cell}(h^{(1)}_t, h^{(2)}_{t-1})"
    page = "lesson7/gru_lstm"
    return (
        Piece(
            "GRU cell", "scratch/gru", "torch.nn.GRUCell", state, page, _cell
        ),
        Piece(
            "GRU layer",
            "scratch/gru",
            "torch.nn.GRU",
            r"h_t = \mathrm{cell}(x_t, h_{t-1})",
            page,
            partial(_layers, 1, False),
        ),
        Piece(
            "GRU layer, products of the inputs at once",
            "scratch/gru",
            "torch.nn.GRU",
            r"X W^\top \text{ before the loop}",
            page,
            partial(_layers, 1, True),
        ),
        Piece(
            "two layers of GRU",
            "scratch/gru",
            "torch.nn.GRU",
            upon,
            page,
            partial(_layers, 2, False),
        ),
        Piece(
            "two layers of LSTM",
            "scratch/lstm",
            "torch.nn.LSTM",
            upon,
            page,
            _lstm_layers,
        ),
    )


def _numbers(
    generator: torch.Generator, dtype: torch.dtype, *shape: int
) -> Tensor:
    return torch.randn(*shape, generator=generator, dtype=dtype)


def _cell(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    theirs = nn.GRUCell(3, 4).to(dtype)
    names = list(dict(theirs.named_parameters()))
    shapes = ((5, 3), (5, 4), (12, 3), (12, 4), (12,), (12,))

    def two(*t: Tensor) -> Tensor:
        weights = dict(zip(names, t[2:], strict=True))
        called: Tensor = torch.func.functional_call(theirs, weights, t[:2])
        return called

    yield from compare_functions(
        gru_step,
        two,
        [_numbers(generator, dtype, *shape) for shape in shapes],
    )


def _layers(
    count: int, hoisted: bool, dtype: torch.dtype, seed: int
) -> Iterator[Pair]:
    layer = partial(gru_layer, hoisted=hoisted)
    theirs = nn.GRU(3, 4, count, batch_first=True)
    yield from _stacked(layer, theirs, dtype, seed)


def _lstm_layers(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    theirs = nn.LSTM(3, 4, 2, batch_first=True)
    yield from _stacked(lstm_layer, theirs, dtype, seed)


def _stacked(
    layer: Layer, theirs: nn.RNNBase, dtype: torch.dtype, seed: int
) -> Iterator[Pair]:
    """Compare layer upon layer with torch's, for two lengths."""
    generator = torch.Generator().manual_seed(seed)
    theirs = theirs.to(dtype)
    parameters = dict(theirs.named_parameters())
    names = list(parameters)

    def one(*t: Tensor) -> Tensor:
        x = t[0]
        for first in range(1, len(t), 4):  # two weights, two biases
            x = layer(x, *t[first : first + 4])[0]
        return x

    def two(*t: Tensor) -> Tensor:
        weights = dict(zip(names, t[1:], strict=True))
        called: Tensor = torch.func.functional_call(theirs, weights, t[:1])[0]
        return called

    for n, steps in ((2, 6), (1, 1)):
        x = _numbers(generator, dtype, n, steps, 3)
        weights = [
            _numbers(generator, dtype, *p.shape) for p in parameters.values()
        ]
        yield from compare_functions(
            one, two, [x, *weights], prefix=f"{n} texts of {steps} steps: "
        )
