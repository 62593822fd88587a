"""The Wasserstein distance of two heaps of samples, exactly.

Think of two heaps of earth: each grain of one must be carried to the place
of a grain of the other. The distance is the least mean way. On a line the
best plan is to keep the order. For points in several dimensions as many of
both are needed, and the best pairing is looked for (the "Hungarian" method).
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["best_pairing", "heap_distance", "line_distance"]


def line_distance(one: Tensor, other: Tensor) -> float:
    """Return the distance of two heaps of numbers.

    For equal counts it is the mean difference of the sorted numbers. In
    general it is the area between the two cumulative shares.

    Parameters
    ----------
    one, other
        Numbers, shapes ``(N,)`` and ``(M,)``; the counts may differ.

    Raises
    ------
    ValueError
        If one is no row of numbers, is empty, or holds a number that is not
        finite.

    Examples
    --------
    >>> line_distance(torch.tensor([0.0, 1.0]), torch.tensor([5.0, 2.0]))
    3.0
    >>> line_distance(torch.tensor([0.0, 2.0]), torch.tensor([1.0]))
    1.0

    """
    one, other = one.detach().double(), other.detach().double()
    for name, heap in (("one", one), ("other", other)):
        if heap.dim() != 1 or len(heap) == 0:
            raise ValueError(
                f"{name} must be a row of at least one number, got shape "
                f"{tuple(heap.shape)}; for points use heap_distance"
            )
        _check_finite(name, heap)
    one, other = one.sort().values, other.sort().values
    places = torch.cat([one, other]).sort().values
    left = places[:-1].contiguous()
    share = torch.searchsorted(one, left, right=True).double()
    other_share = torch.searchsorted(other, left, right=True).double()
    apart = (share / len(one) - other_share / len(other)).abs()
    return (apart * places.diff()).sum().item()


def heap_distance(one: Tensor, other: Tensor) -> float:
    """Return the distance of two heaps of points, as many in both.

    The work grows with the cube of their count: hundreds, not thousands.

    Examples
    --------
    Two points a step apart, told in another order:

    >>> one = torch.tensor([[0.0, 0.0], [9.0, 0.0]])
    >>> other = torch.tensor([[9.0, 1.0], [0.0, 1.0]])
    >>> heap_distance(one, other)
    1.0

    """
    one, other = one.detach().double(), other.detach().double()
    if one.dim() != 2 or one.shape != other.shape or len(one) == 0:
        raise ValueError(
            "expected two heaps of as many points, each of shape (N, D), got "
            f"{tuple(one.shape)} and {tuple(other.shape)}; draw as many rows "
            "from both"
        )
    _check_finite("one", one)
    _check_finite("other", other)
    ways = torch.cdist(one, other, compute_mode="donot_use_mm_for_euclid_dist")
    pairs = best_pairing(ways)
    return ways[torch.arange(len(ways)), pairs].mean().item()


def best_pairing(cost: Tensor) -> Tensor:
    """Return the column of each row so that the sum of costs is least.

    Rows are added one by one. Each row and column has a price; a new row
    looks for the cheapest chain of swaps that frees a column, as Dijkstra
    looks for a way, and the prices are moved so that no pair costs less than
    its two prices.

    Parameters
    ----------
    cost
        Square, shape ``(N, N)``.

    Examples
    --------
    >>> best_pairing(torch.tensor([[1.0, 2.0], [1.0, 9.0]])).tolist()
    [1, 0]

    """
    if cost.dim() != 2 or cost.shape[0] != cost.shape[1]:
        raise ValueError(
            "cost must be square, a row and a column for each item, got "
            f"shape {tuple(cost.shape)}"
        )
    _check_finite("cost", cost)
    table = cost.detach().double().cpu().numpy()
    count = len(table)
    row_of = [-1] * count  # of each column
    row_price = cost.new_zeros(count, dtype=torch.float64).cpu().numpy()
    column_price = row_price.copy()
    for new in range(count):
        way = row_price * 0 + float("inf")  # to each column, so far
        before = [-1] * count  # the column on the way to it
        done = way < 0
        row, column, length = new, -1, 0.0
        while True:
            step = length + table[row] - row_price[row] - column_price
            for nearer in ((step < way) & ~done).nonzero()[0]:
                way[nearer], before[nearer] = step[nearer], column
            open_ways = way.copy()
            open_ways[done] = float("inf")
            column = int(open_ways.argmin())
            length = float(way[column])
            if row_of[column] < 0:
                break
            done[column], row = True, row_of[column]
        for other in done.nonzero()[0]:
            row_price[row_of[other]] += length - way[other]
        row_price[new] += length
        column_price[done] -= length - way[done]
        while True:  # swap along the chain
            last = before[column]
            row_of[column] = row_of[last] if last >= 0 else new
            if last < 0:
                break
            column = last
    pairs = torch.empty(count, dtype=torch.long)
    pairs[torch.tensor(row_of, dtype=torch.long)] = torch.arange(count)
    return pairs


def _check_finite(name: str, values: Tensor) -> None:
    if not bool(torch.isfinite(values).all()):
        raise ValueError(
            f"{name} holds numbers that are not finite; drop them, or look "
            "where they come from"
        )
