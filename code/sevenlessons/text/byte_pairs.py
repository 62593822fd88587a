"""Subwords: join the pair that comes most often, again and again.

A text is bytes, so 256 tokens can spell any text there is. Byte-pair
encoding then makes new tokens: it finds the pair of neighbors that comes
most often, joins it everywhere, and starts anew. Frequent words become one
token, rare ones stay in a few pieces, and nothing is unknown.

How the pairs are found stands in `byte_pair_learning`; here texts are split
by them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise

from .byte_pair_learning import Pair, Piece, join_pair, learn_pairs

__all__ = ["BytePairs"]

# A word with the space before it, marks likewise, or spaces: no token
# reaches from one of these pieces into the next. At most 32 characters, so
# that the time grows with the length of a text and no faster.
_PIECES = re.compile(r" ?\w{1,32}| ?[^\w\s]{1,32}|\s{1,32}(?=\s)|\s")


class BytePairs:
    """Split texts into subwords, by pairs in the order of their learning.

    Parameters
    ----------
    merges
        The pairs, first learned first.

    Attributes
    ----------
    merges : list of (bytes, bytes)
        As given.
    tokens : list of bytes
        The 256 bytes, then what each pair makes; a token's number is its
        place here.

    Raises
    ------
    ValueError
        If a pair joins what is no token before it.

    Examples
    --------
    >>> pairs = BytePairs.learn(["low lower lowest"], num_merges=3)
    >>> pairs.merges
    [(b'l', b'o'), (b'lo', b'w'), (b' ', b'low')]
    >>> pairs.split("a slow low")
    [b'a', b' ', b's', b'low', b' low']
    >>> pairs.text(pairs.numbers("a slow low"))
    'a slow low'

    """

    def __init__(self, merges: Iterable[Pair]) -> None:
        self.merges = list(merges)
        self.tokens = [bytes([value]) for value in range(256)]
        known = set(self.tokens)
        for left, right in self.merges:
            if left not in known or right not in known:
                raise ValueError(
                    f"the pair ({left!r}, {right!r}) joins what is no token "
                    "yet; give the pairs in the order of their learning"
                )
            self.tokens.append(left + right)
            known.add(left + right)
        self._rank = {pair: k for k, pair in enumerate(self.merges)}
        self._number = {token: k for k, token in enumerate(self.tokens)}
        self._known: dict[str, Piece] = {}

    @classmethod
    def learn(cls, texts: Iterable[str], num_merges: int) -> "BytePairs":
        """Return the pairs that some texts teach.

        Parameters
        ----------
        texts
            Training texts only.
        num_merges
            How many pairs to join at most. Learning stops early when no pair
            comes twice.

        Raises
        ------
        TypeError
            If `texts` is one text.
        ValueError
            If `num_merges` is negative.

        """
        if isinstance(texts, str):
            raise TypeError("texts must be a list of texts, got one text")
        if num_merges < 0:
            raise ValueError(f"num_merges must be 0 or more, got {num_merges}")
        found = Counter(p for text in texts for p in _PIECES.findall(text))
        pieces = {_bytes(piece): times for piece, times in found.items()}
        return cls(learn_pairs(pieces, num_merges))

    def split(self, text: str) -> list[bytes]:
        """Return the tokens of a text; joined again they are its bytes."""
        return [t for part in _PIECES.findall(text) for t in self._piece(part)]

    def numbers(self, text: str) -> list[int]:
        """Return the number of each token of a text."""
        return [self._number[token] for token in self.split(text)]

    def text(self, numbers: Iterable[int]) -> str:
        """Return the text of token numbers.

        Bytes that are no whole character, which a model may well produce,
        become the replacement character.

        Raises
        ------
        ValueError
            If a number is none of these tokens.

        """
        joined = bytearray()
        for number in numbers:
            if not 0 <= number < len(self.tokens):
                raise ValueError(
                    f"numbers must be in [0, {len(self.tokens)}), got {number}"
                )
            joined += self.tokens[number]
        try:
            return joined.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return joined.decode("utf-8", "replace")

    def __len__(self) -> int:
        return len(self.tokens)

    def _piece(self, text: str) -> Piece:
        """Return the tokens of one piece, and remember them."""
        found = self._known.get(text)
        if found is None:
            found = _apply(_bytes(text), self._rank)
            if len(self._known) < 100_000:
                self._known[text] = found
        return found


def _bytes(text: str) -> Piece:
    """Return each byte of a text as a token."""
    code = text.encode("utf-8", "surrogatepass")
    return tuple(code[i : i + 1] for i in range(len(code)))


def _apply(piece: Piece, rank: Mapping[Pair, int]) -> Piece:
    """Join the pairs of a piece, the one that was learned first first."""
    while len(piece) > 1:
        best = min(pairwise(piece), key=lambda pair: rank.get(pair, len(rank)))
        if best not in rank:
            break
        piece = join_pair(piece, best)
    return piece
