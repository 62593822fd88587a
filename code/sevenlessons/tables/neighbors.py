r"""Which rows point the same way: cosine similarity, and the nearest rows.

The cosine of the angle between two rows, :math:`a \cdot b / |a||b|`, asks for
the direction only. The length of a film's factors says how strongly people
differ about it; what kind of film it is, the direction says.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["cosine_to", "nearest"]


def cosine_to(rows: Tensor, row: int) -> Tensor:
    """Return the cosine similarity of all rows to one of them.

    Parameters
    ----------
    rows
        Shape ``(N, K)``, finite.
    row
        Which one, in ``[0, N)``.

    Returns
    -------
    Tensor
        In ``[-1, 1]``, shape ``(N,)``; 0 where a row is all zeros.

    Raises
    ------
    ValueError
        If the row does not exist, or `rows` is no finite matrix.

    Examples
    --------
    >>> rows = torch.tensor([[1.0, 0.0], [3.0, 0.0], [0.0, 2.0], [-1.0, 0.0]])
    >>> cosine_to(rows, 0)
    tensor([ 1.,  1.,  0., -1.])

    """
    if rows.dim() != 2 or not bool(rows.isfinite().all()):
        raise ValueError(
            "expected a matrix of finite numbers, one row each, got shape "
            f"{tuple(rows.shape)}"
        )
    if not 0 <= row < len(rows):
        raise ValueError(
            f"row must be in [0, {len(rows)}), got {row}; rows are counted "
            "from 0"
        )
    lengths = rows.norm(dim=1, keepdim=True)
    directions = rows / torch.where(lengths > 0, lengths, 1.0)
    return (directions @ directions[row]).clamp(-1.0, 1.0)


def nearest(rows: Tensor, row: int, k: int = 5) -> tuple[Tensor, Tensor]:
    """Return the `k` rows most similar to one row, itself left out.

    Parameters
    ----------
    rows, row
        As in `cosine_to`.
    k
        How many, in ``[1, N - 1]``.

    Returns
    -------
    tuple of Tensor
        Row numbers and similarities, the most similar first; equal ones in
        the order of the rows.

    Raises
    ------
    ValueError
        If there are not as many others; see `cosine_to` for the rest.

    Examples
    --------
    >>> rows = torch.tensor([[1.0, 0.0], [3.0, 0.0], [0.0, 2.0], [-1.0, 0.0]])
    >>> nearest(rows, 0, k=2)
    (tensor([1, 2]), tensor([1., 0.]))

    """
    similarity = cosine_to(rows, row)
    if not 1 <= k < len(rows):
        raise ValueError(
            f"k must be in [1, {len(rows) - 1}], the number of other rows, "
            f"got {k}"
        )
    order = torch.argsort(similarity, descending=True, stable=True)
    order = order[order != row][:k]
    return order, similarity[order]
