r"""Pixel shuffle and self-attention of maps beside torch's own."""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional

from sevenlessons.scratch import pixel_shuffle
from sevenlessons.vision import self_attention

from .pieces import Pair, Piece
from .random_input import random_numbers
from .sides import compare_functions

__all__ = ["enlarging_pieces"]


def enlarging_pieces() -> tuple[Piece, ...]:
    """Return the pieces that have to do with the way up of a U-Net.

    Examples
    --------
    >>> from sevenlessons.parity.enlarging import enlarging_pieces
    >>> [piece.name for piece in enlarging_pieces()][:2]
    ['pixel shuffle', 'pixel unshuffle']

    """
    return (
        Piece(
            "pixel shuffle",
            "scratch/pixel_shuffle",
            "torch.nn.functional.pixel_shuffle",
            r"y_{c,\,ri+a,\,rj+b} = x_{cr^2+ra+b,\,i,\,j}",
            "lesson7/unet",
            _shuffled,
        ),
        Piece(
            "pixel unshuffle",
            "scratch/pixel_shuffle",
            "torch.nn.functional.pixel_unshuffle",
            r"y_{cr^2+ra+b,\,i,\,j} = x_{c,\,ri+a,\,rj+b}",
            "lesson7/unet",
            _unshuffled,
        ),
        Piece(
            "self-attention of maps",
            "vision/self_attention",
            "torch.nn.functional.scaled_dot_product_attention",
            r"y_i = x_i + \gamma \sum_j "
            r"\mathrm{softmax}_j(q_i \cdot k_j)\,v_j",
            "lesson7/unet",
            _attended,
        ),
    )


def _shuffled(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    draw = torch.Generator().manual_seed(seed)
    for factor in (1, 2, 3):
        yield from compare_functions(
            lambda x, f=factor: pixel_shuffle.pixel_shuffle(x, f),
            lambda x, f=factor: functional.pixel_shuffle(x, f),
            [random_numbers((2, 2 * factor**2, 3, 4), dtype, draw)],
            prefix=f"factor {factor}: ",
        )


def _unshuffled(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    draw = torch.Generator().manual_seed(seed)
    for factor in (1, 2, 3):
        yield from compare_functions(
            lambda x, f=factor: pixel_shuffle.pixel_unshuffle(x, f),
            lambda x, f=factor: functional.pixel_unshuffle(x, f),
            [random_numbers((2, 3, 2 * factor, 3 * factor), dtype, draw)],
            prefix=f"factor {factor}: ",
        )


def _attended(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    draw = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        layer = self_attention.MapAttention(16).to(dtype)
    layer.requires_grad_(False).gamma.fill_(0.7)

    def theirs(maps: Tensor) -> Tensor:
        asked, answered, said = (
            part(maps).flatten(2).mT
            for part in (layer.query, layer.key, layer.value)
        )
        seen = functional.scaled_dot_product_attention(
            asked, answered, said, scale=1.0
        )
        return maps + layer.gamma * seen.mT.reshape(maps.shape)

    for shape in ((2, 16, 3, 5), (1, 16, 1, 1)):
        maps = random_numbers(shape, dtype, draw)
        yield from compare_functions(
            layer, theirs, [maps], prefix=f"{shape}: "
        )
