"""How far two tensors are apart, and a piece from its reference.

The *deviation* of a number is its difference from the reference, divided by
the size of the reference where that is above 1: absolute for small numbers,
relative for large ones. Of a tensor, and of a piece, it is the largest.
"""

from collections.abc import Sequence

import torch

from .pieces import Pair, Piece

__all__ = ["deviation", "limit", "measure"]

_LIMITS = {torch.float32: 1e-5, torch.float64: 1e-10}


def limit(dtype: torch.dtype) -> float:
    """Return the largest deviation that counts as equal.

    Rounding alone moves a sum of a hundred products by about a hundred
    roundings: 1e-5 in float32, where one is 6e-8, and much less than 1e-10
    in float64. A wrong formula is off by far more.

    Raises
    ------
    ValueError
        If `dtype` is neither.

    Examples
    --------
    >>> import torch
    >>> from sevenlessons.parity.compare import limit
    >>> limit(torch.float32), limit(torch.float64)
    (1e-05, 1e-10)

    """
    if dtype not in _LIMITS:
        raise ValueError(
            f"dtype must be torch.float32 or torch.float64, got {dtype}"
        )
    return _LIMITS[dtype]


def deviation(pair: Pair) -> float:
    """Return the largest deviation between two tensors.

    Parameters
    ----------
    pair
        Ours and theirs. Infinite numbers and NaN must be the same on both
        sides; if they are not, the deviation is infinite.

    Returns
    -------
    float
        0 or more; 0 for two empty tensors.

    Raises
    ------
    ValueError
        If shapes or dtypes differ: such tensors are not equal, however close
        their numbers are.

    Examples
    --------
    >>> import torch
    >>> from sevenlessons.parity.compare import deviation
    >>> from sevenlessons.parity.pieces import Pair
    >>> theirs = torch.tensor([0.0, 100.0])
    >>> round(deviation(Pair("value", theirs + 0.5, theirs)), 3)
    0.5
    >>> round(deviation(Pair("value", theirs * 1.01, theirs)), 3)
    0.01

    """
    ours, theirs = pair.ours.detach(), pair.theirs.detach()
    if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        raise ValueError(
            f"{pair.what}: expected shape {tuple(theirs.shape)} and "
            f"{theirs.dtype}, as the reference has, got "
            f"{tuple(ours.shape)} and {ours.dtype}"
        )
    if ours.numel() == 0:
        return 0.0
    wide, expected = ours.double(), theirs.double()
    finite = expected.isfinite()
    if not torch.equal(wide.isnan(), expected.isnan()) or not torch.equal(
        wide[~finite].nan_to_num(), expected[~finite].nan_to_num()
    ):
        return float("inf")
    if not finite.any():
        return 0.0
    wide, expected = wide[finite], expected[finite]
    if not wide.isfinite().all():
        return float("inf")
    return ((wide - expected).abs() / expected.abs().clamp(min=1)).max().item()


def measure(
    piece: Piece, dtype: torch.dtype, *, seeds: Sequence[int] = (0, 1, 2)
) -> dict[str, float]:
    """Return the largest deviation of each tensor of a piece, by its name.

    Parameters
    ----------
    piece
        What to compare.
    dtype
        The type of the numbers.
    seeds
        One comparison with other random input for each.

    Raises
    ------
    ValueError
        If there is nothing to compare, or shapes or types do not fit.

    Examples
    --------
    >>> import torch
    >>> from sevenlessons.parity.compare import measure
    >>> from sevenlessons.parity.pieces import Pair, Piece
    >>> def compare(dtype, seed):
    ...     x = torch.linspace(-1, 1, 5, dtype=dtype)
    ...     yield Pair("value", x * (x > 0), torch.relu(x))
    >>> piece = Piece(
    ...     "ReLU", "scratch/autograd", "torch.relu", "x", "", compare
    ... )
    >>> measure(piece, torch.float64)
    {'value': 0.0}

    """
    found: dict[str, float] = {}
    for seed in seeds:
        for pair in piece.compare(dtype, seed):
            found[pair.what] = max(found.get(pair.what, 0.0), deviation(pair))
    if not found:
        raise ValueError(
            f"piece {piece.name!r} compared nothing; its function must yield "
            "at least one pair"
        )
    return found
