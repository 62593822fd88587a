"""Move a model of language to another vocabulary, word by word.

A row of the embedding belongs to a word, and in another vocabulary the word
has another number. So each row is copied by its word. A word that the model
never saw gets the mean of all rows: an average word, from where training
moves it. The layers between know no words; they stay.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from .awd_lstm import LanguageModel
from .dropouts import EmbeddingDropout
from .vocabulary import Vocabulary

__all__ = ["move_rows", "transplant"]


def move_rows(
    rows: Tensor, old: Vocabulary, new: Vocabulary, *, skip: int | None = None
) -> Tensor:
    """Return one row for each word of `new`, copied by word from `rows`.

    Parameters
    ----------
    rows
        One a word of `old`; shape ``(V, E)``, or ``(V,)`` for biases.
    old, new
        The vocabularies.
    skip
        A row of `old` that is no word and does not count for the mean, such
        as the one for padding.

    Raises
    ------
    ValueError
        If `rows` does not fit `old`.

    Examples
    --------
    >>> old = Vocabulary(["xxunk", "film", "good"])
    >>> new = Vocabulary(["xxunk", "good", "zorgly"])
    >>> move_rows(torch.tensor([0.0, 3.0, 6.0]), old, new)
    tensor([0., 6., 3.])

    """
    if len(rows) != len(old):
        raise ValueError(
            f"expected {len(old)} rows, one for each word of the old "
            f"vocabulary, got {len(rows)}"
        )
    known = torch.tensor([token in old for token in new])
    counted = torch.ones(len(old), dtype=torch.bool)
    if skip is not None:
        counted[skip] = False
    moved = rows[old.numbers(new)]
    moved[~known] = rows[counted].mean(dim=0)
    return moved


def transplant(
    model: LanguageModel, old: Vocabulary, new: Vocabulary
) -> LanguageModel:
    """Return a copy of a model that reads and writes another vocabulary.

    Parameters
    ----------
    model
        Made for `old`; it is left as it was.
    old, new
        Where ``xxpad`` has a number, it must be the same in both.

    Raises
    ------
    ValueError
        If a vocabulary does not fit.

    Examples
    --------
    >>> from sevenlessons.text.awd_lstm import AWDLSTM
    >>> old = Vocabulary(["xxunk", "xxpad", "film", "good"])
    >>> new = Vocabulary(["xxunk", "xxpad", "good"])
    >>> model = LanguageModel(AWDLSTM(4, 3, 3, num_layers=1))
    >>> moved = transplant(model, old, new)
    >>> before, after = (m.encoder.embedding.weight for m in (model, moved))
    >>> torch.equal(before[3], after[2])
    True

    """
    embedding = model.encoder.embedding
    padding = embedding.padding_idx
    if (
        padding is not None
        and new.tokens[padding : padding + 1]
        != (old.tokens[padding : padding + 1])
    ):
        raise ValueError(
            f"number {padding} fills up short texts and is "
            f"{old.tokens[padding]!r} in the old vocabulary; give the new "
            "one the same special tokens"
        )
    moved = copy.deepcopy(model)
    moved.reset()
    encoder = moved.encoder
    with torch.no_grad():
        rows = move_rows(embedding.weight.detach(), old, new, skip=padding)
        bias = move_rows(model.head.bias.detach(), old, new, skip=padding)
    encoder.embedding = nn.Embedding.from_pretrained(
        rows, freeze=False, padding_idx=padding
    )
    encoder.embedding_dropout = EmbeddingDropout(
        len(new), encoder.embedding_dropout.p
    )
    moved.head.bias = nn.Parameter(bias)
    for part in (encoder.embedding, encoder.embedding_dropout):
        part.train(encoder.training)  # new modules begin in training mode
    return moved
