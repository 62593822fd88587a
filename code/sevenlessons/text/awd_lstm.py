"""AWD-LSTM: layers of LSTM with five dropouts, and a model of language.

`AWDLSTM` turns numbers of words into one vector a step. `LanguageModel` puts
a decoder on top that shares its weights with the embedding: the score of a
word is the product of the output with the word's own vector. The state is
carried from batch to batch, so a text may be cut anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise

import torch
from torch import Tensor, nn

from .dropouts import EmbeddingDropout, LockedDropout, WeightDrop

__all__ = ["AWDDropouts", "AWDLSTM", "LanguageModel"]  # noqa: RUF022

State = tuple[Tensor, Tensor]
_SIZES = "num_embeddings", "embedding_dim", "hidden_size", "num_layers"


@dataclass(frozen=True)
class AWDDropouts:
    """The five shares that are dropped.

    Attributes
    ----------
    output, hidden, input
        Of columns, one mask a text: after the last layer, between layers,
        after the embedding.
    embedding
        Of words.
    weight
        Of hidden-to-hidden weights.

    Examples
    --------
    >>> AWDDropouts().scaled(0.5).input
    0.125

    """

    output: float = 0.1
    hidden: float = 0.15
    input: float = 0.25
    embedding: float = 0.02
    weight: float = 0.2

    def scaled(self, factor: float) -> AWDDropouts:
        """Return all five times `factor`: one knob instead of five."""
        if factor < 0:
            raise ValueError(f"factor must not be negative, got {factor}")
        return AWDDropouts(
            **{f.name: getattr(self, f.name) * factor for f in fields(self)}
        )


class AWDLSTM(nn.Module):
    """Embedding, then LSTM layers: one vector a step that knows the past.

    Parameters
    ----------
    num_embeddings
        Words in the vocabulary.
    embedding_dim
        Width of a word's vector, and of the output.
    hidden_size
        Width of the layers before the last.
    num_layers
        At least 1.
    padding_idx
        Number of the word that fills up short texts; its vector
        starts at zero and the embedding gives it no gradient.
    dropouts
        Five shares; `AWDDropouts().scaled(0)` switches all off.
    seed
        Of the first weights; no global state is touched.

    Notes
    -----
    The state is carried on to the next batch, cut off from its graph. It
    begins anew (at zero) after `reset`, after a change between training and
    evaluation, and when the number of rows changes.

    Examples
    --------
    >>> encoder = AWDLSTM(100, 8, 16, num_layers=2)
    >>> encoder(torch.tensor([[5, 6, 7]])).shape
    torch.Size([1, 3, 8])

    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        hidden_size: int,
        num_layers: int,
        *,
        padding_idx: int | None = 1,
        dropouts: AWDDropouts | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__()
        sizes = num_embeddings, embedding_dim, hidden_size, num_layers
        for name, size in zip(_SIZES, sizes, strict=True):
            if size < 1:
                raise ValueError(f"{name} must be at least 1, got {size}")
        drop = AWDDropouts() if dropouts is None else dropouts
        self.dropouts = drop
        inner = [hidden_size] * (num_layers - 1)
        widths = [embedding_dim, *inner, embedding_dim]
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.embedding = nn.Embedding(
                num_embeddings, embedding_dim, padding_idx=padding_idx
            )
            nn.init.uniform_(self.embedding.weight, -0.1, 0.1)
            self.layers = nn.ModuleList(
                WeightDrop(nn.LSTM(a, b, batch_first=True), drop.weight)
                for a, b in pairwise(widths)
            )
        if padding_idx is not None:
            with torch.no_grad():
                self.embedding.weight[padding_idx] = 0
        self.embedding_dropout = EmbeddingDropout(
            num_embeddings, drop.embedding
        )
        self.input_dropout = LockedDropout(drop.input)
        self.hidden_dropouts = nn.ModuleList(
            LockedDropout(drop.hidden) for _ in inner
        )
        self.output_dropout = LockedDropout(drop.output)
        self._states: list[State] | None = None
        self._made_in_training = False

    def reset(self) -> None:
        """Forget the state: the next text has nothing before it."""
        self._states = None

    def train(self, mode: bool = True) -> AWDLSTM:
        """Set the mode as any module does; a change forgets the state."""
        if mode != self.training:
            self.reset()
        super().train(mode)
        return self

    def forward(self, numbers: Tensor) -> Tensor:
        """Return outputs ``(N, T, E)`` for `numbers` ``(N, T)``."""
        self._check(numbers)
        x = self.embedding(numbers)
        x = self.input_dropout(self.embedding_dropout(x, numbers))
        states = self._carried(x)
        after = [*self.hidden_dropouts, self.output_dropout]
        for i, (layer, dropout) in enumerate(
            zip(self.layers, after, strict=True)
        ):
            x, (hidden, cell) = layer(x, states[i])  # (N, T, H)
            states[i] = hidden.detach(), cell.detach()
            x = dropout(x)
        self._states = [state for state in states if state is not None]
        self._made_in_training = self.training
        return x

    def layer_groups(self) -> list[nn.Module]:
        """Return the embedding, then each LSTM layer."""
        return [self.embedding, *self.layers]

    def _carried(self, x: Tensor) -> list[State | None]:
        """Return the states to begin with, if they fit this batch."""
        fresh: list[State | None] = [None] * len(self.layers)
        if self._states is None or self._made_in_training != self.training:
            return fresh
        hidden = self._states[0][0]
        if hidden.shape[1] != len(x) or hidden.device != x.device:
            return fresh
        # Under autocast outputs are shorter numbers than embeddings are.
        return [(h.to(x.dtype), c.to(x.dtype)) for h, c in self._states]

    def _check(self, numbers: Tensor) -> None:
        if numbers.dim() != 2 or numbers.shape[1] == 0:
            raise ValueError(
                "expected word numbers of shape (N, T) with at least one "
                f"step, got shape {tuple(numbers.shape)}; give a text "
                "without words the one token 'xxbos'"
            )
        if numbers.dtype not in (torch.int64, torch.int32):
            raise TypeError(
                f"word numbers must be whole numbers, got {numbers.dtype}; "
                "use numbers.long()"
            )
        size = self.embedding.num_embeddings
        if numbers.device.type == "cpu" and len(numbers):
            low, high = numbers.aminmax()
            if low < 0 or high >= size:
                wrong = int(low) if low < 0 else int(high)
                raise ValueError(
                    f"word numbers must be in [0, {size}), got {wrong}; use "
                    "the vocabulary that the model was made for"
                )


class LanguageModel(nn.Module):
    """Scores for the next word at every step; decoder and embedding shared.

    Parameters
    ----------
    encoder
        Its embedding is the decoder's weight too.

    Examples
    --------
    >>> model = LanguageModel(AWDLSTM(100, 8, 16, num_layers=2))
    >>> model(torch.tensor([[5, 6, 7]])).shape
    torch.Size([1, 3, 100])
    >>> [sum(p.numel() for p in g.parameters()) for g in model.layer_groups()]
    [800, 1664, 832, 100]

    """

    def __init__(self, encoder: AWDLSTM) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = _Bias(encoder.embedding.num_embeddings)

    def forward(self, numbers: Tensor) -> Tensor:
        """Return scores ``(N, T, V)`` for `numbers` ``(N, T)``."""
        outputs = self.encoder(numbers)
        weight = self.encoder.embedding.weight
        return nn.functional.linear(outputs, weight, self.head.bias)

    def reset(self) -> None:
        """Forget the encoder's state."""
        self.encoder.reset()

    def layer_groups(self) -> list[nn.Module]:
        """Return embedding, each LSTM layer, head; the shared tensor once."""
        return [*self.encoder.layer_groups(), self.head]


class _Bias(nn.Module):
    """What the decoder has of its own: one number a word."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(size))
