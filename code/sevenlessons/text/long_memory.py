"""A test of memory: say the first word again, after many that do not matter.

Nothing but the first word decides what is right, and the words in between
look like it. So a network is right by chance, or it has carried something
over all the steps.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["first_word_task"]


def first_word_task(
    count: int, steps: int, *, words: int = 8, seed: int = 0
) -> tuple[Tensor, Tensor]:
    """Return texts and the first word of each.

    Parameters
    ----------
    count
        Texts.
    steps
        Words of a text: the first, fillers, and a question mark at the end,
        after which the answer is due. At least 2.
    words
        Kinds of words; chance is one of so many. At least 2.
    seed
        The same seed gives the same texts; no global state is touched.

    Returns
    -------
    tuple of Tensor
        Numbers ``(count, steps)`` and targets ``(count,)``, int64. Fillers
        are drawn from the same words; the question mark is the number
        `words`, so a model needs ``words + 1`` vectors.

    Raises
    ------
    ValueError
        If there is no text, no room for the question, or no choice.

    Examples
    --------
    >>> texts, first = first_word_task(2, 5, words=3)
    >>> texts.shape, bool((texts[:, 0] == first).all()), texts[:, -1].tolist()
    (torch.Size([2, 5]), True, [3, 3])

    """
    for name, value, least in (
        ("count", count, 1),
        ("steps", steps, 2),
        ("words", words, 2),
    ):
        if value < least:
            raise ValueError(f"{name} must be at least {least}, got {value}")
    generator = torch.Generator().manual_seed(seed)
    texts = torch.randint(words, (count, steps), generator=generator)
    texts[:, -1] = words
    return texts, texts[:, 0].clone()
