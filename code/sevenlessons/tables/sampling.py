r"""Not one set of factors but many, and the mean of what they predict.

A user with five ratings leaves many factors possible. Training picks one set
and trusts it. Here each set is *drawn*: alternating least squares, where each
solution gets as much noise as the ratings leave room for. Where the draws
agree, their mean is bold; where they do not, it stays near the average. The
penalty is not chosen: it is measured on the factors of all others.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .als import rows_of, solve_rows
from .ids import check_ids

__all__ = ["draw_predictions"]


def draw_predictions(
    train: tuple[Tensor, Tensor, Tensor],
    asked: tuple[Tensor, Tensor],
    sizes: tuple[int, int],
    *,
    num_factors: int = 16,
    rounds: int = 100,
    skip: int = 10,
    noise_variance: float = 2 / 3,
    seed: int = 0,
) -> Tensor:
    """Return what many drawn sets of factors predict.

    Parameters
    ----------
    train
        Users, items and ratings to learn from, each of shape ``(N,)``.
    asked
        Users and items whose rating is wanted, each of shape ``(M,)``.
    sizes
        How many users and how many films there are.
    num_factors
        Numbers a user and a film.
    rounds, skip
        Draws, and how many of the first ones are thrown away: they still
        remember their random start.
    noise_variance
        Variance of what no factor explains, in squared stars.
    seed
        Of all draws.

    Returns
    -------
    Tensor
        Shape ``(rounds - skip, M)``: a row a draw. Their mean is the
        prediction.

    Raises
    ------
    ValueError
        If nothing was rated, something asked is out of range, or a setting
        makes no sense.

    Notes
    -----
    A short form of Salakhutdinov and Mnih (2008), Bayesian probabilistic
    matrix factorization: mean and covariance of the factors are those of the
    last draw, where the paper draws them too.

    Examples
    --------
    >>> users, films = torch.tensor([0, 0, 1]), torch.tensor([0, 1, 0])
    >>> train = users, films, torch.tensor([5.0, 1.0, 5.0])
    >>> asked = torch.tensor([1]), torch.tensor([1])
    >>> draw_predictions(train, asked, (2, 2), num_factors=1).shape
    torch.Size([90, 1])

    """
    users, items, ratings = train
    _check(asked, sizes, len(ratings))
    _check_settings(num_factors, rounds, skip, noise_variance)
    mean = ratings.mean()
    by_user = rows_of(users, items, ratings - mean, sizes[0])
    by_item = rows_of(items, users, ratings - mean, sizes[1])
    generator = torch.Generator().manual_seed(seed)
    p, q = (
        0.1
        * torch.randn(
            size, num_factors, generator=generator, device=generator.device
        ).to(ratings)
        for size in sizes
    )
    draws = ratings.new_empty(rounds - skip, len(asked[0]))
    for i in range(rounds):
        for rows, side, other in [(by_user, p, q), (by_item, q, p)]:
            center, precision = _seen_in(side)
            side[:] = solve_rows(
                rows,
                other,
                precision,
                center=center,
                weight=1 / noise_variance,
                generator=generator,
            )
        if i >= skip:
            draws[i - skip] = mean + (p[asked[0]] * q[asked[1]]).sum(dim=1)
    return draws


def _seen_in(side: Tensor) -> tuple[Tensor, Tensor]:
    """Return the mean of all rows, and the inverse of their covariance."""
    center = side.mean(dim=0)
    spread = side - center
    # one more row that says 1 in each direction: never singular
    ones = torch.eye(side.shape[1], device=side.device)
    covariance = (spread.T @ spread + ones) / len(side)
    return center, torch.linalg.inv(covariance)


def _check(
    asked: tuple[Tensor, Tensor], sizes: tuple[int, int], count: int
) -> None:
    if not count:
        raise ValueError("no ratings to learn from; give at least one")
    if asked[0].dim() != 1 or asked[0].shape != asked[1].shape:
        raise ValueError(
            "users and items asked for must have one shape (M,), got "
            f"{tuple(asked[0].shape)} and {tuple(asked[1].shape)}"
        )
    check_ids(asked[0], sizes[0], "users")
    check_ids(asked[1], sizes[1], "items")


def _check_settings(
    num_factors: int, rounds: int, skip: int, noise_variance: float
) -> None:
    if num_factors < 1:
        raise ValueError(f"num_factors must be at least 1, got {num_factors}")
    if not 0 <= skip < rounds:
        raise ValueError(
            f"skip must be in [0, rounds), got {skip} of {rounds} rounds"
        )
    if not noise_variance > 0:
        raise ValueError(
            f"noise_variance must be positive, got {noise_variance}"
        )
