r"""Who likes what: a few numbers a user, a few a film, and their product.

A user's numbers say how much of something the user wants, a film's how much
of it the film has. What that something is, nobody says: both are learned from
ratings. Read `DotProduct` first; `to_range` and `from_range` keep its ratings
between two ends.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .ids import look_up

__all__ = ["DotProduct", "from_range", "to_range"]


def _check_ends(low: float, high: float) -> None:
    """Refuse a range without an inside."""
    if not low < high:
        raise ValueError(
            f"the range must go from a low to a high end, got ({low}, {high})"
        )


def to_range(scores: Tensor, low: float, high: float) -> Tensor:
    r"""Return scores squeezed between two ends by a sigmoid.

    :math:`\text{low} + (\text{high} - \text{low})\,\sigma(s)`. The ends
    themselves need an infinite score, so take a range slightly wider than
    the ratings.

    Parameters
    ----------
    scores
        Any numbers, any shape.
    low, high
        The two ends.

    Returns
    -------
    Tensor
        The same shape, between `low` and `high`.

    Raises
    ------
    ValueError
        If `low` is not below `high`.

    Examples
    --------
    >>> to_range(torch.tensor([-99.0, 0.0, 99.0]), 0.0, 5.5)
    tensor([0.0000, 2.7500, 5.5000])

    """
    _check_ends(low, high)
    return low + (high - low) * torch.sigmoid(scores)


def from_range(ratings: Tensor, low: float, high: float) -> Tensor:
    """Return the scores that `to_range` makes these ratings of.

    Parameters
    ----------
    ratings
        Numbers strictly between `low` and `high`, any shape.
    low, high
        The two ends.

    Returns
    -------
    Tensor
        Scores, the same shape.

    Raises
    ------
    ValueError
        If a rating is not inside the range.

    Examples
    --------
    >>> from_range(torch.tensor([2.75]), 0.0, 5.5)
    tensor([0.])

    """
    _check_ends(low, high)
    share = (ratings - low) / (high - low)
    outside = ratings[~((share > 0) & (share < 1))]
    if len(outside):
        raise ValueError(
            f"ratings must lie between {low} and {high}, the ends excluded, "
            f"got {float(outside[0])}; take a wider range"
        )
    return torch.logit(share)


class DotProduct(nn.Module):
    r"""Rating of a film by a user: a dot product of factors, plus biases.

    :math:`s_{ui} = p_u \cdot q_i + b_u + b_i + c`, squeezed into
    `rating_range` if one is given. A user and a film have `num_factors`
    numbers and one bias each, looked up in `nn.Embedding` tables:
    `user_factors`, `item_factors`, `user_bias`, `item_bias`.

    Parameters
    ----------
    num_users, num_items
        How many there are; they are counted from 0.
    num_factors
        Numbers in a row of factors.
    bias
        Have biases; the tables are None otherwise.
    rating_range
        The ends of the sigmoid; None leaves the score as it is.
    std
        All numbers start normally distributed around 0, with this spread.
    seed
        Of the first numbers; no global state is touched.
    start
        Rating where all numbers are 0, kept in the buffer `intercept` as a
        score. Default: a score of 0, which is the middle of the range.

    Raises
    ------
    ValueError
        If a number makes no sense; in `forward`, if an id is out of range.

    Notes
    -----
    On a GPU an id out of range is torch's own error, which names no id:
    looking at every batch would cost more than the product.

    Examples
    --------
    >>> model = DotProduct(3, 4, 2)
    >>> ratings = model(torch.tensor([0, 2]), torch.tensor([3, 3]))
    >>> ratings.shape, bool(((ratings > 0) & (ratings < 5.5)).all())
    (torch.Size([2]), True)
    >>> model.scores_of(torch.tensor([2])).shape
    torch.Size([1, 4])

    """

    def __init__(
        self,
        num_users: int,
        num_items: int,
        num_factors: int,
        *,
        bias: bool = True,
        rating_range: tuple[float, float] | None = (0.0, 5.5),
        std: float = 0.01,
        seed: int = 0,
        start: float | None = None,
    ) -> None:
        super().__init__()
        sizes = {
            "num_users": num_users,
            "num_items": num_items,
            "num_factors": num_factors,
        }
        for name, size in sizes.items():
            if size < 1:
                raise ValueError(f"{name} must be at least 1, got {size}")
        if std < 0:
            raise ValueError(f"std must be at least 0, got {std}")
        if rating_range is not None:
            _check_ends(*rating_range)
        self.rating_range = rating_range
        generator = torch.Generator().manual_seed(seed)

        def table(num_rows: int, width: int) -> nn.Embedding:
            rows = torch.randn(num_rows, width, generator=generator)
            return nn.Embedding.from_pretrained(std * rows, freeze=False)

        self.user_factors = table(num_users, num_factors)
        self.item_factors = table(num_items, num_factors)
        self.user_bias = table(num_users, 1) if bias else None
        self.item_bias = table(num_items, 1) if bias else None
        score = torch.tensor(0.0 if start is None else float(start))
        if start is not None and rating_range is not None:
            score = from_range(score, *rating_range)
        self.intercept: Tensor
        self.register_buffer("intercept", score)

    def forward(self, users: Tensor, items: Tensor) -> Tensor:
        """Return the rating of each pair; ids ``(N,)``, ratings ``(N,)``."""
        return self.in_range(self.scores(users, items))

    def scores(self, users: Tensor, items: Tensor) -> Tensor:
        """Return the score of each pair, before the range."""
        if users.shape != items.shape:
            raise ValueError(
                "users and items must have the same shape, got "
                f"{tuple(users.shape)} and {tuple(items.shape)}"
            )
        wanted = look_up(self.user_factors, users, "users")
        had = look_up(self.item_factors, items, "items")
        scores = (wanted * had).sum(dim=-1) + self.intercept
        if self.user_bias is not None and self.item_bias is not None:
            biases = self.user_bias(users) + self.item_bias(items)
            scores = scores + biases.squeeze(-1)
        return scores

    def scores_of(self, users: Tensor) -> Tensor:
        """Return the scores of all films for some users: ``(N, items)``."""
        wanted = look_up(self.user_factors, users, "users")
        scores = wanted @ self.item_factors.weight.T + self.intercept
        if self.user_bias is not None and self.item_bias is not None:
            biases = self.user_bias(users) + self.item_bias.weight.T
            scores = scores + biases
        return scores

    def in_range(self, scores: Tensor) -> Tensor:
        """Return scores as ratings: inside the range, where there is one."""
        if self.rating_range is None:
            return scores
        return to_range(scores, *self.rating_range)
