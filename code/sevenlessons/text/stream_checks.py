"""What a stream loader refuses, and in which words."""

from array import array
from collections.abc import Sequence

import torch
from torch import Tensor

from sevenlessons.data.loader_checks import check_batch_size

__all__ = ["check_streams", "check_texts"]


def check_texts(texts: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Return all words in one line, and the length of each text.

    Raises
    ------
    TypeError
        If a text is no list of whole numbers.
    ValueError
        If a number is negative.

    Examples
    --------
    >>> check_texts([[3, 4], [], [5]])
    (tensor([3, 4, 5]), tensor([2, 0, 1]))

    """
    line = array("q")
    for place, text in enumerate(texts):
        if isinstance(text, str):
            raise TypeError(
                f"text {place} is a string; cut it into tokens and number "
                "them first: vocabulary.numbers(mark(text))"
            )
        try:
            line.extend(text)
        except (TypeError, OverflowError) as error:
            raise TypeError(
                f"text {place} must be a list of whole numbers ({error}); "
                "vocabulary.numbers(tokens) makes them"
            ) from error
    lengths = torch.tensor([len(text) for text in texts], dtype=torch.int64)
    words = torch.tensor(line, dtype=torch.int64)
    if len(words) and int(words.min()) < 0:
        raise ValueError(
            "token numbers must not be negative, got "
            f"{int(words.min())}; use the numbers of a vocabulary"
        )
    return words, lengths


def check_streams(words: int, batch_size: int, length: int) -> None:
    """Refuse sizes that make no sense, and too few words for them.

    Examples
    --------
    >>> check_streams(5, batch_size=5, length=2)
    Traceback (most recent call last):
    ValueError: 5 streams and their targets need at least 6 words, got 5...

    """
    check_batch_size(batch_size)
    if isinstance(length, bool) or not isinstance(length, int):
        raise TypeError(f"length must be a whole number, got {length!r}")
    if length < 1:
        raise ValueError(f"length must be at least 1, got {length}")
    if words <= batch_size:
        raise ValueError(
            f"{batch_size} streams and their targets need at least "
            f"{batch_size + 1} words, got {words}; use more text or a smaller "
            "batch_size"
        )
