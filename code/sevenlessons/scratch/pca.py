r"""Principal component analysis: the few directions that rows differ most in.

Take the mean off the rows. The singular value decomposition writes what is
left as :math:`U S V^\top`: the rows of :math:`V^\top` are directions at right
angles, the most telling first, and :math:`S` says how far the rows spread
along each.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

__all__ = ["Components", "pca"]


@dataclass(frozen=True)
class Components:
    """The directions that rows differ most in.

    Attributes
    ----------
    mean
        Of the rows, shape ``(D,)``.
    directions
        Of length 1 and at right angles, shape ``(K, D)``. The largest number
        of each is positive, which fixes its sign.
    share
        Of the variance that lies along each, shape ``(K,)``.

    """

    mean: Tensor
    directions: Tensor
    share: Tensor

    def transform(self, rows: Tensor) -> Tensor:
        """Return the places of rows along the directions: ``(N, K)``."""
        return (rows - self.mean) @ self.directions.T


def pca(rows: Tensor, num_components: int) -> Components:
    """Return the principal components of some rows.

    Parameters
    ----------
    rows
        Shape ``(N, D)``, at least two rows that are not all the same.
    num_components
        How many directions, at most ``min(N, D)``.

    Returns
    -------
    Components
        Call its `transform` for the places of the rows.

    Raises
    ------
    ValueError
        If there is nothing to tell apart, or too many directions are asked
        for.

    Notes
    -----
    The same as scikit-learn's ``PCA`` up to the sign of a direction.

    Examples
    --------
    >>> rows = torch.tensor([[0.0, 1.0], [2.0, 1.0], [4.0, 1.0]])
    >>> found = pca(rows, 1)
    >>> found.directions.abs().tolist(), found.transform(rows).tolist()
    ([[1.0, 0.0]], [[-2.0], [0.0], [2.0]])

    """
    if rows.dim() != 2 or not bool(rows.isfinite().all()):
        raise ValueError(
            "expected a matrix of finite numbers, one row each, got shape "
            f"{tuple(rows.shape)}"
        )
    if not 1 <= num_components <= min(rows.shape):
        raise ValueError(
            f"num_components must be in [1, {min(rows.shape)}] for rows of "
            f"shape {tuple(rows.shape)}, got {num_components}"
        )
    mean = rows.mean(dim=0)
    _, spreads, directions = torch.linalg.svd(rows - mean, full_matrices=False)
    variances = spreads.square()
    same = bool((rows == rows[0]).all())  # the mean may be rounded
    if same or not float(variances.sum()) > 0:
        raise ValueError(
            "all rows are the same, so no direction tells them apart; pass "
            "rows that differ"
        )
    largest = directions.abs().argmax(dim=1, keepdim=True)
    directions = directions * directions.gather(1, largest).sign()
    share = variances / variances.sum()
    return Components(
        mean, directions[:num_components], share[:num_components]
    )
