"""Who may look where: masks for attention, true for "may look".

A causal mask hides what comes later, a padding mask what is only filling.
Two masks are joined with ``&``. Their shapes broadcast to the scores of
`attention`, which are ``(N, heads, T, S)``.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

__all__ = ["causal_mask", "padding_mask"]


def causal_mask(
    length: int, *, device: torch.device | str | None = None
) -> Tensor:
    """Return a mask that lets each place look at itself and before.

    Parameters
    ----------
    length
        Places in the text, at least 1.
    device
        Where the mask lies; the default device when None.

    Returns
    -------
    Tensor
        True on and below the diagonal, shape ``(length, length)``: a row
        for the place that looks, a column for the place it looks at.

    Raises
    ------
    ValueError
        If there is no place.

    Examples
    --------
    >>> causal_mask(3).int()
    tensor([[1, 0, 0],
            [1, 1, 0],
            [1, 1, 1]], dtype=torch.int32)

    """
    if length < 1:
        raise ValueError(f"length must be at least 1 place, got {length}")
    return torch.ones(length, length, dtype=torch.bool, device=device).tril()


def padding_mask(
    lengths: Sequence[int] | Tensor, size: int | None = None
) -> Tensor:
    """Return a mask that hides the filling after each text.

    Parameters
    ----------
    lengths
        Real tokens of each text, shape ``(N,)``, each at least 0.
    size
        Tokens after filling; the longest text when None.

    Returns
    -------
    Tensor
        True for real tokens, shape ``(N, 1, 1, S)``: the same for every
        head and for every place that looks.

    Raises
    ------
    ValueError
        If a length is negative or more than `size`.

    Examples
    --------
    >>> padding_mask([2, 3]).squeeze().int()
    tensor([[1, 1, 0],
            [1, 1, 1]], dtype=torch.int32)

    """
    counts = torch.as_tensor(lengths)
    if counts.ndim != 1 or not len(counts) or counts.is_floating_point():
        raise ValueError(
            "lengths must be whole numbers, one a text, got shape "
            f"{tuple(counts.shape)} of {counts.dtype}"
        )
    longest = int(counts.max())
    size = longest if size is None else size
    if int(counts.min()) < 0 or longest > size:
        raise ValueError(
            f"lengths must be in [0, {size}], got {int(counts.min())} to "
            f"{longest}; size is the length after filling"
        )
    places = torch.arange(size, device=counts.device)
    return (places < counts[:, None])[:, None, None, :]
