"""Films described so well that five answers of a new user are enough.

`fit_items` learns a mean and factors a film from old users. Then nothing is
trained any more: `ItemModel.fold_in` finds a new user by ridge regression.
`questions` says which films to ask about.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from .ids import check_ids
from .ridge import fold_in

__all__ = ["ItemModel", "fit_items"]


@dataclass(frozen=True)
class ItemModel:
    """What is known of each film, and how sure a rating is.

    Attributes
    ----------
    mean
        What the average user gives, shape ``(num_items,)``.
    factors
        How users' tastes move that, shape ``(num_items, K)``. Tastes are
        scaled so that the users have a variance of about 1 in each.
    noise
        Variance of a rating around its prediction: the penalty of the
        fold-in.

    """

    mean: Tensor
    factors: Tensor
    noise: float

    def fold_in(
        self, items: Tensor, ratings: Tensor, start: Tensor | None = None
    ) -> Tensor:
        """Return the taste of a new user, shape ``(K,)``, by ridge.

        Parameters
        ----------
        items, ratings
            What was answered, shape ``(n,)`` each; nothing gives `start`.
        start
            What is expected before any answer, shape ``(K,)``, for instance
            the taste of people of this age; zeros, the average user, if not
            given. The penalty pulls there.

        Raises
        ------
        ValueError
            If items are out of range, ratings do not fit or are no numbers,
            or `start` is no taste.

        """
        if items.dim() != 1 or items.shape != ratings.shape:
            raise ValueError(
                "items and ratings must have one shape (n,), got "
                f"{tuple(items.shape)} and {tuple(ratings.shape)}"
            )
        check_ids(items, len(self.mean))
        if start is None:
            start = self.factors.new_zeros(self.factors.shape[1])
        if start.shape != self.factors.shape[1:] or not (
            start.isfinite().all()
        ):
            raise ValueError(
                "start must be finite numbers of shape "
                f"{tuple(self.factors.shape[1:])}, one a factor, got shape "
                f"{tuple(start.shape)}"
            )
        rows = self.factors[items]
        left = ratings - self.mean[items] - rows @ start
        moved, _ = fold_in(rows, left, self.noise, bias=False)
        return start + moved

    def predict(self, taste: Tensor) -> Tensor:
        """Return the ratings of all films, shape ``(num_items,)``."""
        return self.mean + self.factors @ taste


def fit_items(
    users: Tensor,
    items: Tensor,
    ratings: Tensor,
    num_items: int,
    num_factors: int = 10,
    *,
    features: Tensor | None = None,
    noise: float = 0.8,
    penalty: float = 60.0,
    rounds: int = 20,
    seed: int = 0,
) -> ItemModel:
    r"""Return means and factors of films, learned by turns.

    Each round folds in all users, by ridge with the films as they are; then
    it fits all films, by ridge with the users as they are. A user with few
    ratings is not known exactly, so the fold-in's uncertainty is added: where
    a taste is unsure, films learn less from it.

    Parameters
    ----------
    users
        Any whole numbers, shape ``(N,)``.
    items
        Numbers in ``[0, num_items)``, shape ``(N,)``.
    ratings
        Shape ``(N,)``, finite.
    num_items, num_factors
        How many films, and how many numbers for each.
    features
        Known facts of the films, shape ``(num_items, F)``. What films with
        the same facts share is learned; a film with few ratings is drawn
        there, one without ratings stands there.
    noise
        Variance of a rating around its prediction.
    penalty
        How strongly a film's factors are drawn, counted in ratings.
    rounds
        How often.
    seed
        Of the first factors.

    Returns
    -------
    ItemModel
        In single precision.

    Raises
    ------
    ValueError
        If items are out of range, ratings or features no numbers, a pair
        is rated twice, or settings not positive.

    Notes
    -----
    The EM algorithm of probabilistic principal component analysis (Tipping
    and Bishop 1999) with missing values and a penalty on the factors. Taught
    in: new-users.

    Examples
    --------
    >>> users, items = torch.arange(40) // 2, torch.arange(40) % 2
    >>> ratings = torch.tensor([1.0, 5.0, 5.0, 1.0] * 10)
    >>> model = fit_items(users, items, ratings, 2, 2, penalty=1.0)
    >>> taste = model.fold_in(torch.tensor([0]), torch.tensor([5.0]))
    >>> model.predict(taste)[1].item() < 3
    True

    """
    check_ids(items, num_items)
    settings = [num_factors, noise, penalty, rounds]
    if min(settings) <= 0:
        raise ValueError(
            "num_factors, noise, penalty and rounds must be positive, got "
            f"{settings}"
        )
    if not len(users) == len(items) == len(ratings) > 0:
        raise ValueError(
            "expected users, items and ratings of one length above 0, got "
            f"{len(users)}, {len(items)} and {len(ratings)}"
        )
    if not ratings.isfinite().all():
        raise ValueError(
            "ratings must be finite numbers, and some are not; leave out "
            "what was not rated"
        )
    facts = _facts(features, num_items, ratings.device)
    _, rows = users.unique(return_inverse=True)
    twice = len(rows) - len((rows * num_items + items).unique())
    if twice:
        raise ValueError(
            f"a user rates a film once, got {twice} more ratings of the same "
            "pairs; keep one of each, or their mean"
        )
    seen = facts.new_zeros(int(rows.max()) + 1, num_items)
    grid = torch.zeros_like(seen)
    seen[rows, items], grid[rows, items] = 1.0, ratings.float()
    generator = torch.Generator().manual_seed(seed)
    films = 0.2 * torch.randn(
        num_items, 1 + num_factors, generator=generator, device="cpu"
    ).to(facts.device)
    films[:, 0] = ratings.float().mean()
    films[:, 1] = 0.4  # a first taste: to like everything
    drawn_to = films[:1].repeat(num_items, 1)
    drawn_to[:, 2:] = 0.0
    pull = films.new_tensor([1.0] + [penalty] * num_factors)
    count = seen.sum(dim=0)
    known = (count / (count + 20))[:, None]  # films with few ratings: less
    weigh = facts.T @ (known * facts)
    weigh.diagonal()[1:] += 5.0
    for _ in range(rounds):
        means, spreads = _tastes(grid, seen, films, noise)
        second = _products(means)
        second[:, 1:, 1:] += spreads
        left = (seen.T @ second.flatten(1)).unflatten(1, second.shape[1:])
        right = grid.T @ means + pull * drawn_to
        films = torch.linalg.solve(
            left + torch.diag(pull), right[:, :, None]
        ).squeeze(2)
        shared = torch.linalg.solve(weigh, facts.T @ (known * films))
        drawn_to = facts @ shared
    return ItemModel(films[:, 0], films[:, 1:], noise)


def _tastes(
    grid: Tensor, seen: Tensor, films: Tensor, noise: float
) -> tuple[Tensor, Tensor]:
    """Return each user's ``[1, taste]`` and the variance of the taste."""
    factors = films[:, 1:]
    left = (seen @ _products(factors).flatten(1)).unflatten(
        1, (factors.shape[1], -1)
    )
    ones = torch.eye(factors.shape[1], device=factors.device)
    spreads = torch.linalg.inv(left / noise + ones)
    right = (grid - seen * films[:, 0]) @ factors / noise
    means = (spreads @ right[:, :, None]).squeeze(2)
    return torch.cat([means.new_ones(len(means), 1), means], dim=1), spreads


def _products(rows: Tensor) -> Tensor:
    """Return each row times itself: ``(N, K)`` to ``(N, K, K)``."""
    return rows[:, :, None] * rows[:, None, :]


def _facts(
    features: Tensor | None, num_items: int, device: torch.device
) -> Tensor:
    ones = torch.ones(num_items, 1, device=device)
    if features is None:
        return ones
    if features.shape[:1] != (num_items,) or not features.isfinite().all():
        raise ValueError(
            f"expected finite features of shape ({num_items}, F), got shape "
            f"{tuple(features.shape)}; fill what is missing first"
        )
    return torch.cat([ones, features.float()], dim=1)
