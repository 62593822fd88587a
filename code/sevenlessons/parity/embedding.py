"""Embedding, its backward and its one-hot product: ours beside torch's."""

from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional

from sevenlessons.scratch.embedding import (
    embedding,
    embedding_gradient,
    one_hot,
    one_hot_product,
)

from .pieces import Pair, Piece
from .sides import compare_functions

__all__ = ["embedding_pieces"]

_PAGE = "lesson5/softmax_embeddings"
_MODULE = "scratch/embedding"
_CASES = [((6,), 4, 3), ((2, 5), 3, 1), ((2, 1, 3), 7, 2), ((0,), 4, 3)]


def embedding_pieces() -> tuple[Piece, ...]:
    """Return the look-up, the product and the gradient.

    Examples
    --------
    >>> from sevenlessons.parity.embedding import embedding_pieces
    >>> [piece.name for piece in embedding_pieces()][:2]
    ['embedding look-up', 'one-hot product']

    """
    torchs = "torch.nn.functional."
    return (
        Piece(
            "embedding look-up",
            _MODULE,
            torchs + "embedding",
            r"\mathrm{row}_i(W)",
            _PAGE,
            _look_up,
        ),
        Piece(
            "one-hot product",
            _MODULE,
            torchs + "embedding",
            r"e_i^\top W",
            _PAGE,
            _product,
        ),
        Piece(
            "one-hot rows",
            _MODULE,
            torchs + "one_hot",
            r"(e_i)_j = [i = j]",
            _PAGE,
            _ones,
        ),
        Piece(
            "gradient of an embedding",
            _MODULE,
            "torch.autograd.grad",
            r"\partial L / \partial W_i = \sum_{n:\, i_n = i} g_n",
            _PAGE,
            _gradient,
        ),
    )


def _drawn(
    dtype: torch.dtype, seed: int
) -> Iterator[tuple[str, Tensor, Tensor, Tensor]]:
    """Yield a name, numbers with repeats, a table and a gradient."""
    generator = torch.Generator().manual_seed(seed)
    for shape, rows, width in _CASES:
        numbers = torch.randint(rows, shape, generator=generator)
        weight = torch.randn(rows, width, generator=generator, dtype=dtype)
        g = torch.randn(*shape, width, generator=generator, dtype=dtype)
        yield f"{shape} of {rows}: ", numbers, weight, g


def _look_up(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    for name, numbers, weight, _ in _drawn(dtype, seed):
        for padding_idx in (None, 0, -1):
            yield from compare_functions(
                partial(embedding, numbers, padding_idx=padding_idx),
                partial(
                    functional.embedding, numbers, padding_idx=padding_idx
                ),
                [weight],
                prefix=f"{name}padding_idx {padding_idx}, ",
            )


def _product(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    for name, numbers, weight, _ in _drawn(dtype, seed):
        yield from compare_functions(
            partial(one_hot_product, numbers),
            partial(functional.embedding, numbers),
            [weight],
            prefix=name,
        )


def _ones(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    for name, numbers, weight, _ in _drawn(dtype, seed):
        yield Pair(
            name + "value",
            one_hot(numbers, len(weight), dtype=dtype),
            functional.one_hot(numbers, len(weight)).to(dtype),
        )


def _gradient(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    for name, numbers, weight, g in _drawn(dtype, seed):
        for padding_idx in (None, 1):
            weight = weight.detach().requires_grad_()
            rows = functional.embedding(numbers, weight, padding_idx)
            (found,) = torch.autograd.grad((rows * g).sum(), weight)
            mine = embedding_gradient(
                numbers, g, len(weight), padding_idx=padding_idx
            )
            yield Pair(f"{name}padding_idx {padding_idx}", mine, found)
