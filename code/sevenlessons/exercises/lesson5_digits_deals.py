"""What may be wrong with rows dealt out in batches: in words.

`lesson5_digits` asks; each function here returns a sentence for the reader,
or an empty text if nothing is wrong.
"""

import itertools
from collections.abc import Sequence
from typing import Any

__all__ = ["deal_fault", "left_fault", "order_fault"]


def deal_fault(batches: Any, rows: int, size: int, drop_last: bool) -> str:
    """Say what is wrong with one epoch of batches.

    Examples
    --------
    >>> deal_fault([[1, 0], [2]], 3, 2, drop_last=False)
    ''

    """
    try:
        plain = [[int(row) for row in batch] for batch in batches]
    except (TypeError, ValueError, RuntimeError):
        kind = type(batches).__name__
        return f"expected a list of lists of row numbers, got {kind}."
    full, rest = divmod(rows, size)
    sizes = [size] * full + [rest] * (rest > 0 and not drop_last)
    held = [len(batch) for batch in plain]
    if held != sizes:
        return (
            f"the batches hold {held} rows, expected {sizes}: full ones "
            "first, and a short one at the end unless drop_last says no."
        )
    seen = sorted(row for batch in plain for row in batch)
    right = len(set(seen)) == len(seen) and set(seen) <= set(range(rows))
    fault = f"the rows, sorted, are {seen}: each from 0 to {rows - 1} may "
    return "" if right else fault + "come once only."


def left_fault(epochs: Sequence[Sequence[Sequence[int]]], rows: int) -> str:
    """Say whether `drop_last` leaves out the same rows in all epochs.

    Examples
    --------
    >>> left_fault([[[0, 1]], [[1, 0]], [[0, 1]]], 3)[:13]
    'the same rows'

    """
    left = {
        frozenset(range(rows)) - {row for batch in epoch for row in batch}
        for epoch in epochs
    }
    if len(left) >= 3:
        return ""
    return (
        "the same rows are always left out by drop_last. Shuffle all rows, "
        "then cut."
    )


def order_fault(
    epochs: Sequence[Sequence[Sequence[int]]],
    repeated: Sequence[Sequence[int]],
) -> str:
    """Say what is wrong with the order of several epochs.

    `repeated` is the first epoch again, from the same seed.

    Examples
    --------
    >>> order_fault([[[0, 1]], [[1, 0]]], [[1, 0]])[:13]
    'the same seed'

    """
    if repeated != epochs[0]:
        return (
            "the same seed should give the same order: draw from `generator` "
            "and from nothing else."
        )
    if len(set(map(str, epochs))) < len(epochs):
        return (
            "two epochs came in the same order. Shuffle all rows in each, and "
            "go on drawing from the generator that is given."
        )
    homes = {
        (place, tuple(sorted(batch)))
        for epoch in epochs
        for place, batch in enumerate(epoch)
        if 0 in batch
    }
    kinds = [len(set(part)) for part in zip(*homes, strict=True)]
    if min(kinds, default=3) < 3:
        return (
            "row 0 is always in the same batch, or always with the same "
            "rows. Shuffle all rows, then cut."
        )
    pairs = [_neighbors(epoch) for epoch in epochs]
    kept = [len(a & b) / len(a) for a, b in itertools.pairwise(pairs)]
    if sum(kept) > len(kept) / 4:  # by chance 2 pairs are the same, no more
        return (
            "most rows have the same neighbors in each epoch. Shuffle all "
            "rows; to turn or roll the order is not enough."
        )
    return ""


def _neighbors(epoch: Sequence[Sequence[int]]) -> set[frozenset[int]]:
    """Return which rows stand side by side, in either order."""
    order = itertools.chain.from_iterable(epoch)
    return {frozenset(pair) for pair in itertools.pairwise(order)}
