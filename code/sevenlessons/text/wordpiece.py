"""WordPiece: rare words cut into pieces that are known.

A vocabulary of words has no number for a word it never met. One of pieces
nearly always has: `unwatchable` becomes `un ##watch ##able`, where the marks
say "joined to the piece before". This is the way to cut of BERT and of the
encoder in `encoder`, and it must be the very same way: the network learned
what the numbers mean.

Read in this order: `_Cleaning` (small letters, no accents, marks apart),
`WordPiece.pieces` (from the left, always the longest piece that is known).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor

__all__ = ["WordPiece"]

_LONGEST_WORD = 100  # letters; a longer one is unknown, as in BERT
_WHITE = set("\t\n\r")  # control characters that divide words
_CHINESE = (  # each of these characters is a word of its own
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B920, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


class _Cleaning(dict[int, str]):
    """What becomes of each character, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        # NFD writes an accent as a character of its own. In a whole text it
        # also sorts accents, which takes long where very many stand in a row.
        parts = unicodedata.normalize("NFD", chr(code))
        self[code] = new = "".join(map(_clean, parts))
        return new


def _clean(c: str) -> str:
    """Return what becomes of a character that NFD took apart."""
    kind = unicodedata.category(c)
    if c in _WHITE:
        return " "
    if kind in ("Cc", "Cf", "Co", "Cs", "Mn") or c == "\ufffd":
        return ""  # control characters and accents
    if c.isspace():
        return " "
    if _is_mark(c, kind) or _is_chinese(ord(c)):
        return f" {c} "
    return c.lower()


def _is_mark(c: str, kind: str) -> bool:
    """Say whether a character stands alone: a mark, or an ASCII sign."""
    return kind[0] == "P" or (c.isascii() and kind[0] == "S")


def _is_chinese(code: int) -> bool:
    return any(low <= code <= high for low, high in _CHINESE)


_CLEANING = _Cleaning()


class WordPiece:
    """Cut texts into known pieces, and number them.

    Parameters
    ----------
    vocabulary
        All pieces in the order of their numbers. A piece that continues a
        word begins with ``##``.

    Attributes
    ----------
    tokens
        The piece of each number.
    padding, unknown, start, end
        Numbers of ``[PAD]``, ``[UNK]``, ``[CLS]`` and ``[SEP]``.

    Raises
    ------
    ValueError
        If a piece comes twice, or one of the special ones is missing.

    Notes
    -----
    Wu et al. (2016), arXiv:1609.08144; the cleaning is that of BERT, Devlin
    et al. (2019), arXiv:1810.04805. A text that itself says "[SEP]" is text:
    here it never becomes the special piece, whoever wrote it. Taught in:
    then-and-now.

    Examples
    --------
    >>> special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    >>> tokenizer = WordPiece([*special, "un", "##watch", "##able", "!"])
    >>> tokenizer.tokenize("Unwatchable!")
    ['un', '##watch', '##able', '!']
    >>> tokenizer.numbers("Unwatchable!")
    [2, 4, 5, 6, 7, 3]

    """

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self.tokens = list(vocabulary)
        self._number = {piece: i for i, piece in enumerate(self.tokens)}
        if len(self._number) != len(self.tokens):
            twice = next(
                piece
                for i, piece in enumerate(self.tokens)
                if self._number[piece] != i
            )
            raise ValueError(
                f"each piece may come once, got {twice!r} more often"
            )
        needed = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
        missing = [piece for piece in needed if piece not in self._number]
        if missing:
            raise ValueError(
                f"the vocabulary lacks {', '.join(missing)}; pass all lines "
                "of the vocab.txt that belongs to the weights"
            )
        self.padding, self.unknown, self.start, self.end = (
            self._number[piece] for piece in needed
        )

    @classmethod
    def from_file(cls, path: str | Path) -> WordPiece:
        """Return the tokenizer of a ``vocab.txt``, one piece a line."""
        path = Path(path)
        if not path.is_file():
            raise FileNotFoundError(
                f"no such file: {path.as_posix()}; expected the vocab.txt "
                "that belongs to the weights, see data.cache.ensure"
            )
        lines = path.read_text(encoding="utf-8").split("\n")
        return cls(lines[:-1] if lines[-1] == "" else lines)

    def __len__(self) -> int:
        return len(self.tokens)

    @staticmethod
    def words(text: str) -> list[str]:
        """Return the words and marks of a text, cleaned, not yet cut up.

        Examples
        --------
        >>> WordPiece.words("Naïve? Très CHIC!")
        ['naive', '?', 'tres', 'chic', '!']

        """
        if not isinstance(text, str):
            raise TypeError(
                f"text must be one text, got {type(text).__name__}; for "
                "several use batch(texts)"
            )
        return text.translate(_CLEANING).split()

    def pieces(self, word: str) -> list[str]:
        """Return the pieces of one word: the longest known, left to right."""
        unknown = [self.tokens[self.unknown]]
        if len(word) > _LONGEST_WORD:
            return unknown
        found: list[str] = []
        start = 0
        while start < len(word):
            marks = "##" if start else ""
            for end in range(len(word), start, -1):
                if marks + word[start:end] in self._number:
                    break
            else:  # no piece fits, so the whole word is unknown
                return unknown
            found.append(marks + word[start:end])
            start = end
        return found

    def tokenize(self, text: str) -> list[str]:
        """Return all pieces of a text, without the special ones."""
        return list(self._pieces(text))

    def _pieces(self, text: str) -> Iterator[str]:
        for word in self.words(text):
            yield from self.pieces(word)

    def numbers(self, text: str, *, max_length: int = 256) -> list[int]:
        """Return the numbers of a text, between those of start and end.

        Parameters
        ----------
        text
            Any text. An empty one has a start and an end.
        max_length
            At most so many numbers, start and end included; at least 2. The
            rest of a longer text is not read.

        """
        if max_length < 2:
            raise ValueError(
                "max_length must be at least 2, for start and end, got "
                f"{max_length}"
            )
        found: list[int] = []
        for piece in self._pieces(text):
            if len(found) == max_length - 2:
                break
            found.append(self._number[piece])
        return [self.start, *found, self.end]

    def batch(self, texts: Iterable[str], *, max_length: int = 256) -> Tensor:
        """Return the numbers of several texts, padded to the longest.

        Returns
        -------
        Tensor
            Shape ``(N, T)``, long; `padding` after the end of each text.

        """
        if isinstance(texts, str):
            raise TypeError(
                f"expected a list of texts, got one text: {texts[:40]!r}; "
                "put it into a list"
            )
        return self.pad(
            [self.numbers(text, max_length=max_length) for text in texts]
        )

    def pad(
        self, rows: Sequence[Sequence[int]], *, multiple: int = 1
    ) -> Tensor:
        """Return lists of numbers as one tensor, padded to the longest.

        With `multiple` further, to a multiple of it.
        """
        if not rows:
            raise ValueError("no text was given; pass at least one")
        longest = -(-max(map(len, rows)) // multiple) * multiple
        padded = [
            [*row, *[self.padding] * (longest - len(row))] for row in rows
        ]
        return torch.tensor(padded)
