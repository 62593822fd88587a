"""A text as a bag of words: how often each token comes, the order forgotten.

As a table: one row a text, one column a token of the vocabulary. A linear
layer on such a row adds one learned number for each token of the text.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

__all__ = ["bag_of_words"]


def bag_of_words(
    texts: Sequence[Sequence[int]], size: int, *, binary: bool = False
) -> Tensor:
    """Return how often each number comes in each text.

    Parameters
    ----------
    texts
        One list of token numbers a text, each in ``[0, size)``. A text may
        be empty.
    size
        Tokens in the vocabulary.
    binary
        Say only whether a token comes: 1 or 0.

    Returns
    -------
    Tensor
        Counts, float32, shape ``(N, V)``.

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> bag_of_words([[1, 2, 1], []], size=4)
    tensor([[0., 2., 1., 0.],
            [0., 0., 0., 0.]])

    """
    if size < 1:
        raise ValueError(f"size must be at least 1, got {size}")
    lengths = torch.tensor([len(text) for text in texts], dtype=torch.int64)
    columns = torch.tensor(
        [number for text in texts for number in text], dtype=torch.int64
    )
    outside = columns[(columns < 0) | (columns >= size)]
    if len(outside):
        raise ValueError(
            f"token numbers must be in [0, {size}), got {int(outside[0])}; "
            "use the vocabulary that the size is from"
        )
    rows = torch.repeat_interleave(torch.arange(len(texts)), lengths)
    bags = torch.zeros(len(texts), size)
    bags.index_put_((rows, columns), torch.ones(len(rows)), accumulate=True)
    return bags.clamp_(max=1.0) if binary else bags
