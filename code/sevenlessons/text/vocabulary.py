"""A vocabulary: every token that is known has a number.

It is learned from the training texts alone. Whatever is not in it becomes the
one token for unknown words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Vocabulary"]

UNKNOWN = "xxunk"


class Vocabulary:
    """Tokens and their numbers, most frequent first after the special ones.

    Parameters
    ----------
    tokens
        All tokens in the order of their numbers, each once. `learn` makes a
        vocabulary from texts.

    Attributes
    ----------
    tokens
        The token of each number.
    unknown
        The number of the token for unknown words.

    Raises
    ------
    ValueError
        If a token comes twice, or the one for unknown words is missing.

    Examples
    --------
    >>> texts = [["a", "good", "film"], ["a", "bad", "film"]]
    >>> vocabulary = Vocabulary.learn(texts, min_count=2)
    >>> vocabulary.tokens
    ['xxunk', 'a', 'film']
    >>> vocabulary.numbers(["a", "long", "film"])
    [1, 0, 2]
    >>> vocabulary.words([1, 0, 2])
    ['a', 'xxunk', 'film']

    """

    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens = list(tokens)
        self._number = {token: i for i, token in enumerate(self.tokens)}
        if len(self._number) != len(self.tokens):
            twice = [t for t, n in Counter(self.tokens).items() if n > 1]
            raise ValueError(
                f"each token may come once, got {twice[0]!r} more often"
            )
        if UNKNOWN not in self._number:
            raise ValueError(
                f"the token {UNKNOWN!r} for unknown words is missing; put it "
                "first"
            )
        self.unknown = self._number[UNKNOWN]

    @classmethod
    def learn(
        cls,
        texts: Iterable[Sequence[str]],
        *,
        min_count: int = 2,
        max_size: int | None = None,
        special: Sequence[str] = (UNKNOWN,),
    ) -> Vocabulary:
        """Return the vocabulary of texts that are cut into tokens.

        Parameters
        ----------
        texts
            One list of tokens a text. Training texts only.
        min_count
            A token that comes less often in all of them is left unknown.
        max_size
            At most so many tokens, special ones included; None for all.
        special
            Tokens that come first, whether they are in the texts or not.

        Raises
        ------
        TypeError
            If a text is not cut into tokens.
        ValueError
            If a number is out of range.

        """
        if min_count < 1:
            raise ValueError(f"min_count must be at least 1, got {min_count}")
        if max_size is not None and max_size < len(special):
            raise ValueError(
                f"max_size must be at least {len(special)}, the number of "
                f"special tokens, got {max_size}"
            )
        counts: Counter[str] = Counter()
        for text in texts:
            if isinstance(text, str):
                raise TypeError(
                    "texts must be cut into tokens, got one as a whole: "
                    f"{text[:40]!r}; use [tokenize(text) for text in texts]"
                )
            counts.update(text)
        frequent = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        kept = [
            token
            for token, count in frequent
            if count >= min_count and token not in special
        ]
        return cls([*special, *kept][:max_size])

    def __len__(self) -> int:
        return len(self.tokens)

    def __contains__(self, token: object) -> bool:
        return token in self._number

    def __iter__(self) -> Iterator[str]:
        return iter(self.tokens)

    def numbers(self, tokens: Iterable[str]) -> list[int]:
        """Return the number of each token; unknown ones share a number."""
        if isinstance(tokens, str):
            raise TypeError(
                "tokens must be a list of tokens, got one text; "
                "tokenize(text) cuts it"
            )
        return [self._number.get(token, self.unknown) for token in tokens]

    def words(self, numbers: Iterable[int]) -> list[str]:
        """Return the token of each number.

        Raises
        ------
        ValueError
            If a number is none of this vocabulary.

        """
        found = []
        for number in map(int, numbers):
            if not 0 <= number < len(self.tokens):
                raise ValueError(
                    f"numbers must be in [0, {len(self.tokens)}), got {number}"
                )
            found.append(self.tokens[number])
        return found
