"""Cut a text into tokens for a model of language, and mark what that loses.

Small letters make "Film" and "film" one word, which is what we want, but who
writes text must know where large letters stand. So a mark of its own goes
before the word: a token that starts with ``xx``. Marks also stand for a new
text, for a character held down and for a word said again and again.
"""

import html
import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from .tokens import join_tokens, split_tokens

__all__ = ["mark", "unmark"]

SPECIAL = (
    "xxunk",  # a word that the vocabulary does not hold
    "xxpad",  # fills a batch up
    "xxbos",  # a text begins
    "xxfld",  # a part of a text begins, such as its title
    "xxmaj",  # the next word has a large first letter
    "xxup",  # the next word is all large letters
    "xxrep",  # a number and a character follow: it comes so many times
    "xxwrep",  # a number and a word follow: it comes so many times
)
_BREAK = re.compile(r"<br\s{0,9}/?>|\\n", re.IGNORECASE)
_BARE = re.compile(r"(?<![&;\w])(amp|quot|nbsp|#39);")  # the & was lost
_HELD = re.compile(r"([^\s\d])\1{2,}")
_SILENT = {"xxpad", "xxbos", "xxfld"}
_MOST = 1_000_000  # more of one thing is not written out


def mark(text: str) -> list[str]:
    """Return the tokens of a text with marks, ``xxbos`` first.

    Parameters
    ----------
    text
        Any text; an empty one has the one token ``xxbos``. What HTML left
        behind is repaired (``&amp;``, ``#39;``, ``<br />``).

    Returns
    -------
    list of str
        Words in small letters, marks of `SPECIAL` before them.

    Raises
    ------
    TypeError
        If `text` is no text.

    Notes
    -----
    The rules, in order. A character three or more times in a row becomes
    ``xxrep``, the number, the character; digits are left alone, 1000 is a
    number. Then `tokens.split_tokens` cuts: contractions in two, each mark
    of punctuation alone, so ``/`` and ``#`` too, and spaces only divide. A
    word three or more times in a row becomes ``xxwrep``, the number, the
    word. ``xxup`` goes before a word of two or more letters, all large;
    ``xxmaj`` before another word that starts with a large letter. A word of
    one letter, such as "I", gets none. A special token that somebody wrote
    into the text becomes ``xxunk``.

    Examples
    --------
    >>> " ".join(mark("Greaaat film!!!!"))
    'xxbos xxmaj gre xxrep 3 a t film xxrep 4 !'
    >>> " ".join(mark("very very very dull, I was SO bored"))
    'xxbos xxwrep 3 very dull , i was xxup so bored'

    """
    if not isinstance(text, str):
        raise TypeError(
            f"text must be one text, got {type(text).__name__}; for several "
            "use [mark(text) for text in texts]"
        )
    tokens = ["xxbos"]
    place = 0
    text = _repaired(text)
    for held in _HELD.finditer(text):
        tokens += _marked(text[place : held.start()])
        times = held.end() - held.start()
        tokens += ["xxrep", str(times), held[1].lower()]
        place = held.end()
    return [*tokens, *_marked(text[place:])]


def _repaired(text: str) -> str:
    """Return the text without what a web page left in it."""
    text = html.unescape(_BARE.sub(r"&\1;", text))
    return html.unescape(_BREAK.sub(" ", text))  # some are wrapped twice


def _marked(text: str) -> Iterator[str]:
    """Yield the tokens of a piece without held characters."""
    for same, group in groupby(split_tokens(text), key=str.lower):
        words = list(group)
        if same in SPECIAL:
            yield from ["xxunk"] * len(words)
        elif len(words) > 2 and same[0].isalpha():
            yield from ("xxwrep", str(len(words)), *_with_mark(words[0]))
        else:
            for word in words:
                yield from _with_mark(word)


def _with_mark(word: str) -> list[str]:
    """Return the word in small letters, after the mark that it needs."""
    letters = sum(map(str.isalpha, word))
    plain = letters < 2 or not word[0].isalnum() or "'" in word
    if plain or not (word.isupper() or word[0].isupper()):
        return [word.lower()]
    return ["xxup" if word.isupper() else "xxmaj", word.lower()]


def unmark(tokens: Iterable[str]) -> str:
    """Return tokens as a line to read: the way back from `mark`.

    Parameters
    ----------
    tokens
        Tokens with or without marks; a model may write marks anywhere. One
        with nothing to stand for is left out.

    Returns
    -------
    str
        What is lost on the way: spaces, large letters inside a word and in
        words of one letter, curly apostrophes, whether a held character was
        part of a word. An unknown word stays ``xxunk``.

    Examples
    --------
    >>> unmark(["xxbos", "xxmaj", "it", "was", "xxup", "so", "xxrep", "3",
    ...         "!"])
    'It was SO!!!'

    """
    if isinstance(tokens, str):
        raise TypeError(
            "tokens must be a list of tokens, got one text; mark(text) cuts it"
        )
    words: list[str] = []
    waiting = iter([token for token in tokens if token not in _SILENT])
    for token in waiting:
        if token in ("xxrep", "xxwrep"):
            words += _repeated(token, waiting)
        elif token in ("xxmaj", "xxup"):
            words += _large(token, waiting)
        else:
            words.append(token)
    return join_tokens(words)


def _large(token: str, waiting: Iterator[str]) -> list[str]:
    """Return the next word with the large letters that the mark asks for."""
    word = next(waiting, "")
    while word in ("xxmaj", "xxup"):  # of several marks the last counts
        token, word = word, next(waiting, "")
    if word in ("", "xxrep", "xxwrep"):
        return _repeated(word, waiting) if word else []
    if word == "xxunk":
        return [word]
    return [word.upper() if token == "xxup" else word[0].upper() + word[1:]]


def _repeated(token: str, waiting: Iterator[str]) -> list[str]:
    """Return what ``xxrep`` or ``xxwrep`` stands for."""
    times, word = next(waiting, ""), next(waiting, "")
    if not (times.isdecimal() and word):
        return [part for part in (times, word) if part not in ("", *SPECIAL)]
    first = word
    if word in ("xxmaj", "xxup"):
        first = "".join(_large(word, waiting)[:1])
        word = first.lower() if word == "xxmaj" else first
    if first in ("", *SPECIAL):
        return []
    count = min(int(times[:8]), _MOST // len(first))
    if token == "xxrep":
        return [first * count]
    return [first, *[word] * (count - 1)]
