"""Models of language that only count: one word, two words, three words.

What came most often after the last words is the best guess for the next one.
Most groups of words never came, so each model falls back on a shorter one:
it gives some of its probability away and shares it out as that one says. All
probabilities of the next word sum to one, whatever came before.

Each model is learned from a *line*: the numbers of all texts joined, as the
streams of a recurrent network read them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor

from .ngram_checks import check_line, check_past, check_share

__all__ = ["Bigram", "KneserNeyTrigram", "Unigram"]


class Unigram:
    """How often each word comes, whatever came before.

    Every word counts once more than it came, so that none is impossible.

    Parameters
    ----------
    line
        Numbers of words, each in ``[0, size)``.
    size
        Words in the vocabulary.

    Examples
    --------
    >>> Unigram([1, 2, 1], size=3).probabilities([2]).tolist()
    [0.1666..., 0.5, 0.333...]

    """

    def __init__(self, line: Sequence[int], size: int) -> None:
        words = check_line(line, size)
        self.size = size
        counts = torch.bincount(words, minlength=size).double() + 1
        self._shares = counts / counts.sum()

    def probabilities(self, before: Sequence[int]) -> Tensor:
        """Return the probability of each next word, float64 ``(V,)``."""
        return self._shares.clone()

    def surprises(self, line: Sequence[int]) -> Tensor:
        """Return minus the log-probability of words 1, 2, ... of a line."""
        return -self._shares[check_line(line, self.size)[1:]].log()


class Bigram:
    r"""How often each word came after the last one.

    Parameters
    ----------
    line, size
        As in `Unigram`.
    weight
        How many sightings of the last word the unigram is worth.

    Notes
    -----
    .. math:: p(w \mid u) = \frac{c(u, w) + k\, p(w)}{c(u) + k}

    The counts :math:`c` of a word :math:`u` that came often speak for
    themselves; after a rare one the unigram :math:`p(w)` speaks.

    Examples
    --------
    >>> model = Bigram([1, 2, 1, 2], size=3, weight=1.0)
    >>> round(float(model.probabilities([1])[2]), 3)
    0.81

    """

    def __init__(
        self, line: Sequence[int], size: int, *, weight: float = 100.0
    ) -> None:
        if not weight > 0:
            raise ValueError(f"weight must be positive, got {weight}")
        words = check_line(line, size).tolist()
        self.size = size
        self.weight = weight
        self.unigram = Unigram(line, size)
        self._pairs = Counter(pairwise(words))
        self._after = Counter(words[:-1])

    def probabilities(self, before: Sequence[int]) -> Tensor:
        """Return the probability of each next word, float64 ``(V,)``."""
        last = check_past(before, self.size)[-1]
        counts = torch.tensor(
            [self._pairs[last, word] for word in range(self.size)],
            dtype=torch.float64,
        )
        shorter = self.unigram.probabilities(before)
        return (counts + self.weight * shorter) / (
            self._after[last] + self.weight
        )

    def surprises(self, line: Sequence[int]) -> Tensor:
        """Return minus the log-probability of words 1, 2, ... of a line."""
        words = check_line(line, self.size).tolist()
        shorter = (-self.unigram.surprises(line)).exp()
        pairs = torch.tensor([self._pairs[p] for p in pairwise(words)])
        after = torch.tensor([self._after[u] for u in words[:-1]])
        return -((pairs + self.weight * shorter) / (after + self.weight)).log()


class KneserNeyTrigram:
    r"""How often each word came after the last two; Kneser-Ney smoothing.

    From every group of words that came a discount :math:`D` is taken. What
    is saved goes to the pair, and there a word counts by *how many different
    words it follows*, not by how often it comes: "Francisco" is frequent,
    but only after "San".

    Parameters
    ----------
    line, size
        As in `Unigram`.
    discount
        Share of a sighting, in ``(0, 1)``; None computes one for each
        length from how many groups came once and twice.

    Notes
    -----
    Interpolated, with one discount a length: Chen and Goodman (1999). The
    last step down shares out evenly among all words.

    Examples
    --------
    >>> model = KneserNeyTrigram([1, 2, 0, 1, 2, 1], size=4, discount=0.5)
    >>> round(float(model.probabilities([1, 2]).sum()), 9)
    1.0

    """

    def __init__(
        self,
        line: Sequence[int],
        size: int,
        *,
        discount: float | None = None,
    ) -> None:
        if discount is not None:
            check_share(discount)
        words = check_line(line, size).tolist()
        self.size = size
        triples = Counter(zip(words, words[1:], words[2:], strict=False))
        # below the triples we count in how many different places, not how
        # often: each pair once a word before it, each word once a pair
        pairs = Counter((v, w) for _, v, w in triples)
        ones = Counter((w,) for _, w in pairs)
        self._counts: list[Counter[tuple[int, ...]]] = [
            Counter(ones),
            Counter(pairs),
            Counter(triples),
        ]
        self.discounts = [
            _discount(counts) if discount is None else discount
            for counts in self._counts
        ]
        self._total: list[Counter[tuple[int, ...]]] = []
        self._kinds: list[Counter[tuple[int, ...]]] = []
        for counts in self._counts:
            total: Counter[tuple[int, ...]] = Counter()
            for group, count in counts.items():
                total[group[:-1]] += count
            self._total.append(total)
            self._kinds.append(Counter(group[:-1] for group in counts))

    def probability(self, before: Sequence[int], word: int) -> float:
        """Return the probability of one next word after the last two."""
        share = 1 / self.size
        for length, counts in enumerate(self._counts):
            if length > len(before):
                break
            past = tuple(before[len(before) - length :])
            total = self._total[length][past]
            if not total:
                break  # never came: the shorter past speaks
            discount = self.discounts[length]
            saved = discount * self._kinds[length][past]
            rest = max(counts[(*past, word)] - discount, 0)
            share = (rest + saved * share) / total
        return share

    def probabilities(self, before: Sequence[int]) -> Tensor:
        """Return the probability of each next word, float64 ``(V,)``."""
        past = [int(word) for word in before]
        return torch.tensor(
            [self.probability(past, word) for word in range(self.size)],
            dtype=torch.float64,
        )

    def surprises(self, line: Sequence[int]) -> Tensor:
        """Return minus the log-probability of words 1, 2, ... of a line."""
        words = check_line(line, self.size).tolist()
        shares = [
            self.probability(words[max(i - 2, 0) : i], words[i])
            for i in range(1, len(words))
        ]
        return -torch.tensor(shares, dtype=torch.float64).log()


def _discount(counts: Counter[tuple[int, ...]]) -> float:
    """Return the discount that groups seen once and twice ask for."""
    seen = Counter(counts.values())
    return seen[1] / (seen[1] + 2 * seen[2]) if seen[1] and seen[2] else 0.5
