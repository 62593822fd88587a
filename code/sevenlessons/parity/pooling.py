"""Pooling beside torch's: overlapping windows, borders, ties."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from sevenlessons.scratch import adaptive_pooling, pooling

from .pieces import Pair, Piece
from .sides import compare_functions

__all__ = ["pooling_pieces"]


def pooling_pieces() -> tuple[Piece, ...]:
    """Return the pieces that have to do with pooling.

    Examples
    --------
    >>> from sevenlessons.parity.pooling import pooling_pieces
    >>> pooling_pieces()[0].name
    'max pooling'

    """
    window = r"\lfloor in/m \rfloor \le u < \lceil (i+1)\,n/m \rceil"
    return (
        Piece(
            "max pooling",
            "scratch/pooling",
            "torch.nn.functional.max_pool2d",
            r"y_{ij} = \max_{kl} x_{si+dk-p,\;sj+dl-p}",
            "lesson5/parity",
            _largest,
        ),
        Piece(
            "places of the largest",
            "scratch/pooling",
            "torch.nn.functional.max_pool2d(return_indices=True)",
            r"\arg\max_{kl} x_{si+dk-p,\;sj+dl-p} \text{, the first}",
            "lesson5/parity",
            _places,
        ),
        Piece(
            "average pooling",
            "scratch/pooling",
            "torch.nn.functional.avg_pool2d",
            r"y_{ij} = \frac{1}{k^2} \sum_{kl} x_{si+k-p,\;sj+l-p}",
            "lesson5/parity",
            _means,
        ),
        Piece(
            "adaptive average pooling",
            "scratch/adaptive_pooling",
            "torch.nn.functional.adaptive_avg_pool2d",
            rf"y_i = \mathrm{{mean}}\{{x_u : {window}\}}",
            "lesson5/parity",
            _adaptive(
                adaptive_pooling.adaptive_avg_pool2d,
                functional.adaptive_avg_pool2d,
            ),
        ),
        Piece(
            "adaptive max pooling",
            "scratch/adaptive_pooling",
            "torch.nn.functional.adaptive_max_pool2d",
            rf"y_i = \max\{{x_u : {window}\}}",
            "lesson5/parity",
            _adaptive(
                adaptive_pooling.adaptive_max_pool2d,
                functional.adaptive_max_pool2d,
            ),
        ),
    )


_SLIDING: Sequence[Mapping[str, Any]] = (
    {"kernel_size": 2},
    {"kernel_size": 3, "stride": 2, "padding": 1},
    {"kernel_size": (3, 2), "stride": 2, "ceil_mode": True},
)


def _named(how: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {how[name]}" for name in how) + ": "


def _pictures(dtype: torch.dtype, seed: int) -> Iterator[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    while True:
        yield torch.randn(2, 3, 6, 7, generator=generator, dtype=dtype)


def _largest(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    pictures = _pictures(dtype, seed)
    for how in (*_SLIDING, {"kernel_size": 2, "dilation": (2, 3)}):
        yield from compare_functions(
            lambda x, how=how: pooling.max_pool2d(x, **how),
            lambda x, how=how: functional.max_pool2d(x, **how),
            [next(pictures)],
            prefix=_named(how),
        )
    ties = next(pictures).round()  # many equal numbers
    yield from compare_functions(
        lambda x: pooling.max_pool2d(x, 3, 1),
        lambda x: functional.max_pool2d(x, 3, 1),
        [ties],
        prefix="ties: ",
    )


def _places(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    pictures = _pictures(dtype, seed)
    for how in _SLIDING:
        x = next(pictures).round()
        _, ours = pooling.max_pool2d_with_indices(x, **how)
        _, theirs = functional.max_pool2d(x, **how, return_indices=True)
        yield Pair(f"{_named(how)}places", ours, theirs)


def _means(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    pictures = _pictures(dtype, seed)
    for case in _SLIDING:
        for count in (True, False):
            how = {**case, "count_include_pad": count}
            yield from compare_functions(
                lambda x, how=how: pooling.avg_pool2d(x, **how),
                lambda x, how=how: functional.avg_pool2d(x, **how),
                [next(pictures)],
                prefix=_named(how),
            )


def _adaptive(
    ours: Callable[..., Tensor], theirs: Callable[..., Tensor]
) -> Callable[[torch.dtype, int], Iterator[Pair]]:
    def compare(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
        pictures = _pictures(dtype, seed)
        for size in (1, (4, 3), (6, 9)):
            yield from compare_functions(
                lambda x, size=size: ours(x, size),
                lambda x, size=size: theirs(x, size),
                [next(pictures)],
                prefix=f"output size {size}: ",
            )

    return compare
