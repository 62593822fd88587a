"""The norms beside torch's: values, gradients, and what they remember."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Generator, nn

from sevenlessons.scratch.batch_norm import BatchNorm
from sevenlessons.scratch.layer_norms import (
    GroupNorm,
    InstanceNorm,
    LayerNorm,
)

from .dropout import dropout_pieces
from .pieces import Pair, Piece
from .random_input import random_numbers, random_parameters
from .sides import compare_modules
from .weight_norms import weight_norm_pieces

__all__ = ["norm_pieces"]

_NORM = r"y = \gamma\,(x - \mu) / \sqrt{\sigma^2 + \epsilon} + \beta"


def norm_pieces() -> tuple[Piece, ...]:
    """Return the pieces of all norms, and that of dropout.

    Examples
    --------
    >>> from sevenlessons.parity.norms import norm_pieces
    >>> [piece.name for piece in norm_pieces()][:2]
    ['Batch norm, training', 'Batch norm, predicting']

    """
    batch = [
        Piece(
            name,
            "scratch/batch_norm",
            f"torch.nn.{reference}",
            formula,
            "lesson5/initialization",
            compare,
        )
        for name, reference, formula, compare in (
            (
                "Batch norm, training",
                "BatchNorm1d, BatchNorm2d",
                _NORM + r", \quad \mu, \sigma \text{ of the batch}",
                _batch_norm,
            ),
            (
                "Batch norm, predicting",
                "BatchNorm1d, BatchNorm2d in eval mode",
                r"\mu \leftarrow (1 - m)\,\mu + m\,\mu_\text{batch}",
                _remembered,
            ),
        )
    ]
    others = [
        Piece(
            f"{name} norm",
            "scratch/layer_norms",
            f"torch.nn.{reference}",
            _NORM + rf", \quad \mu, \sigma \text{{ of {what}}}",
            "lesson5/parity",
            compare,
        )
        for name, reference, what, compare in (
            ("Layer", "LayerNorm", "a row", _layer_norm),
            (
                "Instance",
                "InstanceNorm1d, InstanceNorm2d",
                "a channel of a row",
                _instance_norm,
            ),
            ("Group", "GroupNorm", "some channels of a row", _group_norm),
        )
    ]
    return (*batch, *others, *weight_norm_pieces(), *dropout_pieces())


_BATCHES = ((6, 3), (4, 2, 5), (3, 4, 2, 5), (1, 2, 3, 3))
_OPTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"momentum": 0.3, "eps": 0.01},
    {"momentum": None, "affine": False},
    {"track_running_stats": False},
)


def _torch_batch_norm(shape: tuple[int, ...], **options: Any) -> nn.Module:
    kind = nn.BatchNorm2d if len(shape) == 4 else nn.BatchNorm1d
    return kind(shape[1], **options)


def _batch_norm(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    draw = Generator().manual_seed(seed)
    for shape in _BATCHES:
        for options in _OPTIONS:
            ours = BatchNorm(shape[1], **options).to(dtype)
            theirs = _torch_batch_norm(shape, **options)
            random_parameters(theirs, dtype, draw)
            for step in (1, 2):  # the memory after the first and the second
                yield from compare_modules(
                    ours.train(),
                    theirs.train(),
                    [random_numbers(shape, dtype, draw)],
                    prefix=f"{shape}, {_words(options)}, batch {step}: ",
                )
                ours.zero_grad()
                theirs.zero_grad()


def _remembered(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    draw = Generator().manual_seed(seed)
    for shape in _BATCHES:
        for options in _OPTIONS:
            ours = BatchNorm(shape[1], **options).to(dtype)
            theirs = _torch_batch_norm(shape, **options)
            random_parameters(theirs, dtype, draw)
            for _ in range(10):
                x = random_numbers(shape, dtype, draw)
                ours(x)
                theirs(x)
            prefix = f"{shape}, {_words(options)}: "
            remembered = dict(theirs.named_buffers())
            for name, buffer in ours.named_buffers():
                yield Pair(
                    f"{prefix}{name} after 10 batches",
                    buffer.clone(),
                    remembered[name].clone(),
                )
            yield from compare_modules(
                ours.eval(),
                theirs.eval(),
                [random_numbers(shape, dtype, draw)],
                prefix=prefix,
            )


def _layer_norm(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    draw = Generator().manual_seed(seed)
    for shape, axes in (((4, 6), 1), ((2, 3, 5), 1), ((2, 3, 5), 2)):
        ending = shape[-axes:]
        for eps in (1e-5, 0.1):
            yield from _modules(
                LayerNorm(ending, eps),
                nn.LayerNorm(ending, eps),
                shape,
                f"{shape}, last {axes}, eps {eps}: ",
                dtype,
                draw,
            )


def _instance_norm(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    draw = Generator().manual_seed(seed)
    for shape in ((2, 3, 7), (3, 2, 4, 5), (1, 1, 2, 1)):
        kind = nn.InstanceNorm2d if len(shape) == 4 else nn.InstanceNorm1d
        for affine in (False, True):
            yield from _modules(
                InstanceNorm(shape[1], affine=affine),
                kind(shape[1], affine=affine),
                shape,
                f"{shape}, affine {affine}: ",
                dtype,
                draw,
            )


def _group_norm(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    draw = Generator().manual_seed(seed)
    for shape, num_groups in (
        ((5, 6), 2),
        ((2, 6, 3), 3),
        ((3, 4, 2, 5), 1),
        ((3, 4, 2, 5), 4),
    ):
        yield from _modules(
            GroupNorm(num_groups, shape[1]),
            nn.GroupNorm(num_groups, shape[1]),
            shape,
            f"{shape}, {num_groups} groups: ",
            dtype,
            draw,
        )


def _modules(
    ours: nn.Module,
    theirs: nn.Module,
    shape: tuple[int, ...],
    prefix: str,
    dtype: torch.dtype,
    draw: Generator,
) -> Iterator[Pair]:
    random_parameters(theirs, dtype, draw)
    x = random_numbers(shape, dtype, draw)
    yield from compare_modules(ours.to(dtype), theirs, [x], prefix=prefix)


def _words(options: dict[str, Any]) -> str:
    words = ", ".join(f"{name} {value}" for name, value in options.items())
    return words or "defaults"
