"""An n-gram that backs off: the longest past that was seen speaks.

It counts what followed each row of up to so many words. To guess, it looks
at the last words; if they never stood together, it drops the first of them
and looks again, down to no word at all. There are no shares and nothing to
smooth: the most frequent follower is the guess.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import torch
from torch import Tensor

from .ngram_checks import check_line

__all__ = ["BackoffNgram"]


class BackoffNgram:
    """Guess what followed the last words most often.

    Parameters
    ----------
    line
        Numbers of words to learn from, each in ``[0, size)``.
    size
        Words in the vocabulary.
    most
        Words it looks back at most; 0 always says the most frequent word.

    Raises
    ------
    ValueError
        If `most` is negative, or the line holds another number.

    Notes
    -----
    Of followers that came equally often the one seen first is the guess.

    Examples
    --------
    >>> model = BackoffNgram([1, 2, 3, 1, 2, 4, 1, 2, 3], size=5, most=2)
    >>> model.guess([1, 2]), model.guess([4, 2]), model.guess([0])
    (3, 3, 1)

    """

    def __init__(self, line: Sequence[int], size: int, most: int) -> None:
        if isinstance(most, bool) or not isinstance(most, int) or most < 0:
            raise ValueError(
                f"most must be a whole number from 0 up, got {most!r}"
            )
        words = check_line(line, size).tolist()
        self.size = size
        self.most = most
        seen: defaultdict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
        for place, word in enumerate(words):
            for length in range(min(most, place) + 1):
                seen[tuple(words[place - length : place])][word] += 1
        self._best = {
            past: counts.most_common(1)[0][0] for past, counts in seen.items()
        }

    def guess(self, before: Sequence[int]) -> int:
        """Return the guess after the words of `before`; it may be empty."""
        past = tuple(int(word) for word in before[-self.most :])
        past = past if self.most else ()
        while past not in self._best:
            past = past[1:]
        return self._best[past]

    def guesses(self, line: Sequence[int]) -> Tensor:
        """Return the guesses for words 1, 2, ... of a line, int64 (W - 1,)."""
        words = check_line(line, self.size).tolist()
        return torch.tensor(
            [
                self.guess(words[max(place - self.most, 0) : place])
                for place in range(1, len(words))
            ],
            dtype=torch.int64,
        )
