r"""Scores of rankings beside scikit-learn's, also where scores are equal."""

from collections.abc import Iterator

import torch
from sklearn.metrics import average_precision_score, roc_auc_score
from torch import Tensor

from sevenlessons.training.auc import roc_auc
from sevenlessons.training.average_precision import average_precision

from .pieces import Pair, Piece

__all__ = ["ranking_pieces"]

_DOUBLE = (torch.float64,)


def ranking_pieces() -> tuple[Piece, ...]:
    """Return the pieces that judge a ranking.

    Examples
    --------
    >>> from sevenlessons.parity.rankings import ranking_pieces
    >>> [piece.name for piece in ranking_pieces()]
    ['area under the curve', 'average precision']

    """
    return (
        Piece(
            "area under the curve",
            "training/auc",
            "sklearn.metrics.roc_auc_score",
            r"P(s_{\mathrm{yes}} > s_{\mathrm{no}}) "
            r"+ \tfrac12 P(s_{\mathrm{yes}} = s_{\mathrm{no}})",
            "lesson4/tabular",
            _auc,
            _DOUBLE,
        ),
        Piece(
            "average precision",
            "training/average_precision",
            "sklearn.metrics.average_precision_score",
            r"\sum_k p_k\,(r_k - r_{k-1})",
            "lesson3/multilabel",
            _precision,
            _DOUBLE,
        ),
    )


def _ranked(seed: int) -> Iterator[tuple[str, Tensor, Tensor]]:
    """Yield a name, scores and ones and zeros that hang together a little."""
    generator = torch.Generator().manual_seed(seed)
    truth = (torch.arange(80) % 3 == 0).long()
    scores = torch.randn(80, generator=generator, dtype=torch.float64) + truth
    yield "all different", scores, truth
    yield "many equal", scores.round(), truth


def _auc(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    for name, scores, truth in _ranked(seed):
        theirs = roc_auc_score(truth.numpy(), scores.numpy())
        yield Pair(
            name,
            torch.tensor(roc_auc(scores, truth), dtype=dtype),
            torch.tensor(float(theirs), dtype=dtype),
        )


def _precision(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    for name, scores, truth in _ranked(seed):
        theirs = average_precision_score(truth.numpy(), scores.numpy())
        yield Pair(
            name,
            average_precision(scores, truth).to(dtype),
            torch.tensor(float(theirs), dtype=dtype),
        )
