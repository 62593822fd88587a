"""What a model that counts words refuses, and in which words."""

from collections.abc import Sequence

import torch
from torch import Tensor

__all__ = ["check_line", "check_past", "check_share"]


def check_line(line: Sequence[int], size: int) -> Tensor:
    """Return the numbers of a line as a tensor, if all are in the vocabulary.

    Examples
    --------
    >>> check_line([3, 4], size=4)
    Traceback (most recent call last):
    ValueError: word numbers must be in [0, 4), got 4; use the numbers of ...

    """
    if size < 1:
        raise ValueError(f"size must be at least 1, got {size}")
    words = torch.as_tensor(line, dtype=torch.int64)
    if words.dim() != 1 or len(words) < 2:
        raise ValueError(
            "a line needs at least 2 word numbers, got shape "
            f"{tuple(words.shape)}; join the texts first"
        )
    wrong = words[(words < 0) | (words >= size)]
    if len(wrong):
        raise ValueError(
            f"word numbers must be in [0, {size}), got {int(wrong[0])}; use "
            "the numbers of the vocabulary that the size is from"
        )
    return words


def check_past(before: Sequence[int], size: int) -> list[int]:
    """Return the words before the next, if there are any, all known.

    Examples
    --------
    >>> check_past([], size=4)
    Traceback (most recent call last):
    ValueError: expected at least one word number before the next, got ...

    """
    past = [int(word) for word in before]
    if not past:
        raise ValueError(
            "expected at least one word number before the next, got none; "
            "the number of 'xxbos' begins a text"
        )
    for word in past:
        if not 0 <= word < size:
            raise ValueError(
                f"word numbers must be in [0, {size}), got {word}; use the "
                "numbers of the vocabulary that the size is from"
            )
    return past


def check_share(discount: float) -> None:
    """Refuse a discount that is no share.

    Examples
    --------
    >>> check_share(1.5)
    Traceback (most recent call last):
    ValueError: discount must be a share in (0, 1), got 1.5

    """
    if not 0 < discount < 1:
        raise ValueError(f"discount must be a share in (0, 1), got {discount}")
