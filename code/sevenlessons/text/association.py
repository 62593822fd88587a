"""The word association test: what an encoder holds together.

Two lists of words to be judged (she-words and he-words), two lists to judge
them by (nurses and doctors). How much nearer is the first list to the first
attribute than the second list is? The permutation test deals the words of
both lists out in every way there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb

import torch
from torch import Tensor

__all__ = ["Association", "leanings", "word_association"]

_MOST = 20_000


@dataclass(frozen=True)
class Association:
    """What a word association test found.

    Attributes
    ----------
    leanings
        Of each word of both lists, shape ``(N + M,)``.
    effect
        Difference of the two mean leanings, in standard deviations.
    p_value
        Share of all ways to deal the words out, the real one among them,
        that lean at least as much in the same direction.
    permutations
        How many ways were tried: all there are.
    dealt
        The difference of means of each way, shape ``(permutations,)``; the
        real one is the first.

    """

    leanings: Tensor
    effect: float
    p_value: float
    permutations: int
    dealt: Tensor


def leanings(words: Tensor, first: Tensor, second: Tensor) -> Tensor:
    """Return how much nearer each word is to `first` than to `second`.

    Parameters
    ----------
    words
        Rows of length 1, shape ``(N, E)``.
    first, second
        The attributes, rows of length 1, shapes ``(A, E)`` and ``(B, E)``.

    Returns
    -------
    Tensor
        Mean cosine to the first minus mean cosine to the second, shape
        ``(N,)``, float64.

    Examples
    --------
    >>> words = torch.eye(2)
    >>> leanings(words, torch.eye(2)[:1], torch.eye(2)[1:]).tolist()
    [1.0, -1.0]

    """
    rows = {"words": words, "first": first, "second": second}
    for name, values in rows.items():
        if values.ndim != 2 or values.shape[1] != words.shape[-1]:
            raise ValueError(
                f"{name} must have the shape (N, {words.shape[-1]}), got "
                f"{tuple(values.shape)}"
            )
        if not len(values):
            raise ValueError(f"{name} is empty; pass at least one row")
        length = values.double().norm(dim=1)
        if not bool(((length - 1).abs() < 1e-3).all()):
            raise ValueError(
                f"{name} must be rows of length 1, got lengths "
                f"{length.min().item():.3g} to {length.max().item():.3g}; "
                "use torch.nn.functional.normalize"
            )
    mine = words.double()
    near = (mine @ first.double().T).mean(dim=1)
    return near - (mine @ second.double().T).mean(dim=1)


def word_association(
    words: Tensor, others: Tensor, first: Tensor, second: Tensor
) -> Association:
    """Test whether `words` lean to `first` more than `others` do.

    Parameters
    ----------
    words, others
        The two lists that are judged, rows of length 1, shapes ``(N, E)``
        and ``(M, E)``.
    first, second
        The attributes they are judged by.

    Raises
    ------
    ValueError
        If shapes do not fit, a list is empty, rows are not of length 1, or
        there are more than 20,000 ways to deal the words out.

    Notes
    -----
    Caliskan et al. (2017), doi 10.1126/science.aal4230. All ways are tried,
    none is drawn at random. Taught in: ethics.

    Examples
    --------
    >>> near, far = torch.eye(2)[[0, 0, 0]], torch.eye(2)[[1, 1, 1]]
    >>> found = word_association(near, far, near[:1], far[:1])
    >>> found.p_value, found.permutations
    (0.05, 20)

    """
    for name, values in (("words", words), ("others", others)):
        if not len(values):
            raise ValueError(f"{name} is empty; pass at least one row")
    lean = leanings(torch.cat([words, others]), first, second)
    count, total = len(words), len(lean)
    ways = comb(total, count)
    if ways > _MOST:
        raise ValueError(
            f"expected at most {_MOST} ways to deal the words out, got "
            f"{ways} for {count} of {total}; use shorter lists"
        )
    picked = torch.tensor(list(combinations(range(total), count)))
    sums = lean[picked].sum(dim=1)
    dealt = sums / count - (lean.sum() - sums) / (total - count)
    spread = lean.std()
    effect = float(dealt[0] / spread) if float(spread) > 0 else 0.0
    reached = int((dealt >= dealt[0] - 1e-9).sum())
    return Association(lean, effect, reached / ways, ways, dealt)
