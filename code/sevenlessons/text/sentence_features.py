"""Sentences as numbers, by a frozen encoder: computed once, then kept.

`token_states` runs the lower layers over texts, sorted by length, so that
little padding is computed. `kept_states` does it once and reads it from the
cache afterwards. `mean_pool` makes one row a text of one row a piece, and
`sentence_features` goes all the way.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from sevenlessons.data.derived import (
    content_key,
    derived_folder,
    kept_tensor,
)

from .encoder import Encoder
from .token_states import TokenStates
from .wordpiece import WordPiece

__all__ = ["kept_states", "mean_pool", "sentence_features", "token_states"]


def mean_pool(x: Tensor, real: Tensor) -> Tensor:
    """Return the mean of the real states of each text.

    Parameters
    ----------
    x
        States, shape ``(N, T, E)``.
    real
        False where a text was filled up, shape ``(N, T)``.

    Returns
    -------
    Tensor
        Shape ``(N, E)``. A text without a real piece gives zeros.

    Raises
    ------
    ValueError
        If the shapes do not fit together.

    Examples
    --------
    >>> x = torch.tensor([[[2.0], [4.0], [99.0]]])
    >>> mean_pool(x, torch.tensor([[True, True, False]]))
    tensor([[3.]])

    """
    if x.ndim != 3 or real.shape != x.shape[:2]:
        raise ValueError(
            "expected states (N, T, E) and real (N, T), got "
            f"{tuple(x.shape)} and {tuple(real.shape)}"
        )
    total = x.masked_fill(~real[..., None], 0).sum(dim=1)
    return total / real.sum(dim=1, keepdim=True).clamp(min=1)


@torch.no_grad()
def token_states(
    encoder: Encoder,
    tokenizer: WordPiece,
    texts: Sequence[str],
    *,
    num_layers: int | None = None,
    max_length: int = 256,
    batch_size: int = 64,
    dtype: torch.dtype = torch.float32,
) -> TokenStates:
    """Return what a layer of the encoder says of each piece of each text.

    Parameters
    ----------
    encoder
        Put in eval mode.
    tokenizer
        That of the encoder's weights.
    texts
        At least one; an empty text has a start and an end.
    num_layers
        States after so many layers; None for all.
    max_length
        Pieces of a text that are read, start and end included.
    batch_size
        Texts at a time; changes the result by rounding only.
    dtype
        ``torch.bfloat16`` multiplies matrices in 16 bits: faster where the
        processor has instructions for it, see `encoder_tuning.fast_dtype`.

    Examples
    --------
    >>> from sevenlessons.text.encoder import EncoderSettings
    >>> special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    >>> encoder = Encoder(EncoderSettings(7, 8, 2, 2, 16))
    >>> tokenizer = WordPiece([*special, "a", "good", "film"])
    >>> states = token_states(encoder, tokenizer, ["a good film", ""])
    >>> states.lengths.tolist(), tuple(states.values.shape)
    ([5, 2], (7, 8))

    """
    if isinstance(texts, str) or len(texts) == 0:
        raise ValueError(
            f"expected a list of at least one text, got {texts!r}"
        )
    encoder.eval()
    device, full = encoder.words.weight.device, torch.float32
    numbers = [tokenizer.numbers(t, max_length=max_length) for t in texts]
    lengths = torch.tensor([len(row) for row in numbers])
    starts = (lengths.cumsum(0) - lengths).tolist()
    values = torch.empty(int(lengths.sum()), encoder.settings.embed_dim)
    for rows in lengths.argsort(stable=True).split(batch_size):
        some = [numbers[i] for i in rows.tolist()]
        batch = tokenizer.pad(some, multiple=8)  # few different shapes
        with torch.autocast(device.type, dtype, enabled=dtype != full):
            found = encoder(batch.to(device), num_layers).float().cpu()
        for i, states in zip(rows.tolist(), found, strict=True):
            size = len(numbers[i])
            values[starts[i] : starts[i] + size] = states[:size]
    return TokenStates(values, lengths)


def kept_states(
    encoder: Encoder,
    tokenizer: WordPiece,
    texts: Sequence[str],
    folder: Path,
    *,
    num_layers: int | None = None,
    max_length: int = 256,
    dtype: torch.dtype = torch.float32,
) -> TokenStates:
    """Return `token_states`, read from the cache if they were made before.

    They are kept in 16 bits: rounded to about three digits, in half the
    memory.

    Parameters
    ----------
    encoder, tokenizer, texts, num_layers, max_length, dtype
        As in `token_states`; the encoder as it was loaded from `folder`.
    folder
        Where the weights are; the cache lies beside it. Other weights,
        texts, layers or numbers of bits are computed anew.

    """
    recipe = [num_layers, max_length, str(dtype), "16 bits"]
    asked = json.dumps([list(texts), recipe])
    name = hashlib.sha256(asked.encode()).hexdigest()[:16]
    files = [folder / "model.safetensors", folder / "vocab.txt"]
    path = derived_folder(folder) / f"states-{name}.safetensors"
    values = kept_tensor(
        path,
        content_key(files, asked),
        lambda: token_states(
            encoder,
            tokenizer,
            texts,
            num_layers=num_layers,
            max_length=max_length,
            dtype=dtype,
        ).values.half(),
    )
    lengths = [len(tokenizer.numbers(t, max_length=max_length)) for t in texts]
    return TokenStates(values, torch.tensor(lengths))


def sentence_features(
    encoder: Encoder,
    tokenizer: WordPiece,
    texts: Sequence[str],
    *,
    max_length: int = 256,
    dtype: torch.dtype = torch.float32,
) -> Tensor:
    """Return one row a text: the mean of its states, made of length 1.

    Parameters
    ----------
    encoder, tokenizer, texts, max_length, dtype
        As in `token_states`.

    Returns
    -------
    Tensor
        Shape ``(N, E)``. The dot product of two rows is their cosine.

    Examples
    --------
    >>> from sevenlessons.text.encoder import EncoderSettings
    >>> special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    >>> encoder = Encoder(EncoderSettings(7, 8, 2, 2, 16))
    >>> tokenizer = WordPiece([*special, "a", "good", "film"])
    >>> sentence_features(encoder, tokenizer, ["a film", ""]).shape
    torch.Size([2, 8])

    """
    states = token_states(
        encoder, tokenizer, texts, max_length=max_length, dtype=dtype
    )
    means = torch.stack(
        [one.mean(0) for one in states.values.split(states.lengths.tolist())]
    )
    return torch.nn.functional.normalize(means, dim=1)
