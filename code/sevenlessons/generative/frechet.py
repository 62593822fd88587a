r"""The Fréchet distance of two heaps of features: their place and width.

A network that knows pictures turns each into a row of features. The rows of
the real pictures form one heap, those of the made ones another. Both are
taken for normal distributions, whose distance has a closed form:

.. math::
    |\mu_1 - \mu_2|^2
    + \operatorname{tr}\left(C_1 + C_2 - 2\,(C_1 C_2)^{1/2}\right).

With features of the Inception network it is known as FID. A figure means
something only beside others with the same network and as many pictures.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .feature_checks import check_two_sets

__all__ = ["frechet_distance", "frechet_in_parts", "gaussian_distance"]


def gaussian_distance(
    mean: Tensor, covariance: Tensor, other_mean: Tensor, other: Tensor
) -> float:
    """Return the squared Fréchet distance of two normal distributions.

    Parameters
    ----------
    mean, other_mean
        Shape ``(D,)``.
    covariance, other
        Symmetric, no variance below zero, shape ``(D, D)``.

    Notes
    -----
    Dowson and Landau (1982). The root of ``C1 @ C2`` is not symmetric; that
    of ``R @ C2 @ R`` is, where ``R @ R = C1``, and has the same trace.

    Examples
    --------
    Two bells, apart by 3, with standard deviations 1 and 2:

    >>> one = torch.zeros(1), torch.eye(1)
    >>> gaussian_distance(*one, torch.tensor([3.0]), 4 * torch.eye(1))
    10.0

    """
    mean, other_mean = mean.double(), other_mean.double()
    covariance, other = covariance.double(), other.double()
    root = _root(covariance)
    cross = torch.linalg.eigvalsh(root @ other @ root).clamp(min=0).sqrt()
    apart = (mean - other_mean).square().sum()
    spread = covariance.trace() + other.trace() - 2 * cross.sum()
    return float((apart + spread).clamp(min=0))  # rounding can dip below


def frechet_distance(real: Tensor, made: Tensor) -> float:
    """Return the squared Fréchet distance of two sets of features.

    It falls with more rows even if nothing gets better, since a covariance
    of few rows is a poor guess: compare figures of equal counts only, and put
    the distance of real to other real pictures beside them.

    Parameters
    ----------
    real, made
        Shapes ``(N, D)`` and ``(M, D)``, at least two rows each.

    Raises
    ------
    ValueError
        As `check_two_sets` does.

    Notes
    -----
    Heusel et al. (2017), arXiv:1706.08500. Covariances divide by N - 1.

    Examples
    --------
    >>> rows = torch.tensor([[0.0], [2.0]])
    >>> round(frechet_distance(rows, rows), 6)
    0.0
    >>> round(frechet_distance(rows, rows + 3), 6)
    9.0

    """
    check_two_sets(real, made, at_least=2)
    return gaussian_distance(*_moments(real), *_moments(made))


def frechet_in_parts(
    real: Tensor, made: Tensor, *, parts: int = 5, seed: int = 0
) -> Tensor:
    """Return the distance in each of several parts that share no row.

    The parts are independent draws of the same comparison: their spread says
    how far chance alone moves the figure. Each part has fewer rows than the
    whole, so its distance is larger; never mix the two.

    Parameters
    ----------
    real, made
        As in `frechet_distance`.
    parts
        How many; rows that are left over are not used.
    seed
        Of the shuffles that share out the rows.

    Returns
    -------
    Tensor
        Shape ``(parts,)``, float64.

    Raises
    ------
    ValueError
        If there are fewer than two parts, or than two rows in a part.

    Examples
    --------
    >>> rows = torch.randn(60, 2, generator=torch.manual_seed(0))
    >>> frechet_in_parts(rows, rows + 9, parts=3).shape
    torch.Size([3])

    """
    if parts < 2:
        raise ValueError(f"expected at least two parts, got {parts}")
    check_two_sets(real, made, at_least=2 * parts)
    generator = torch.Generator().manual_seed(seed)
    shares = []
    for rows in (real, made):
        order = torch.randperm(len(rows), generator=generator)
        size = len(rows) // parts
        shares.append(rows[order[: size * parts]].split(size))
    pairs = zip(*shares, strict=True)
    return torch.tensor(
        [frechet_distance(*pair) for pair in pairs], dtype=torch.float64
    )


def _moments(rows: Tensor) -> tuple[Tensor, Tensor]:
    rows = rows.double()
    away = rows - rows.mean(dim=0)
    return rows.mean(dim=0), away.T @ away / (len(rows) - 1)


def _root(covariance: Tensor) -> Tensor:
    """Return the symmetric root of a covariance."""
    values, vectors = torch.linalg.eigh(covariance)
    return (vectors * values.clamp(min=0).sqrt()) @ vectors.T
