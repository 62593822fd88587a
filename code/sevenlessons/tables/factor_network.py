"""The other way to use two embeddings: lay them side by side, add layers.

A dot product multiplies factor by factor, and sums. Linear layers with a ReLU
between can learn other ways to join a user and a film, if there is enough to
learn them from.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .factors import to_range
from .ids import look_up

__all__ = ["EmbeddingNetwork"]


class EmbeddingNetwork(nn.Module):
    """Rating of a film by a user: embeddings, then linear layers.

    Parameters
    ----------
    num_users, num_items
        How many there are; they are counted from 0.
    embedding_dim
        Numbers a user, and a film.
    hidden_size
        Width of the layer between.
    dropout
        Share of that layer that is silenced in training.
    rating_range
        The ends of the sigmoid, as in `factors.DotProduct`.
    seed
        Of the first numbers; no global state is touched.

    Raises
    ------
    ValueError
        If a size is below 1, or, in `forward`, if an id is out of range.

    Examples
    --------
    >>> network = EmbeddingNetwork(3, 4)
    >>> network(torch.tensor([0, 2]), torch.tensor([3, 3])).shape
    torch.Size([2])

    """

    def __init__(
        self,
        num_users: int,
        num_items: int,
        *,
        embedding_dim: int = 40,
        hidden_size: int = 100,
        dropout: float = 0.2,
        rating_range: tuple[float, float] = (0.0, 5.5),
        seed: int = 0,
    ) -> None:
        super().__init__()
        for name, size in [
            ("num_users", num_users),
            ("num_items", num_items),
            ("embedding_dim", embedding_dim),
            ("hidden_size", hidden_size),
        ]:
            if size < 1:
                raise ValueError(f"{name} must be at least 1, got {size}")
        self.rating_range = rating_range
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.user_factors = nn.Embedding(num_users, embedding_dim)
            self.item_factors = nn.Embedding(num_items, embedding_dim)
            for table in (self.user_factors, self.item_factors):
                nn.init.normal_(table.weight, 0.0, 0.01)
            self.layers = nn.Sequential(
                nn.Linear(2 * embedding_dim, hidden_size),
                nn.ReLU(),
                nn.Dropout(dropout),
                nn.Linear(hidden_size, 1),
            )

    def forward(self, users: Tensor, items: Tensor) -> Tensor:
        """Return the rating of each pair; ids ``(N,)``, ratings ``(N,)``."""
        parts = [
            look_up(self.user_factors, users, "users"),
            look_up(self.item_factors, items, "items"),
        ]
        scores = self.layers(torch.cat(parts, dim=-1)).squeeze(-1)
        return to_range(scores, *self.rating_range)
