"""Numbers in words as one long line of token numbers, in the course's form.

"xxbos one , two , three" and so on: commas between the numbers, no full stop
at the end, and one mark where the line begins. `human_numbers` knows the
words; here they become a line, a vocabulary of 38 and numbers for a network.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from .human_numbers import count_in_words, in_words

__all__ = ["number_line", "number_places", "number_tokens", "number_words"]

_MARKS = "xxunk xxpad xxbos xxfld xxmaj xxup xxrep xxwrep".split()
_PARTS = {"train": (1, 7999), "valid": (8001, 9999)}


def number_words() -> list[str]:
    """Return the 38 words of the vocabulary; a word's place is its number.

    Eight marks that most texts need (here only ``"xxbos"`` occurs), the
    comma, and 29 words.

    Examples
    --------
    >>> words = number_words()
    >>> len(words), words.index("xxbos"), words[8:11]
    (38, 2, [',', 'one', 'two'])

    """
    small = [in_words(n)[0] for n in range(1, 21)]
    tens = [in_words(n)[0] for n in range(30, 100, 10)]
    return [*_MARKS, ",", *small, *tens, "hundred", "thousand"]


def number_line(part: str | tuple[int, int] = "train") -> list[str]:
    """Return the words of one part as a line: a mark, numbers, commas.

    Parameters
    ----------
    part
        ``"train"`` counts from 1 to 7999, ``"valid"`` from 8001 to 9999; a
        pair counts from its first number to its last.

    Raises
    ------
    ValueError
        If there is no such part, or a number is outside 1 to 9999.

    Examples
    --------
    >>> number_line((20, 21))
    ['xxbos', 'twenty', ',', 'twenty', 'one']
    >>> len(number_line("train")), len(number_line("valid"))
    (50079, 13017)

    """
    if isinstance(part, str) and part not in _PARTS:
        raise ValueError(
            f"part must be one of {list(_PARTS)} or a pair of numbers, got "
            f"{part!r}"
        )
    first, last = _PARTS[part] if isinstance(part, str) else part
    stops = count_in_words(first, last)[:-1]
    return ["xxbos", *("," if word == "." else word for word in stops)]


def number_tokens(part: str | tuple[int, int] = "train") -> Tensor:
    """Return the line of a part as numbers of words, int64 of shape (W,).

    Parameters
    ----------
    part
        As in `number_line`.

    Examples
    --------
    >>> number_tokens((1, 3))
    tensor([ 2,  9,  8, 10,  8, 11])

    """
    numbers = {word: n for n, word in enumerate(number_words())}
    return torch.tensor([numbers[word] for word in number_line(part)])


def number_places(line: Sequence[str]) -> list[str]:
    """Return what each word of a line is to its number.

    Parameters
    ----------
    line
        Words as `number_line` returns them.

    Returns
    -------
    list of str
        ``"thousands"`` and ``"hundreds"`` for a digit before those words,
        the words ``"thousand"`` and ``"hundred"`` themselves, ``"tens"``
        for twenty, thirty and so on, ``"last"`` for what ends a number
        below that (one to nineteen), ``","`` and ``"xxbos"``.

    Raises
    ------
    ValueError
        If a word is none of the vocabulary's that numbers are made of.

    Examples
    --------
    >>> number_places(["two", "thousand", "thirty", "one", ","])
    ['thousands', 'thousand', 'tens', 'last', ',']

    """
    words = number_words()
    known = {"xxbos", *words[8:]}
    strange = sorted({word for word in line if word not in known})
    if strange:
        raise ValueError(
            "expected words of a line of numbers, as number_line returns "
            f"them, got {strange[:3]}"
        )
    tens = set(words[words.index("twenty") : words.index("hundred")])
    itself = {"xxbos", ",", "hundred", "thousand"}
    places = []
    for word, after in zip(line, [*line[1:], ""], strict=True):
        if word in itself:
            places.append(word)
        elif word in tens:
            places.append("tens")
        elif after in ("hundred", "thousand"):
            places.append(f"{after}s")
        else:
            places.append("last")
    return places
