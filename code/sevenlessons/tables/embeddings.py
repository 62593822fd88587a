"""One embedding for each category column, side by side.

An embedding is a table of numbers: one row for each category, learned like
any weight. Looking a row up is the same as multiplying with a one-hot
vector, only faster.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

__all__ = ["ColumnDropout", "Embeddings", "embedding_size"]


def embedding_size(num_embeddings: int) -> int:
    """Return how many numbers should stand for one of so many categories.

    A rule of thumb: ``min(600, round(1.6 * n ** 0.56))``. More categories
    need more room, but far less than one number each.

    Parameters
    ----------
    num_embeddings
        The number of categories, the one for unseen values counted.

    Examples
    --------
    >>> [embedding_size(n) for n in (3, 10, 100, 1_000_000)]
    [3, 6, 21, 600]

    """
    if num_embeddings < 1:
        raise ValueError(
            f"num_embeddings must be at least 1, got {num_embeddings}"
        )
    return min(600, round(1.6 * num_embeddings**0.56))


class ColumnDropout(nn.Module):
    """Drop whole embeddings of a sample: all numbers of a column, or none.

    The network then cannot lean on one column alone. What stays is divided
    by ``1 - p``, so the mean is kept; in evaluation nothing happens.

    Parameters
    ----------
    p
        Probability of dropping, in ``[0, 1)``.
    dims
        How many numbers each column has.

    Examples
    --------
    >>> _ = torch.manual_seed(0)
    >>> ColumnDropout(0.5, [2, 1, 3])(torch.ones(2, 6))
    tensor([[0., 0., 2., 0., 0., 0.],
            [0., 0., 0., 2., 2., 2.]])

    """

    columns: Tensor

    def __init__(self, p: float, dims: Sequence[int]) -> None:
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError(f"p must be in [0, 1), got {p}")
        self.p = p
        self.num_columns = len(dims)
        places = torch.arange(len(dims)).repeat_interleave(torch.tensor(dims))
        self.register_buffer("columns", places, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Return `x`, shape ``(N, sum of dims)``, with columns dropped."""
        if not self.training or self.p == 0:
            return x
        stays = torch.rand(len(x), self.num_columns, device=x.device) >= self.p
        mask = stays.to(x.dtype) / (1 - self.p)  # (N, C)
        return x * mask.index_select(1, self.columns)

    def extra_repr(self) -> str:
        return f"p={self.p}, columns={self.num_columns}"


class Embeddings(nn.Module):
    """Look up an embedding for each column and put them side by side.

    Parameters
    ----------
    sizes
        How many categories each column has, number 0 counted.
    dims
        How many numbers stand for one; by `embedding_size` if None.
    dropout
        Probability of `ColumnDropout`.

    Notes
    -----
    The numbers start small, from a normal distribution of deviation 0.01
    that is cut at twice that: unlike torch's, whose deviation is 1.

    Examples
    --------
    >>> embeddings = Embeddings([3, 10])
    >>> embeddings(torch.tensor([[0, 9], [2, 1]])).shape
    torch.Size([2, 9])

    """

    def __init__(
        self,
        sizes: Sequence[int],
        dims: Sequence[int] | None = None,
        *,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.sizes = list(sizes)
        if not self.sizes:
            raise ValueError("sizes is empty; give at least one column")
        self.dims = (
            [embedding_size(n) for n in sizes] if dims is None else [*dims]
        )
        if len(self.dims) != len(self.sizes) or min(self.dims) < 1:
            raise ValueError(
                f"expected one dim of at least 1 for each of "
                f"{len(self.sizes)} columns, got {self.dims}"
            )
        tables = [
            nn.Embedding(size, dim)
            for size, dim in zip(self.sizes, self.dims, strict=True)
        ]
        for table in tables:
            nn.init.trunc_normal_(table.weight, std=0.01, a=-0.02, b=0.02)
        self.tables = nn.ModuleList(tables)
        self.dropout = ColumnDropout(dropout, self.dims)

    def forward(self, codes: Tensor) -> Tensor:
        """Return the embeddings of `codes`, shape ``(N, C)``, in a row.

        Raises
        ------
        ValueError
            If there is another number of columns, or a code is out of range.

        """
        if codes.ndim != 2 or codes.shape[1] != len(self.sizes):
            raise ValueError(
                f"expected codes of shape (N, {len(self.sizes)}), one column "
                f"for each embedding, got {tuple(codes.shape)}"
            )
        try:
            columns = codes.T.contiguous()  # once, not again for each table
            found = [
                table(column)
                for table, column in zip(self.tables, columns, strict=True)
            ]
        except IndexError:
            low, high = codes.amin(0).tolist(), codes.amax(0).tolist()
            i = next(
                i
                for i, size in enumerate(self.sizes)
                if low[i] < 0 or high[i] >= size
            )
            raise ValueError(
                f"codes in column {i} must be in [0, {self.sizes[i]}), got "
                f"{low[i]} to {high[i]}; prepare the rows with the "
                "preparation that the network was made for"
            ) from None
        return self.dropout(torch.cat(found, dim=1))
