"""The upper layers of an encoder with a head: what learns from stored states.

The lower layers stay frozen; what they say is computed once by
`sentence_features.token_states`. `encoder_tuning` trains what stands here.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from .encoder import Encoder
from .sentence_features import mean_pool
from .token_states import StateLoader, TokenStates

__all__ = ["EncoderClassifier", "class_scores", "pooled_states"]


class EncoderClassifier(nn.Module):
    """The upper layers of an encoder, the mean of all pieces, and a head.

    Parameters
    ----------
    encoder
        Its upper layers are copied, so that it stays as it is.
    num_layers
        How many of them, at least 1.
    num_classes
        Scores that the head gives; at first all are zero.
    dropout
        Share of the mean that the head does not see in training.

    Examples
    --------
    >>> from sevenlessons.text.encoder import EncoderSettings
    >>> encoder = Encoder(EncoderSettings(50, 8, 3, 2, 16))
    >>> model = EncoderClassifier(encoder, 2, num_classes=5)
    >>> model(torch.zeros(4, 6, 8), torch.ones(4, 6).bool()).shape
    torch.Size([4, 5])

    """

    def __init__(
        self,
        encoder: Encoder,
        num_layers: int = 2,
        *,
        num_classes: int = 2,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        there = len(encoder.layers)
        if not 1 <= num_layers <= there:
            raise ValueError(
                f"num_layers must be in [1, {there}], since the encoder has "
                f"{there} layers, got {num_layers}"
            )
        self.layers = copy.deepcopy(encoder.layers[there - num_layers :])
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(encoder.settings.embed_dim, num_classes)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, x: Tensor, real: Tensor) -> Tensor:
        """Return the scores, shape ``(N, num_classes)``.

        Parameters
        ----------
        x, real
            From `TokenStates.batch`: states of the layer below the first of
            ours, and where they are real.

        """
        return self.head(self.dropout(self.pooled(x, real)))

    def pooled(self, x: Tensor, real: Tensor) -> Tensor:
        """Return what the head reads, shape ``(N, E)``."""
        for layer in self.layers:
            x = layer(x, real)
        return mean_pool(x, real)

    def layer_groups(self) -> list[nn.Module]:
        """Return the layers from early to late, then the head."""
        return [*self.layers, self.head]


class _Pooled(nn.Module):
    """A classifier without its head."""

    def __init__(self, model: EncoderClassifier) -> None:
        super().__init__()
        self.model = model
        self.training = model.training

    def forward(self, x: Tensor, real: Tensor) -> Tensor:
        return self.model.pooled(x, real)


@torch.no_grad()
def _run(
    model: nn.Module,
    states: TokenStates,
    dtype: torch.dtype,
    batch_size: int = 64,
) -> Tensor:
    """Return what `model` says of each text, in the order of the texts.

    It is asked as in evaluation and then put back.
    """
    loader = StateLoader(
        states, torch.arange(len(states)), batch_size=batch_size
    )
    device = next(model.parameters()).device
    found = []
    trained = model.training
    model.eval()
    try:
        for x, real, _ in loader:
            with torch.autocast(
                device.type, dtype, enabled=dtype != torch.float32
            ):
                output = model(x.to(device), real.to(device))
            found.append(output.float().cpu())
    finally:
        model.train(trained)
    return torch.cat(found)[loader.order.argsort()]


def pooled_states(
    model: EncoderClassifier,
    states: TokenStates,
    *,
    dtype: torch.dtype = torch.float32,
) -> Tensor:
    """Return what the head reads of each text, shape ``(N, E)``."""
    return _run(_Pooled(model), states, dtype)


def class_scores(
    model: EncoderClassifier,
    states: TokenStates,
    *,
    dtype: torch.dtype = torch.float32,
) -> Tensor:
    """Return the scores of each text, shape ``(N, num_classes)``."""
    return _run(model, states, dtype)
