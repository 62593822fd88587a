r"""Fit factors by least squares, one side at a time.

With the films' factors held fixed, the best factors of a user are a ridge
regression; with the users' held fixed, the same is true of a film. So fix
one side, solve the other, and take turns: alternating least squares. There
is no learning rate. Read `rows_of`, `solve_rows`, then `alternate`.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from .ids import check_ids

__all__ = ["alternate", "rows_of", "solve_rows"]

Row = tuple[Tensor, Tensor]


def rows_of(
    numbers: Tensor, others: Tensor, ratings: Tensor, size: int
) -> list[Row]:
    """Return the ratings of each user (or of each film) as a list.

    Parameters
    ----------
    numbers
        Whose rating it is, in ``[0, size)``, shape ``(N,)``.
    others
        What was rated (or who rated), not negative, shape ``(N,)``.
    ratings
        Finite, shape ``(N,)``.
    size
        How many users (or films) there are.

    Returns
    -------
    list
        For each a pair ``(others, ratings)``; both empty where nothing was
        rated.

    Raises
    ------
    ValueError
        If shapes differ, a number is out of range, or a rating not finite.

    Examples
    --------
    >>> users, films = torch.tensor([1, 0, 1]), torch.tensor([7, 7, 5])
    >>> rows_of(users, films, torch.tensor([4.0, 3.0, 1.0]), size=2)[1]
    (tensor([7, 5]), tensor([4., 1.]))

    """
    if not numbers.shape == others.shape == ratings.shape == (len(ratings),):
        raise ValueError(
            "numbers, others and ratings must have one shape (N,), got "
            f"{tuple(numbers.shape)}, {tuple(others.shape)} and "
            f"{tuple(ratings.shape)}"
        )
    check_ids(numbers, size, "numbers")
    if not bool(ratings.isfinite().all()):
        bad = ratings[~ratings.isfinite()][0]
        raise ValueError(
            f"ratings must be finite, got {float(bad)}; leave out what was "
            "not rated"
        )
    order = torch.argsort(numbers, stable=True)
    counts = torch.bincount(numbers, minlength=size).tolist()
    return list(
        zip(
            others[order].split(counts),
            ratings[order].split(counts),
            strict=True,
        )
    )


def solve_rows(
    rows: Sequence[Row],
    factors: Tensor,
    precision: Tensor,
    *,
    center: Tensor | None = None,
    weight: float = 1.0,
    generator: torch.Generator | None = None,
) -> Tensor:
    r"""Return the best factors of one side; those of the other are fixed.

    For each row: with :math:`Y` the factors of what was rated and :math:`r`
    the ratings, solve :math:`(w Y^\top Y + \Lambda)\, x = w Y^\top r +
    \Lambda \mu`. A row without ratings gets the center :math:`\mu`.

    Parameters
    ----------
    rows
        What `rows_of` returned.
    factors
        Of the other side, shape ``(M, K)``.
    precision
        The penalty :math:`\Lambda`, shape ``(K, K)``, positive definite.
    center
        Where the penalty pulls to, shape ``(K,)``; by default 0.
    weight
        Of one rating against the penalty, above 0: one over the variance of
        the noise in a rating.
    generator
        If given, noise is added, so that the answer is a draw: from the
        normal distribution of all factors that the ratings leave possible,
        with the inverse of the left side as covariance.

    Returns
    -------
    Tensor
        Shape ``(len(rows), K)``.

    Raises
    ------
    ValueError
        If `weight` is not positive, or `precision` has another shape.

    Examples
    --------
    >>> factors = torch.tensor([[1.0], [-1.0]])
    >>> row = (torch.tensor([0, 1]), torch.tensor([3.0, -3.0]))
    >>> round(solve_rows([row], factors, torch.eye(1)).item(), 3)
    2.0

    """
    width = factors.shape[1]
    if precision.shape != (width, width):
        raise ValueError(
            f"precision must have the shape ({width}, {width}) of "
            f"{width} factors, got {tuple(precision.shape)}"
        )
    if not weight > 0:
        raise ValueError(f"weight must be positive, got {weight}")
    left = factors.new_empty(len(rows), width, width)
    right = factors.new_empty(len(rows), width)
    for i, (others, ratings) in enumerate(rows):
        seen = factors[others]
        left[i] = seen.T @ seen
        right[i] = ratings @ seen
    left = weight * left + precision
    right = weight * right
    if center is not None:
        right = right + precision @ center
    root = torch.linalg.cholesky(left)
    found = torch.cholesky_solve(right[..., None], root)
    if generator is not None:
        noise = torch.randn(
            found.shape,
            generator=generator,
            dtype=found.dtype,
            device=generator.device,
        ).to(found.device)
        found = found + torch.linalg.solve_triangular(
            root.mT, noise, upper=True
        )
    return found.squeeze(-1)


def alternate(
    users: Tensor,
    items: Tensor,
    ratings: Tensor,
    sizes: tuple[int, int],
    num_factors: int,
    *,
    alpha: float = 0.1,
    rounds: int = 20,
    seed: int = 0,
) -> tuple[Tensor, Tensor, list[float]]:
    r"""Return factors of users and films, fitted by taking turns.

    Each half of a round makes :math:`\sum (r - p \cdot q)^2 + \alpha (\sum
    |p|^2 + \sum |q|^2)` as small as one side can.

    Parameters
    ----------
    users, items, ratings
        One of each a rating, shape ``(N,)``.
    sizes
        How many users and how many films there are.
    num_factors
        Numbers a user and a film.
    alpha
        The penalty, above 0.
    rounds
        How often both sides are solved.
    seed
        Of the films' first factors.

    Returns
    -------
    tuple
        The users' factors, the films' factors, and the penalized sum of
        squares after each round, which never rises.

    Raises
    ------
    ValueError
        If `alpha`, `rounds` or `num_factors` is not positive; see `rows_of`
        for the ratings.

    Examples
    --------
    >>> users, films = torch.cartesian_prod(*2 * [torch.arange(3)]).T
    >>> ratings = (users + 1.0) * (films + 1.0)
    >>> p, q, losses = alternate(users, films, ratings, (3, 3), 1, alpha=1e-6)
    >>> round((p[2] @ q[1]).item(), 2), losses[-1] < 0.01
    (6.0, True)

    """
    for name, number in [
        ("alpha", alpha),
        ("rounds", rounds),
        ("num_factors", num_factors),
    ]:
        if not number > 0:
            raise ValueError(f"{name} must be positive, got {number}")
    by_user = rows_of(users, items, ratings, sizes[0])
    by_item = rows_of(items, users, ratings, sizes[1])
    generator = torch.Generator().manual_seed(seed)
    q = torch.randn(
        sizes[1], num_factors, generator=generator, device=generator.device
    ).to(ratings)
    penalty = alpha * torch.eye(num_factors, device=q.device).to(ratings)
    losses = []
    for _ in range(rounds):
        p = solve_rows(by_user, q, penalty)
        q = solve_rows(by_item, p, penalty)
        errors = ratings - (p[users] * q[items]).sum(dim=1)
        size = p.square().sum() + q.square().sum()
        losses.append((errors.square().sum() + alpha * size).item())
    return p, q, losses
