r"""Attention, written out: each place takes what it needs from all others.

A place asks with a *query*, every place offers a *key* and a *value*. The
dot product of query and key is a score, softmax makes the scores of one
query shares that add up to one, and the answer is the mean of the values
with these shares: :math:`\mathrm{softmax}(Q K^\top / \sqrt{d})\, V`.
Read `attention`, then `MultiHeadAttention`. Masks stand in
`attention_masks`.
"""

import math

import torch
from torch import Tensor, nn

__all__ = ["MultiHeadAttention", "attention", "attention_weights"]


def attention_weights(
    query: Tensor, key: Tensor, mask: Tensor | None = None
) -> Tensor:
    """Return how much each query takes from each place.

    Parameters
    ----------
    query
        What is asked, shape ``(..., T, D)``.
    key
        What each place offers, shape ``(..., S, D)``.
    mask
        Broadcasts to ``(..., T, S)``. Boolean: true where a query may look.
        Otherwise floating-point numbers that are added to the scores, minus
        infinity where a query may not look.

    Returns
    -------
    Tensor
        Shares, shape ``(..., T, S)``; each row adds up to 1. A query that
        may look nowhere gets zeros.

    Raises
    ------
    ValueError
        If the widths of query and key differ, or the mask does not fit.
    TypeError
        If the mask holds whole numbers.

    Examples
    --------
    >>> query, key = torch.tensor([[0.0, 8.0]]), torch.eye(2)
    >>> attention_weights(query, key).round(decimals=3)
    tensor([[0.0030, 0.9970]])

    """
    if query.shape[-1] != key.shape[-1]:
        raise ValueError(
            f"query has width {query.shape[-1]}, key {key.shape[-1]}; a dot "
            "product needs the same"
        )
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
    if mask is None:
        return scores.softmax(dim=-1)
    try:
        fits = torch.broadcast_shapes(mask.shape, scores.shape)
    except RuntimeError:
        fits = torch.Size()
    if fits != scores.shape:
        raise ValueError(
            f"mask has shape {tuple(mask.shape)}, which does not broadcast "
            f"to the scores' {tuple(scores.shape)}; the last two axes are "
            "the place that looks and the place it looks at"
        )
    if mask.is_floating_point():
        nowhere = (mask == -torch.inf).all(dim=-1, keepdim=True)
        weights = (scores + mask).masked_fill(nowhere, 0.0).softmax(dim=-1)
        return weights.masked_fill(nowhere, 0.0)
    if mask.dtype != torch.bool:
        raise TypeError(
            "mask must be boolean, or floating-point numbers to be added, got "
            f"{mask.dtype}; mask.bool() makes 1 mean 'may look'"
        )
    # the lowest number, not minus infinity: a row without a place to look
    # at then has finite gradients, and is set to zero afterwards
    lowest = torch.finfo(scores.dtype).min
    weights = scores.masked_fill(~mask, lowest).softmax(dim=-1)
    return weights.masked_fill(~mask, 0.0)


def attention(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None
) -> Tensor:
    """Return for each query the mean of the values, weighted by its match.

    Parameters
    ----------
    query
        Shape ``(..., T, D)``.
    key
        Shape ``(..., S, D)``.
    value
        Shape ``(..., S, E)``.
    mask
        As in `attention_weights`.

    Returns
    -------
    Tensor
        Shape ``(..., T, E)``.

    Raises
    ------
    ValueError
        If the shapes do not fit together.

    Notes
    -----
    Equal to `torch.nn.functional.scaled_dot_product_attention`, values and
    gradients.

    Examples
    --------
    >>> key = torch.eye(2)
    >>> value = torch.tensor([[10.0], [20.0]])
    >>> attention(torch.tensor([[0.0, 8.0]]), key, value).round(decimals=2)
    tensor([[19.9700]])
    >>> attention(torch.zeros(1, 2), key, value)
    tensor([[15.]])

    """
    if key.shape[-2] != value.shape[-2]:
        raise ValueError(
            f"there are {key.shape[-2]} keys and {value.shape[-2]} values; "
            "each place offers one of both"
        )
    return attention_weights(query, key, mask) @ value


class MultiHeadAttention(nn.Module):
    """Several attentions beside each other, each on its slice of the width.

    Parameters
    ----------
    embed_dim
        Numbers a token, a multiple of `num_heads`.
    num_heads
        How many attentions; each works on ``embed_dim / num_heads`` numbers.
    dropout
        Share of the weights that is set to zero in training.
    fused
        Let torch compute the same in one go, which is faster and keeps no
        weights.

    Attributes
    ----------
    query, key, value, out : nn.Linear
        The four maps, each of shape ``(embed_dim, embed_dim)`` with a bias.

    Raises
    ------
    ValueError
        If the width cannot be shared out evenly, or `dropout` is no share.

    Notes
    -----
    Equal to `torch.nn.MultiheadAttention`, which keeps the first three maps
    in one tensor, one after the other, and whose masks say true for "hidden".

    Examples
    --------
    >>> layer = MultiHeadAttention(embed_dim=8, num_heads=2)
    >>> x = torch.randn(4, 5, 8)
    >>> layer(x, x, x).shape, layer.weights(x, x).shape
    (torch.Size([4, 5, 8]), torch.Size([4, 2, 5, 5]))

    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        *,
        dropout: float = 0.0,
        fused: bool = False,
    ) -> None:
        super().__init__()
        if num_heads < 1 or embed_dim < 1 or embed_dim % num_heads:
            raise ValueError(
                "embed_dim must be a multiple of num_heads, both at least 1, "
                f"got embed_dim={embed_dim}, num_heads={num_heads}"
            )
        if not 0 <= dropout < 1:
            raise ValueError(f"dropout must be in [0, 1), got {dropout:g}")
        self.num_heads = num_heads
        self.fused = fused
        self.dropout = nn.Dropout(dropout)
        self.query = nn.Linear(embed_dim, embed_dim)
        self.key = nn.Linear(embed_dim, embed_dim)
        self.value = nn.Linear(embed_dim, embed_dim)
        self.out = nn.Linear(embed_dim, embed_dim)

    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        mask: Tensor | None = None,
    ) -> Tensor:
        """Return what each place takes from the others.

        Parameters
        ----------
        query
            Shape ``(N, T, E)``.
        key, value
            Shape ``(N, S, E)``; the same as `query` for self-attention.
        mask
            Broadcasts to ``(N, heads, T, S)``; see `attention_weights`.

        Returns
        -------
        Tensor
            Shape ``(N, T, E)``.

        """
        values = self._split(self.value(value))
        if self.fused:
            p = self.dropout.p if self.training else 0.0
            taken = nn.functional.scaled_dot_product_attention(
                self._split(self.query(query)),
                self._split(self.key(key)),
                values,
                attn_mask=mask,
                dropout_p=p,
            )
        else:
            taken = self.dropout(self.weights(query, key, mask)) @ values
        return self.out(taken.transpose(1, 2).flatten(2))

    def weights(
        self, query: Tensor, key: Tensor, mask: Tensor | None = None
    ) -> Tensor:
        """Return the shares of each head, shape ``(N, heads, T, S)``."""
        queries = self._split(self.query(query))
        return attention_weights(queries, self._split(self.key(key)), mask)

    def _split(self, x: Tensor) -> Tensor:
        """Cut the width into heads: (N, T, E) to (N, heads, T, E / heads)."""
        return x.unflatten(2, (self.num_heads, -1)).transpose(1, 2)
