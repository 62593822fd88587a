"""Ratings by ridge regression: answers in closed form, no training loop.

`fit_biases` explains a rating by who rates and what is rated, nothing else:
the baseline that every recommender has to beat. `fold_in` finds what a new
user likes when the films' factors are known already.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from .ids import check_ids

__all__ = ["Biases", "fit_biases", "fold_in"]


@dataclass(frozen=True)
class Biases:
    """A mean, a number a user and a number an item.

    Attributes
    ----------
    mean
        What a user and an item without ratings get.
    user, item
        Shapes ``(num_users,)`` and ``(num_items,)``; 0 where nothing is
        known.

    """

    mean: float
    user: Tensor
    item: Tensor

    def predict(self, users: Tensor, items: Tensor) -> Tensor:
        """Return mean + user bias + item bias, shape ``(N,)``."""
        _check_numbers("users", users, len(self.user))
        _check_numbers("items", items, len(self.item))
        return self.mean + self.user[users] + self.item[items]


def fit_biases(
    users: Tensor,
    items: Tensor,
    ratings: Tensor,
    num_users: int,
    num_items: int,
    *,
    alpha: float = 5.0,
) -> Biases:
    r"""Return the biases with the smallest penalized squared error.

    They minimize :math:`\sum (r - m - b_u - c_i)^2 + \alpha (\sum b_u^2 +
    \sum c_i^2)`. The mean :math:`m` is free. All derivatives are zero at the
    answer of one linear system, the normal equations.

    Parameters
    ----------
    users, items
        Numbers in ``[0, num_users)`` and ``[0, num_items)``, shape ``(N,)``.
    ratings
        Shape ``(N,)``; finite.
    num_users, num_items
        How many there are, those without ratings included.
    alpha
        The penalty: as many ratings of average kind are added to each user
        and item, so to speak. Above 0.

    Returns
    -------
    Biases
        In double precision.

    Raises
    ------
    ValueError
        If there are no ratings, ratings that are no numbers, users or items
        out of range, or no penalty.

    Notes
    -----
    The same as scikit-learn's ``Ridge(alpha)`` on one 0/1 column a user and
    an item. Taught in: collaborative.

    Examples
    --------
    >>> users, items = torch.tensor([0, 0, 1]), torch.tensor([0, 1, 0])
    >>> ratings = torch.tensor([5.0, 3.0, 4.0])
    >>> biases = fit_biases(users, items, ratings, 3, 2, alpha=1e-6)
    >>> biases.predict(torch.tensor([1]), torch.tensor([1])).round(decimals=3)
    tensor([2.], dtype=torch.float64)

    """
    _check_numbers("users", users, num_users)
    _check_numbers("items", items, num_items)
    _check_ratings(ratings, len(users))
    _check_alpha(alpha)
    if not len(users) == len(items) > 0:
        raise ValueError(
            "expected users and items of at least one rating, as many of "
            f"both, got {len(users)} and {len(items)}"
        )
    ratings = ratings.double()
    columns = torch.stack(
        [torch.zeros_like(users), 1 + users, 1 + num_users + items]
    )
    size = 1 + num_users + num_items
    left = ratings.new_zeros(size, size)
    right = ratings.new_zeros(size)
    one = torch.ones_like(ratings)
    for first in columns:
        right.index_put_((first,), ratings, accumulate=True)
        for second in columns:
            left.index_put_((first, second), one, accumulate=True)
    left.diagonal()[1:] += alpha
    found = torch.cholesky_solve(
        right[:, None], torch.linalg.cholesky(left)
    ).squeeze(1)
    user, item = found[1:].split([num_users, num_items])
    return Biases(found[0].item(), user, item)


def fold_in(
    factors: Tensor,
    ratings: Tensor,
    alpha: float = 5.0,
    *,
    bias: bool = True,
) -> tuple[Tensor, Tensor]:
    r"""Return the factors and the bias of one new user.

    The films stay as they are. The user's vector :math:`p` and bias
    :math:`b` minimize :math:`\sum (r - q^\top p - b)^2 + \alpha (|p|^2 +
    b^2)`: with :math:`X` the film factors and a column of ones, the normal
    equations are :math:`(X^\top X + \alpha I)\, w = X^\top r`.

    Parameters
    ----------
    factors
        Those of the films that the user rated, shape ``(n, K)``; ``n`` may
        be 0.
    ratings
        What is left of the ratings after the mean and the films' biases are
        taken off, shape ``(n,)``.
    alpha
        The penalty, above 0. With few ratings it keeps the answer near 0,
        the user of whom nothing is known.
    bias
        Look for a bias, too; it is 0 otherwise.

    Returns
    -------
    tuple of Tensor
        Factors of shape ``(K,)`` and a bias of shape ``()``.

    Raises
    ------
    ValueError
        If shapes do not fit, a rating is no number, or there is no penalty.

    Notes
    -----
    The same as scikit-learn's ``Ridge(alpha, fit_intercept=False)`` with the
    column of ones. Taught in: new-users.

    Examples
    --------
    >>> films = torch.tensor([[1.0], [-1.0]])
    >>> factors, bias = fold_in(films, torch.tensor([1.0, -1.0]), alpha=2.0)
    >>> factors.tolist(), bias.item()
    ([0.5], 0.0)

    """
    if factors.dim() != 2 or not factors.isfinite().all():
        raise ValueError(
            "expected finite factors of shape (films, factors), got shape "
            f"{tuple(factors.shape)}; pass the rows of the rated films"
        )
    _check_ratings(ratings, len(factors))
    _check_alpha(alpha)
    inputs = factors.double()
    ones = inputs.new_full((len(factors), 1), float(bias))
    inputs = torch.cat([inputs, ones], dim=1)
    left = inputs.T @ inputs
    left.diagonal().add_(alpha)
    found = torch.linalg.solve(left, inputs.T @ ratings.double())
    found = found.to(factors.dtype)
    return found[:-1], found[-1]


def _check_numbers(name: str, numbers: Tensor, count: int) -> None:
    if numbers.dim() != 1:
        raise ValueError(
            f"{name} must be of shape (N,), got {tuple(numbers.shape)}"
        )
    check_ids(numbers, count, name)


def _check_ratings(ratings: Tensor, count: int) -> None:
    if ratings.shape != (count,):
        raise ValueError(
            f"expected one rating each, shape ({count},), got shape "
            f"{tuple(ratings.shape)}"
        )
    wrong = (~ratings.isfinite()).nonzero().flatten()
    if len(wrong):
        raise ValueError(
            f"ratings must be finite numbers, got {ratings[wrong[0]].item()} "
            f"at position {int(wrong[0])}; leave out what was not rated"
        )


def _check_alpha(alpha: float) -> None:
    if not (alpha > 0 and math.isfinite(alpha)):
        raise ValueError(
            f"alpha must be a positive number, got {alpha}; without a "
            "penalty several answers are equally good"
        )
