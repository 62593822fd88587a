"""What one chooses before a model of language is trained."""

from dataclasses import dataclass

__all__ = ["PretrainSettings"]


@dataclass(frozen=True)
class PretrainSettings:
    """Sizes of the model and of its training.

    Attributes
    ----------
    embedding_dim, hidden_size, num_layers
        Of the `AWDLSTM`.
    max_size, min_count
        Of the vocabulary.
    batch_size, length
        Streams, and words of each in a batch.
    epochs, lr, weight_decay
        AdamW under one cycle with `lr` at its top.
    dropout
        Factor on the five base values of `AWDDropouts`.
    seed
        Of weights, order and masks.

    Examples
    --------
    >>> PretrainSettings(epochs=1).hidden_size
    256

    """

    embedding_dim: int = 128
    hidden_size: int = 256
    num_layers: int = 2
    max_size: int = 8000
    min_count: int = 3
    batch_size: int = 32
    length: int = 35
    epochs: int = 3
    lr: float = 5e-3
    weight_decay: float = 0.01
    dropout: float = 0.2
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("lr", "epochs"):
            if not getattr(self, name) > 0:
                raise ValueError(
                    f"{name} must be positive, got {getattr(self, name)}"
                )
        if not 0 <= self.dropout <= 2:
            raise ValueError(
                f"dropout must be a factor in [0, 2], got {self.dropout}"
            )
