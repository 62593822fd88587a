"""Three dropouts for recurrent networks: they differ in what shares a mask.

Plain dropout draws a new mask for every number. Here a mask is drawn once
and used again: for all steps of a text (`LockedDropout`), for all places
where a word stands (`EmbeddingDropout`), for all steps of the recurrence
(`WeightDrop`). What is kept is divided by the share kept, so that the mean
does not move. In evaluation none of them does anything.
"""

from __future__ import annotations

import warnings

import torch
from torch import Tensor, nn

__all__ = ["EmbeddingDropout", "LockedDropout", "WeightDrop"]

State = tuple[Tensor, Tensor]
_RECURRENT = "weight_hh_l0"


def _checked(p: float) -> float:
    if not 0 <= p < 1:
        raise ValueError(
            f"p must be a share in [0, 1), the share dropped, got {p}"
        )
    return float(p)


def _mask(like: Tensor, shape: tuple[int, ...], p: float) -> Tensor:
    """Return zeros with probability `p`, else ``1 / (1 - p)``."""
    kept = torch.empty(shape, dtype=like.dtype, device=like.device)
    return kept.bernoulli_(1 - p).div_(1 - p)


class LockedDropout(nn.Module):
    """Drop the same columns of a text at every step.

    Parameters
    ----------
    p
        Share of columns dropped, in ``[0, 1)``.

    Examples
    --------
    >>> _ = torch.manual_seed(0)
    >>> LockedDropout(0.5)(torch.ones(1, 3, 4))
    tensor([[[0., 0., 2., 0.],
             [0., 0., 2., 0.],
             [0., 0., 2., 0.]]])

    """

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = _checked(p)

    def forward(self, x: Tensor) -> Tensor:
        """Return `x`, shape ``(N, T, E)``, under one mask a text."""
        if x.dim() != 3:
            raise ValueError(
                "expected one vector a step, shape (N, T, E), got shape "
                f"{tuple(x.shape)}"
            )
        if not self.training or self.p == 0:
            return x
        return x * _mask(x, (len(x), 1, x.shape[2]), self.p)

    def extra_repr(self) -> str:
        return f"p={self.p}"


class EmbeddingDropout(nn.Module):
    """Drop whole words: where one is dropped, it is dropped everywhere.

    Parameters
    ----------
    num_embeddings
        Words in the vocabulary.
    p
        Share of words dropped in a batch, in ``[0, 1)``.

    Examples
    --------
    >>> _ = torch.manual_seed(0)
    >>> numbers = torch.tensor([[3, 2, 3, 2]])
    >>> vectors = torch.ones(1, 4, 2)
    >>> EmbeddingDropout(5, 0.5)(vectors, numbers)[0, :, 0].tolist()
    [0.0, 2.0, 0.0, 2.0]

    """

    def __init__(self, num_embeddings: int, p: float) -> None:
        super().__init__()
        if num_embeddings < 1:
            raise ValueError(
                f"num_embeddings must be at least 1, got {num_embeddings}"
            )
        self.num_embeddings = num_embeddings
        self.p = _checked(p)

    def forward(self, vectors: Tensor, numbers: Tensor) -> Tensor:
        """Return `vectors` ``(N, T, E)`` of the words `numbers` ``(N, T)``."""
        if vectors.shape[:-1] != numbers.shape:
            raise ValueError(
                "expected one vector for each number, got shapes "
                f"{tuple(vectors.shape)} and {tuple(numbers.shape)}"
            )
        if not self.training or self.p == 0:
            return vectors
        words = _mask(vectors, (self.num_embeddings, 1), self.p)
        return vectors * words[numbers]

    def extra_repr(self) -> str:
        return f"num_embeddings={self.num_embeddings}, p={self.p}"


class WeightDrop(nn.Module):
    """Drop weights between the hidden state and the next one.

    One mask a forward pass, so every step of the text sees the same weights.
    The weights themselves are not touched: `lstm` keeps them, and the
    gradient reaches those that were not dropped.

    Parameters
    ----------
    lstm
        One layer, one direction, with ``batch_first=True``.
    p
        Share of the hidden-to-hidden weights dropped, in ``[0, 1)``.

    Examples
    --------
    >>> layer = WeightDrop(nn.LSTM(3, 4, batch_first=True), 0.5).eval()
    >>> x = torch.ones(2, 5, 3)
    >>> torch.equal(layer(x)[0], layer.lstm(x)[0])
    True

    """

    def __init__(self, lstm: nn.LSTM, p: float) -> None:
        super().__init__()
        if not isinstance(lstm, nn.LSTM):
            raise TypeError(
                f"lstm must be a torch.nn.LSTM, got {type(lstm).__name__}"
            )
        if lstm.num_layers != 1 or lstm.bidirectional or lstm.proj_size:
            raise ValueError(
                "expected a single layer in one direction without "
                f"projection, got {lstm}; wrap each layer by itself"
            )
        if not lstm.batch_first:
            raise ValueError(
                "expected batch_first=True, since texts are (N, T, E) here"
            )
        self.lstm = lstm
        self.p = _checked(p)

    def forward(
        self, x: Tensor, state: State | None = None
    ) -> tuple[Tensor, State]:
        """Return outputs ``(N, T, H)`` and the last state, as `lstm` does."""
        if not self.training or self.p == 0:
            return self.lstm(x, state)
        weight = self.lstm.get_parameter(_RECURRENT)
        dropped = weight * _mask(weight, tuple(weight.shape), self.p)
        weights = [
            dropped if name == _RECURRENT else getattr(self.lstm, name)
            for name in self.lstm._flat_weights_names
        ]
        if state is None:
            zeros = x.new_zeros(1, len(x), self.lstm.hidden_size)
            state = zeros, zeros
        with warnings.catch_warnings():  # a GPU would copy into one chunk
            warnings.filterwarnings("ignore", message="RNN module weights")
            outputs, hidden, cell = torch.lstm(
                x,
                state,
                weights,
                self.lstm.bias,
                1,
                0.0,
                self.training,
                False,
                True,
            )
        return outputs, (hidden, cell)

    def extra_repr(self) -> str:
        return f"p={self.p}"
