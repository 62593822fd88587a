"""A recurrent network that guesses the next word, with a cell to choose.

Word numbers become vectors, layers of plain cells, GRUs or LSTMs read them
from left to right, a linear layer scores each next word. The state is carried
from batch to batch, cut off from its graph, until `reset`.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from .dropouts import LockedDropout

__all__ = ["RecurrentModel"]

_KINDS: dict[str, Any] = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


class RecurrentModel(nn.Module):
    """Scores of the next word at every step, from one of three cells.

    Parameters
    ----------
    num_embeddings
        Words in the vocabulary.
    hidden_size
        Width of word vectors, states and layers.
    kind
        ``"rnn"``, ``"gru"`` or ``"lstm"``.
    num_layers
        At least 1.
    dropout
        Share of columns dropped after each layer, one mask a stream and
        batch.
    hide
        Share of the words read in training that are replaced by number
        `hidden_word`: the network must fill in what it did not see.
    hidden_word
        The number that stands for a hidden word; choose one that no text
        holds.
    batch_norm
        Whether what goes to the last layer is normalized over all words of
        a batch.
    tied
        Whether the words go out by the table that they came in by.
    seed
        Of the first weights; no global state is touched.

    Notes
    -----
    The state begins anew (at zero) after `reset` and when the number of
    streams changes. Call `reset` before another text: nothing else tells
    the model that one begins.

    Examples
    --------
    >>> model = RecurrentModel(38, 16, kind="lstm")
    >>> model(torch.tensor([[5, 6, 7]])).shape
    torch.Size([1, 3, 38])

    """

    def __init__(
        self,
        num_embeddings: int,
        hidden_size: int,
        *,
        kind: str = "gru",
        num_layers: int = 2,
        dropout: float = 0.0,
        hide: float = 0.0,
        hidden_word: int = 0,
        batch_norm: bool = False,
        tied: bool = False,
        seed: int = 0,
    ) -> None:
        super().__init__()
        if kind not in _KINDS:
            raise ValueError(
                f"kind must be one of {list(_KINDS)}, got {kind!r}"
            )
        sizes = {
            "num_embeddings": num_embeddings,
            "hidden_size": hidden_size,
            "num_layers": num_layers,
        }
        for name, size in sizes.items():
            if size < 1:
                raise ValueError(f"{name} must be at least 1, got {size}")
        if not 0 <= hide < 1:
            raise ValueError(f"hide must be a share in [0, 1), got {hide}")
        if not 0 <= hidden_word < num_embeddings:
            raise ValueError(
                f"hidden_word must be in [0, {num_embeddings}), got "
                f"{hidden_word}"
            )
        self.kind, self.hide, self.hidden_word = kind, hide, hidden_word
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.embedding = nn.Embedding(num_embeddings, hidden_size)
            self.layers = nn.ModuleList(
                _KINDS[kind](hidden_size, hidden_size, batch_first=True)
                for _ in range(num_layers)
            )
            self.dropout = LockedDropout(dropout)
            self.norm = nn.BatchNorm1d(hidden_size) if batch_norm else None
            self.head = nn.Linear(hidden_size, num_embeddings)
            if tied:
                nn.init.uniform_(self.embedding.weight, -0.1, 0.1)
                self.head.weight = self.embedding.weight
        self._states: list[Any] | None = None

    def reset(self) -> None:
        """Forget the state: the next words have nothing before them."""
        self._states = None

    def forward(self, numbers: Tensor) -> Tensor:
        """Return scores ``(N, T, V)`` for `numbers` ``(N, T)``.

        Raises
        ------
        TypeError
            If they are no whole numbers.
        ValueError
            If the shape is another, or a number is no word's.

        """
        self._check(numbers)
        if self.training and self.hide:
            hidden = torch.rand(numbers.shape, device=numbers.device)
            numbers = numbers.masked_fill(hidden < self.hide, self.hidden_word)
        x = self.embedding(numbers)
        states = self._carried(len(x))
        for i, layer in enumerate(self.layers):
            x, state = layer(x, states[i])  # (N, T, H)
            states[i] = _cut(state)
            x = self.dropout(x)
        self._states = states
        if self.norm is not None:
            x = self.norm(x.flatten(0, 1)).view_as(x)
        scores: Tensor = self.head(x)
        return scores

    def _carried(self, streams: int) -> list[Any]:
        """Return the states to begin with, if they are of as many streams."""
        if self._states is not None:
            first = self._states[0]
            hidden = first[0] if isinstance(first, tuple) else first
            if hidden.shape[1] == streams:
                return list(self._states)
        return [None] * len(self.layers)

    def _check(self, numbers: Tensor) -> None:
        if numbers.dim() != 2 or numbers.shape[1] == 0:
            raise ValueError(
                "expected word numbers of shape (N, T) with at least one "
                f"step, got shape {tuple(numbers.shape)}"
            )
        if numbers.dtype not in (torch.int64, torch.int32):
            raise TypeError(
                f"word numbers must be whole numbers, got {numbers.dtype}; "
                "use numbers.long()"
            )
        known = self.embedding.num_embeddings
        if numbers.numel() and numbers.device.type == "cpu":
            low, high = (int(end) for end in numbers.aminmax())
            if low < 0 or high >= known:
                raise ValueError(
                    f"word numbers must be in [0, {known}), got {low} to "
                    f"{high}; use those of the model's own vocabulary"
                )


def _cut(state: Any) -> Any:
    """Return a state that no gradient goes back through."""
    if isinstance(state, tuple):
        return tuple(part.detach() for part in state)
    return state.detach()
