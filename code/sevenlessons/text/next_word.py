"""Judge a model of language: its loss, and what each word surprises it.

A model gives scores of shape ``(N, T, V)``: for each place of each stream one
score a word, for the word that comes next. The targets have shape ``(N, T)``.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from sevenlessons.training.perplexity import Perplexity

from .streams import StreamLoader

__all__ = [
    "NextWordPerplexity",
    "next_word_accuracy",
    "next_word_loss",
    "surprises",
]


def next_word_loss(scores: Tensor, targets: Tensor) -> Tensor:
    """Return the mean cross-entropy over all places.

    Parameters
    ----------
    scores
        Shape ``(N, T, V)``.
    targets
        Numbers of the words that came, shape ``(N, T)``.

    Examples
    --------
    >>> float(next_word_loss(torch.zeros(2, 3, 1), torch.zeros(2, 3).long()))
    0.0

    """
    _check(scores, targets)
    return nn.functional.cross_entropy(scores.flatten(0, 1), targets.flatten())


def next_word_accuracy(scores: Tensor, targets: Tensor) -> Tensor:
    """Return the share of places where the highest score is the word's.

    Examples
    --------
    >>> next_word_accuracy(torch.eye(4)[None], torch.tensor([[0, 1, 2, 2]]))
    tensor(0.7500)

    """
    _check(scores, targets)
    return (scores.argmax(dim=-1) == targets).float().mean()


class NextWordPerplexity(Perplexity):
    """`training.perplexity.Perplexity` for scores of shape ``(N, T, V)``.

    Examples
    --------
    >>> metric = NextWordPerplexity()
    >>> metric.update(torch.zeros(2, 3, 50), torch.ones(2, 3).long())
    >>> round(metric.compute(), 3)
    50.0

    """

    def update(self, prediction: Tensor, target: Tensor) -> None:
        _check(prediction, target)
        super().update(prediction.flatten(0, 1), target.flatten())


@torch.no_grad()
def surprises(
    model: nn.Module,
    texts: Sequence[Sequence[int]],
    *,
    batch_size: int = 20,
    length: int = 70,
) -> Tensor:
    """Return minus the log-probability of each word of the joined texts.

    Parameters
    ----------
    model
        Gives scores ``(N, T, V)`` and carries its state from batch to
        batch; judged as in evaluation, then put back, its state empty.
    texts
        One list of token numbers a text, joined in this order.
    batch_size, length
        Streams that are read at the same time, and words a batch. Each
        stream begins without a past.

    Returns
    -------
    Tensor
        Shape ``(W,)``, float64: the surprise at words 1, 2, ... of the line.
        Word 0 has nothing before it; a few words at the end, fewer than
        `batch_size`, fill no column and are left out. The exponential of the
        mean is the perplexity.

    """
    loader = StreamLoader(texts, batch_size, length, shuffle=False)
    device = next(model.parameters()).device
    trained = model.training
    model.eval()
    reset = getattr(model, "reset", lambda: None)
    reset()
    try:
        rows = [
            nn.functional.cross_entropy(
                model(inputs.to(device)).flatten(0, 1).float(),
                targets.to(device).flatten(),
                reduction="none",
            ).view(targets.shape)
            for inputs, targets in loader
        ]
    finally:
        reset()
        model.train(trained)
    return torch.cat(rows, dim=1).flatten().double().cpu()


def _check(scores: Tensor, targets: Tensor) -> None:
    if scores.dim() != 3 or scores.shape[:2] != targets.shape:
        raise ValueError(
            "expected scores (N, T, V) and targets (N, T), got shapes "
            f"{tuple(scores.shape)} and {tuple(targets.shape)}; a loader of "
            "streams and a model of language give these"
        )
