"""A small transformer that guesses the next token of a text.

Each block does two things: every place takes what it needs from the places
before it (attention), then works on it alone (two linear layers). Both *add*
to what is there, so a block can also do nothing. Attention knows no order,
so each place gets a learned vector of its own. Read `Block`, then
`CausalTransformer`.
"""

from typing import cast

import torch
from torch import Tensor, nn

from .attention import MultiHeadAttention
from .attention_masks import causal_mask

__all__ = ["Block", "CausalTransformer"]


class Block(nn.Module):
    """Attention, then two linear layers, each added to its input.

    Parameters
    ----------
    embed_dim
        Numbers a token.
    num_heads
        Attentions beside each other.
    dropout
        Share that is set to zero of what each half adds, in training.

    Notes
    -----
    Equal to `torch.nn.TransformerEncoderLayer` with ``norm_first=True``,
    ``activation="gelu"`` and four times the width inside.

    Examples
    --------
    >>> block = Block(embed_dim=8, num_heads=2)
    >>> block(torch.zeros(4, 5, 8), causal_mask(5)).shape
    torch.Size([4, 5, 8])

    """

    def __init__(
        self, embed_dim: int, num_heads: int, *, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(embed_dim)
        self.attention = MultiHeadAttention(embed_dim, num_heads, fused=True)
        self.norm2 = nn.LayerNorm(embed_dim)
        self.feed_forward = nn.Sequential(
            nn.Linear(embed_dim, 4 * embed_dim),
            nn.GELU(),
            nn.Linear(4 * embed_dim, embed_dim),
        )
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return ``(N, T, E)`` for ``(N, T, E)``."""
        seen = self.norm1(x)
        x = x + self.dropout(self.attention(seen, seen, seen, mask))
        return x + self.dropout(self.feed_forward(self.norm2(x)))

    def weights(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return the shares of each head, ``(N, heads, T, T)``."""
        seen = self.norm1(x)
        return self.attention.weights(seen, seen, mask)


class _Head(nn.Module):
    """Scores of all tokens: dot products with their embeddings, a bias."""

    def __init__(self, num_embeddings: int, embed_dim: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(embed_dim)
        self.bias = nn.Parameter(torch.zeros(num_embeddings))

    def forward(self, x: Tensor, embeddings: Tensor) -> Tensor:
        return self.norm(x) @ embeddings.T + self.bias


class CausalTransformer(nn.Module):
    """Token numbers in, for each place the scores of the next token out.

    Parameters
    ----------
    num_embeddings
        Tokens in the vocabulary.
    embed_dim
        Numbers a token, a multiple of `num_heads`.
    num_heads
        Attentions a block.
    num_layers
        Blocks.
    max_length
        Places that have a vector: the longest text it can read.
    dropout
        Share set to zero in training.
    seed
        Of the first weights; torch's own random state stays as it was.

    Notes
    -----
    The scores are dot products with the very embeddings that tokens go in
    by (tied weights), plus a bias.

    Examples
    --------
    >>> model = CausalTransformer(
    ...     30, embed_dim=16, num_heads=2, num_layers=2, max_length=12
    ... )
    >>> model(torch.zeros(4, 7, dtype=torch.int64)).shape
    torch.Size([4, 7, 30])

    """

    def __init__(
        self,
        num_embeddings: int,
        embed_dim: int,
        num_heads: int,
        num_layers: int,
        max_length: int,
        *,
        dropout: float = 0.0,
        seed: int = 0,
    ) -> None:
        super().__init__()
        sizes = {
            "num_embeddings": num_embeddings,
            "num_layers": num_layers,
            "max_length": max_length,
        }
        for name, size in sizes.items():
            if size < 1:
                raise ValueError(f"{name} must be at least 1, got {size}")
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.tokens = nn.Embedding(num_embeddings, embed_dim)
            self.places = nn.Embedding(max_length, embed_dim)
            self.dropout = nn.Dropout(dropout)
            self.blocks = nn.Sequential(
                *(
                    Block(embed_dim, num_heads, dropout=dropout)
                    for _ in range(num_layers)
                )
            )
            self.head = _Head(num_embeddings, embed_dim)
            for table in (self.tokens, self.places):
                nn.init.normal_(table.weight, std=0.02)

    def forward(self, numbers: Tensor) -> Tensor:
        """Return the scores of the next token, ``(N, T, V)``.

        Parameters
        ----------
        numbers
            Token numbers, shape ``(N, T)``, at most `max_length` places.

        Raises
        ------
        ValueError
            If a text is empty or too long, or a number is no token's.

        """
        x, mask = self._start(numbers)
        for block in self.blocks:
            x = block(x, mask)
        scores: Tensor = self.head(x, self.tokens.weight)
        return scores

    @torch.no_grad()
    def attention_weights(self, numbers: Tensor) -> list[Tensor]:
        """Return the shares of each block, ``(N, heads, T, T)`` each."""
        x, mask = self._start(numbers)
        found = []
        for block in cast(list[Block], list(self.blocks)):
            found.append(block.weights(x, mask))
            x = block(x, mask)
        return found

    def layer_groups(self) -> list[nn.Module]:
        """Return embeddings, each block, and the head; tied weights once."""
        embeddings = nn.ModuleList([self.tokens, self.places])
        return [embeddings, *self.blocks, self.head]

    def _start(self, numbers: Tensor) -> tuple[Tensor, Tensor]:
        """Return embeddings with their places added, and the mask."""
        longest = self.places.num_embeddings
        if numbers.ndim != 2 or not 1 <= numbers.shape[1] <= longest:
            raise ValueError(
                "numbers must have shape (N, T) with T from 1 to "
                f"max_length={longest}, got {tuple(numbers.shape)}; cut "
                "longer texts into pieces"
            )
        known = self.tokens.num_embeddings
        if numbers.numel():
            low, high = int(numbers.min()), int(numbers.max())
            if low < 0 or high >= known:
                raise ValueError(
                    f"token numbers must be in [0, {known}), got {low} to "
                    f"{high}; use those of the model's own vocabulary"
                )
        length = numbers.shape[1]
        x = self.tokens(numbers) + self.places.weight[:length]
        return self.dropout(x), causal_mask(length, device=numbers.device)
