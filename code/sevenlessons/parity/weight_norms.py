"""Weight and spectral norm beside torch's, as parametrizations."""

from collections.abc import Callable, Iterator
from typing import Any, cast

import torch
from torch import Generator, Tensor, nn
from torch.nn.utils import parametrizations
from torch.nn.utils.parametrize import register_parametrization

from sevenlessons.scratch.spectral_norm import SpectralNorm
from sevenlessons.scratch.weight_norm import WeightNorm

from .pieces import Pair, Piece
from .random_input import random_numbers, random_parameters
from .sides import compare_functions, compare_modules

__all__ = ["weight_norm_pieces"]


def weight_norm_pieces() -> tuple[Piece, ...]:
    """Return the pieces of weight norm and spectral norm.

    Examples
    --------
    >>> from sevenlessons.parity.weight_norms import weight_norm_pieces
    >>> [piece.name for piece in weight_norm_pieces()]
    ['Weight norm', 'Spectral norm']

    """
    room = "torch.nn.utils.parametrizations"
    return (
        Piece(
            "Weight norm",
            "scratch/weight_norm",
            f"{room}.weight_norm",
            r"w = g\,v / \lVert v \rVert",
            "lesson5/parity",
            _weight_norm,
        ),
        Piece(
            "Spectral norm",
            "scratch/spectral_norm",
            f"{room}.spectral_norm",
            r"\hat W = W / \sigma, \quad \sigma = u^\top W v",
            "lesson5/parity",
            _spectral_norm,
        ),
    )


def _weight_norm(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    weight_norm: Callable[..., Any] = parametrizations.weight_norm
    draw = Generator().manual_seed(seed)
    for new, shape in _WEIGHTED:
        for dim in (0, 1, None):
            ours, theirs = _twins(new, dtype, draw)
            register_parametrization(ours, "weight", WeightNorm(dim))
            weight_norm(theirs, dim=dim)
            yield from compare_modules(
                ours,
                theirs,
                [random_numbers(shape, dtype, draw)],
                prefix=f"{shape}, dim {dim}: ",
            )


def _spectral_norm(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    draw = Generator().manual_seed(seed)
    for new, shape in _WEIGHTED:
        for dim, steps in ((0, 1), (1, 3)):
            ours, theirs = _twins(new, dtype, draw)
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(seed)
                norm = SpectralNorm(cast(Tensor, ours.weight), steps, dim)
                register_parametrization(ours, "weight", norm)
                torch.manual_seed(seed)
                parametrizations.spectral_norm(
                    theirs, n_power_iterations=steps, dim=dim
                )
            prefix = f"{shape}, dim {dim}, {steps} steps: "
            yield from compare_functions(
                ours,
                theirs,
                [random_numbers(shape, dtype, draw)],
                prefix=prefix,
            )
            yield Pair(
                f"{prefix}gradient of weight",
                _first_gradient(ours),
                _first_gradient(theirs),
            )
            ours.eval(), theirs.eval()
            for mode in ("eval", "eval again"):
                yield from compare_functions(
                    ours,
                    theirs,
                    [random_numbers(shape, dtype, draw)],
                    prefix=f"{prefix}{mode}, ",
                )
    matrix = torch.diag(torch.tensor([1.0, -3, 2, 0.5])).to(dtype)
    turn = torch.linalg.qr(torch.randn(4, 4, generator=draw, dtype=dtype))[0]
    matrix = matrix @ turn  # largest singular value 3, the next 2
    yield Pair(
        "sigma as by singular values",
        SpectralNorm(matrix, 60, generator=draw)(matrix),
        matrix / torch.linalg.svdvals(matrix)[0],
    )


_WEIGHTED: tuple[tuple[Callable[[], nn.Module], tuple[int, ...]], ...] = (
    (lambda: nn.Linear(5, 4), (3, 5)),
    (lambda: nn.Conv2d(2, 3, (3, 2)), (2, 2, 4, 5)),
)


def _twins(
    new: Callable[[], nn.Module], dtype: torch.dtype, draw: Generator
) -> tuple[nn.Module, nn.Module]:
    """Return two layers of equal weights; draw nothing globally."""
    with torch.random.fork_rng(devices=[]):
        ours, theirs = new().to(dtype), new()
    random_parameters(theirs, dtype, draw)
    ours.load_state_dict(theirs.state_dict())
    return ours, theirs


def _first_gradient(layer: nn.Module) -> Tensor:
    """Return the gradient of the weight before it is normalized."""
    (grad,) = (
        parameter.grad
        for name, parameter in layer.named_parameters()
        if name.endswith("original") and parameter.grad is not None
    )
    return grad
