r"""A plain recurrent network and clipped gradients, beside torch's."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from sevenlessons.scratch.gradient_clipping import clip_gradients
from sevenlessons.scratch.rnn import rnn_layer, rnn_step

from .pieces import Pair, Piece
from .sides import compare_functions

__all__ = ["recurrent_pieces"]


def recurrent_pieces() -> tuple[Piece, ...]:
    """Return the pieces of a network that reads step by step.

    Examples
    --------
    >>> from sevenlessons.parity.recurrent import recurrent_pieces
    >>> [piece.name for piece in recurrent_pieces()]
    ['RNN cell', 'RNN layer', 'gradient clipping']

    """
    return (
        Piece(
            "RNN cell",
            "scratch/rnn",
            "torch.nn.RNNCell",
            r"h' = \tanh(W_{ih} x + b_{ih} + W_{hh} h + b_{hh})",
            "lesson7/rnn",
            _cell,
        ),
        Piece(
            "RNN layer",
            "scratch/rnn",
            "torch.nn.RNN",
            r"h_t = \mathrm{cell}(x_t, h_{t-1})",
            "lesson7/rnn",
            _layer,
        ),
        Piece(
            "gradient clipping",
            "scratch/gradient_clipping",
            "torch.nn.utils.clip_grad_norm_",
            r"g \leftarrow g \cdot \min(1, c / |g|)",
            "lesson7/rnn",
            _clipping,
        ),
    )


def _numbers(
    generator: torch.Generator, dtype: torch.dtype, *shape: int
) -> Tensor:
    return torch.randn(shape, generator=generator, dtype=dtype)


def _cell(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    theirs = nn.RNNCell(3, 4).to(dtype)
    shapes = ((5, 3), (5, 4), (4, 3), (4, 4), (4,), (4,))
    inputs = [_numbers(generator, dtype, *shape) for shape in shapes]

    def two(*t: Tensor) -> Tensor:
        weights = dict(
            zip(dict(theirs.named_parameters()), t[2:], strict=True)
        )
        return torch.func.functional_call(theirs, weights, t[:2])

    yield from compare_functions(rnn_step, two, inputs)


def _layer(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    theirs = nn.RNN(3, 4, batch_first=True).to(dtype)
    names = list(dict(theirs.named_parameters()))
    for n, steps in ((2, 6), (1, 1), (3, 30)):
        shapes = ((n, steps, 3), (4, 3), (4, 4), (4,), (4,), (n, 4))
        inputs = [0.5 * _numbers(generator, dtype, *s) for s in shapes]

        def two(*t: Tensor) -> Tensor:
            weights = dict(zip(names, t[1:5], strict=True))
            called = t[0], t[5][None]
            outputs, last = torch.func.functional_call(theirs, weights, called)
            return torch.cat([outputs, last.transpose(0, 1)], dim=1)

        def one(*t: Tensor) -> Tensor:
            outputs, last = rnn_layer(*t)
            return torch.cat([outputs, last[:, None]], dim=1)

        yield from compare_functions(
            one, two, inputs, prefix=f"{n} texts of {steps} steps: "
        )


def _clipping(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    grads = [_numbers(generator, dtype, *s) for s in ((4, 3), (5,), ())]
    for name, most in {"long": 0.5, "short": 100.0}.items():

        def clipped(
            clip: Callable[..., Tensor], most: float = most
        ) -> list[Tensor]:
            made = [torch.zeros_like(grad) for grad in grads]
            for parameter, grad in zip(made, grads, strict=True):
                parameter.grad = grad.clone()
            made.append(torch.zeros(2, dtype=dtype))  # has none
            norm = clip(made, most)
            return [norm, *(p.grad for p in made[:-1] if p.grad is not None)]

        names = ["norm", *(f"gradient {k}" for k in (1, 2, 3))]
        for what, one, two in zip(
            names,
            clipped(clip_gradients),
            clipped(nn.utils.clip_grad_norm_),
            strict=True,
        ):
            yield Pair(f"{name}: {what}", one, two)
