r"""Convolutions beside torch's: over strides, borders, gaps and groups."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from sevenlessons.scratch import convolution, im2col, toeplitz

from .pieces import Pair, Piece
from .sides import compare_functions

__all__ = ["convolution_pieces"]

# size of the picture, channels in and out, kernel, and how it slides
_CASES: Sequence[tuple[Sequence[int], Mapping[str, Any]]] = (
    ((2, 3, 5, 6, 2, 3, 3), {}),
    ((2, 2, 6, 5, 4, 2, 3), {"stride": (2, 1), "padding": (1, 2)}),
    ((1, 4, 7, 6, 2, 3, 2), {"dilation": 2, "padding": 1, "groups": 2}),
    ((3, 3, 4, 4, 3, 1, 1), {"groups": 3}),
)


def convolution_pieces() -> tuple[Piece, ...]:
    """Return the pieces that have to do with convolution.

    Examples
    --------
    >>> from sevenlessons.parity.convolutions import convolution_pieces
    >>> [piece.name for piece in convolution_pieces()][:2]
    ['convolution by loops', 'convolution by columns']

    """
    reference = "torch.nn.functional.conv2d"
    weighed = r"y_{oij} = b_o + \sum_{ckl} w_{ockl}\,x_{c,si+dk-p,sj+dl-p}"
    return (
        Piece(
            "convolution by loops",
            "scratch/convolution",
            reference,
            weighed,
            "lesson5/parity",
            _against(convolution.conv2d),
        ),
        Piece(
            "convolution by columns",
            "scratch/im2col",
            reference,
            r"y = W\,\mathrm{unfold}(x) + b",
            "lesson5/parity",
            _against(im2col.conv2d_by_columns),
        ),
        Piece(
            "convolution by its matrix",
            "scratch/toeplitz",
            reference,
            r"y = T_w\,x + b",
            "lesson5/parity",
            _against(toeplitz.conv2d_by_matrix),
        ),
        Piece(
            "matrix of a convolution",
            "scratch/toeplitz",
            "torch.autograd.functional.jacobian",
            r"(T_w)_{oij,\,cuv} = w_{o,c,(u-si+p)/d,(v-sj+p)/d}",
            "lesson5/parity",
            _matrix,
        ),
        Piece(
            "transposed convolution",
            "scratch/toeplitz",
            "torch.nn.functional.conv_transpose2d",
            r"y = T_w^\top x + b",
            "lesson5/parity",
            _transposed,
        ),
        Piece(
            "gradients of a convolution by hand",
            "scratch/im2col",
            "autograd of torch.nn.functional.conv2d",
            r"\partial W = G\,U^\top, \quad "
            r"\partial x = \mathrm{fold}(W^\top G)",
            "lesson5/parity",
            _backward,
        ),
        Piece(
            "windows as columns",
            "scratch/im2col",
            "torch.nn.functional.unfold",
            r"U_{ckl,\,ij} = x_{c,si+dk-p,sj+dl-p}",
            "lesson5/parity",
            _unfolded,
        ),
        Piece(
            "columns back to pixels",
            "scratch/im2col",
            "torch.nn.functional.fold",
            r"x_{cuv} = \sum_{si+dk-p=u,\;sj+dl-p=v} U_{ckl,\,ij}",
            "lesson5/parity",
            _folded,
        ),
    )


def _numbers(seed: int, dtype: torch.dtype) -> Callable[..., Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return lambda *shape: torch.randn(*shape, generator=generator, dtype=dtype)


def _named(how: Mapping[str, Any]) -> str:
    words = ", ".join(f"{name} {value}" for name, value in how.items())
    return f"{words or 'plain'}: "


def _against(
    ours: Callable[..., Tensor],
) -> Callable[[torch.dtype, int], Iterator[Pair]]:
    def compare(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
        draw = _numbers(seed, dtype)
        for (n, c, height, width, o, kh, kw), how in _CASES:
            groups = how.get("groups", 1)
            made = o * groups
            inputs = [
                draw(n, c, height, width),
                draw(made, c // groups, kh, kw),
                draw(made),
            ]
            yield from compare_functions(
                lambda *t, how=how: ours(*t, **how),
                lambda *t, how=how: functional.conv2d(*t, **how),
                inputs,
                prefix=_named(how),
            )

    return compare


def _matrix(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    draw = _numbers(seed, dtype)
    slides: Sequence[Mapping[str, Any]] = ({}, {"stride": 2, "padding": 1})
    for how in slides:
        weight = draw(2, 2, 3, 2)
        theirs = torch.autograd.functional.jacobian(
            lambda x, w=weight, how=how: functional.conv2d(x, w, **how),
            draw(2, 4, 5),
        )
        ours = toeplitz.toeplitz_matrix(weight, (4, 5), **how)
        yield Pair(
            f"{_named(how)}matrix", ours, theirs.flatten(3).flatten(0, 2)
        )


def _transposed(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    draw = _numbers(seed, dtype)
    cases: Sequence[Mapping[str, Any]] = (
        {},
        {"stride": (2, 3), "padding": 1, "output_padding": (1, 0)},
        {"dilation": 2, "groups": 2},
    )
    for how in cases:
        yield from compare_functions(
            lambda *t, how=how: toeplitz.conv_transpose2d(*t, **how),
            lambda *t, how=how: functional.conv_transpose2d(*t, **how),
            [
                draw(2, 2, 3, 4),
                draw(2, 2, 3, 2),
                draw(2 * how.get("groups", 1)),
            ],
            prefix=_named(how),
        )


def _backward(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    draw = _numbers(seed, dtype)
    reference: Callable[..., Tensor] = functional.conv2d
    for (n, c, height, width, o, kh, kw), how in _CASES:
        if "groups" in how:
            continue
        inputs = [draw(n, c, height, width), draw(o, c, kh, kw), draw(o)]
        for t in inputs:
            t.requires_grad_()
        answer = reference(*inputs, **how)
        grad = draw(*answer.shape)
        theirs = torch.autograd.grad(answer, inputs, grad)
        x, weight = (t.detach() for t in inputs[:2])
        ours = im2col.conv2d_backward(grad, x, weight, **how)
        for name, a, b in zip(
            ("input", "weight", "bias"), ours, theirs, strict=True
        ):
            yield Pair(f"{_named(how)}gradient of {name}", a, b)


_SLIDING: Sequence[Mapping[str, Any]] = (
    {"kernel_size": 2},
    {"kernel_size": (3, 1), "stride": (2, 1), "padding": (1, 0)},
    {"kernel_size": (2, 3), "dilation": (3, 1), "padding": 2, "stride": 2},
)


def _unfolded(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    draw = _numbers(seed, dtype)
    for how in _SLIDING:
        yield from compare_functions(
            lambda x, how=how: im2col.unfold(x, **how),
            lambda x, how=how: functional.unfold(x, **how),
            [draw(2, 3, 5, 6)],
            prefix=_named(how),
        )


def _folded(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    draw = _numbers(seed, dtype)
    for how in _SLIDING:
        like = functional.unfold(draw(2, 3, 5, 6), **how)
        yield from compare_functions(
            lambda x, how=how: im2col.fold(x, (5, 6), **how),
            lambda x, how=how: functional.fold(x, (5, 6), **how),
            [draw(*like.shape)],
            prefix=_named(how),
        )
