"""A transformer encoder written out, which loads the weights of MiniLM.

Each layer lets every piece of a text look at all others (`attention`), then
works on each piece alone. Six of these, trained by others on very many
sentences, are what `load_encoder` returns. Read `EncoderLayer`, `Encoder`,
`mean_pool`; the names in the file of weights are the matter of
`encoder_names`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from sevenlessons.data.cache import ensure

from .attention import MultiHeadAttention
from .encoder_names import our_weights, read_settings

__all__ = ["Encoder", "EncoderLayer", "EncoderSettings", "load_encoder"]


@dataclass(frozen=True)
class EncoderSettings:
    """Sizes of an encoder; the defaults are those of MiniLM.

    Attributes
    ----------
    num_embeddings
        Pieces in the vocabulary.
    embed_dim
        Numbers a piece, all the way through.
    num_layers, num_heads
        Layers, and attentions beside each other in each.
    hidden_size
        Width in the middle of the part that works on each piece alone.
    max_length
        Places that have an embedding; a longer text cannot be read.
    padding_idx
        Number of the piece that fills up.
    eps
        Added to the variance by the normalization.

    """

    num_embeddings: int = 30_522
    embed_dim: int = 384
    num_layers: int = 6
    num_heads: int = 12
    hidden_size: int = 1536
    max_length: int = 512
    padding_idx: int = 0
    eps: float = 1e-12


class EncoderLayer(nn.Module):
    """One layer: look around, then think alone, each added and normalized.

    Parameters
    ----------
    settings
        Sizes.

    Examples
    --------
    >>> import torch
    >>> small = EncoderSettings(embed_dim=8, num_heads=2, hidden_size=16)
    >>> layer = EncoderLayer(small)
    >>> layer(torch.zeros(4, 5, 8), torch.ones(4, 5).bool()).shape
    torch.Size([4, 5, 8])

    """

    def __init__(self, settings: EncoderSettings) -> None:
        super().__init__()
        width, hidden = settings.embed_dim, settings.hidden_size
        self.attention = MultiHeadAttention(width, settings.num_heads)
        self.norm1 = nn.LayerNorm(width, settings.eps)
        self.up = nn.Linear(width, hidden)
        self.down = nn.Linear(hidden, width)
        self.norm2 = nn.LayerNorm(width, settings.eps)

    def forward(self, x: Tensor, real: Tensor) -> Tensor:
        """Return the states after this layer.

        Parameters
        ----------
        x
            States of the pieces, shape ``(N, T, E)``.
        real
            False where a text was filled up, shape ``(N, T)``.

        """
        mask = real[:, None, None, :]  # the same for each head and query
        x = self.norm1(x + self.attention(x, x, x, mask))
        return self.norm2(x + self.down(nn.functional.gelu(self.up(x))))


class Encoder(nn.Module):
    """Embeddings of pieces and places, then layers of attention.

    Parameters
    ----------
    settings
        Sizes.

    Notes
    -----
    Devlin et al. (2019), arXiv:1810.04805: the normalization stands after
    each addition. Its second kind of segment is not used here.
    Taught in: then-and-now.

    Examples
    --------
    >>> import torch
    >>> small = EncoderSettings(
    ...     50, embed_dim=8, num_layers=2, num_heads=2, hidden_size=16
    ... )
    >>> encoder = Encoder(small)
    >>> encoder(torch.tensor([[2, 7, 3, 0], [2, 9, 8, 3]])).shape
    torch.Size([2, 4, 8])

    """

    def __init__(self, settings: EncoderSettings | None = None) -> None:
        super().__init__()
        settings = settings or EncoderSettings()
        self.settings = settings
        width = settings.embed_dim
        self.words = nn.Embedding(settings.num_embeddings, width)
        self.places = nn.Embedding(settings.max_length, width)
        self.segments = nn.Embedding(2, width)
        self.norm = nn.LayerNorm(width, settings.eps)
        self.layers = nn.ModuleList(
            EncoderLayer(settings) for _ in range(settings.num_layers)
        )

    def forward(
        self, numbers: Tensor, num_layers: int | None = None
    ) -> Tensor:
        """Return the states of all pieces, shape ``(N, T, E)``.

        Parameters
        ----------
        numbers
            From `WordPiece.batch`, shape ``(N, T)``.
        num_layers
            Stop after so many layers; None goes through all.

        """
        there = len(self.layers)
        if num_layers is not None and not 0 <= num_layers <= there:
            raise ValueError(
                f"num_layers must be in [0, {there}], since the encoder has "
                f"{there} layers, got {num_layers}"
            )
        real = self.real(numbers)
        x = self.embed(numbers)
        for layer in self.layers[:num_layers]:
            x = layer(x, real)
        return x

    def real(self, numbers: Tensor) -> Tensor:
        """Return which numbers stand for text, not for padding."""
        return numbers != self.settings.padding_idx

    def embed(self, numbers: Tensor) -> Tensor:
        """Return what the first layer reads: piece plus place, normalized."""
        if numbers.ndim != 2 or numbers.is_floating_point():
            raise ValueError(
                "expected numbers of pieces, shape (N, T), got shape "
                f"{tuple(numbers.shape)} of {numbers.dtype}; see "
                "WordPiece.batch"
            )
        length, longest = numbers.shape[1], self.settings.max_length
        if length > longest:
            raise ValueError(
                f"expected texts of at most {longest} pieces, got {length}; "
                "pass max_length to WordPiece.batch"
            )
        known = self.settings.num_embeddings
        if (
            numbers.numel()
            and not 0 <= int(numbers.min()) <= int(numbers.max()) < known
        ):
            raise ValueError(
                f"numbers of pieces must be in [0, {known}), got "
                f"{int(numbers.min())} to {int(numbers.max())}; the "
                "tokenizer belongs to other weights"
            )
        segment = self.segments.weight[0]  # all is one segment
        places = self.places.weight[:length]
        return self.norm(self.words(numbers) + places + segment)


def load_encoder(folder: str | Path | None = None) -> Encoder:
    """Return MiniLM with its pretrained weights, in eval mode.

    Parameters
    ----------
    folder
        With ``model.safetensors`` and ``config.json``; fetched when None.

    Raises
    ------
    FileNotFoundError
        If a file is missing.
    ValueError
        If the files are damaged, or hold another kind of network.

    Examples
    --------
    >>> encoder = load_encoder()  # doctest: +SKIP
    >>> sum(p.numel() for p in encoder.parameters())  # doctest: +SKIP
    22565376

    """
    folder = ensure("minilm_l6") if folder is None else Path(folder)
    for name in ("model.safetensors", "config.json"):
        if not (folder / name).is_file():
            raise FileNotFoundError(
                f"no such file: {(folder / name).as_posix()}; leave the "
                "folder out, and all files are fetched"
            )
    settings = EncoderSettings(**read_settings(folder / "config.json"))
    try:
        weights = load_file(folder / "model.safetensors")
    except SafetensorError as error:
        raise ValueError(
            f"{(folder / 'model.safetensors').as_posix()} is no whole file "
            f"of weights ({error}); delete it, and it is fetched again"
        ) from error
    ours = our_weights(weights)
    try:
        with torch.device("meta"):  # shapes alone, before memory is taken
            shapes = Encoder(settings)
        shapes.load_state_dict(ours, assign=True)
        encoder = Encoder(settings)
        encoder.load_state_dict(ours)
    except RuntimeError as error:
        raise ValueError(
            f"the weights in {folder.as_posix()} do not fit the sizes in its "
            f"config.json: {str(error).splitlines()[-1].strip()}"
        ) from error
    return encoder.eval()
