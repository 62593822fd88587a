"""Numbers in words: a tiny language whose next word can often be known.

"one . two . three ." and so on up to 9999. It has 30 different tokens and
strict rules, so a model of it learns in seconds, and one sees at once
whether it has found the rules or only frequent words.
"""

__all__ = ["count_in_words", "in_words", "load"]

_SMALL = (
    "one two three four five six seven eight nine ten eleven twelve thirteen "
    "fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_PARTS = {"train": (1, 8000), "valid": (8001, 9999)}


def in_words(number: int) -> list[str]:
    """Return a number from 1 to 9999 in words.

    Raises
    ------
    ValueError
        If the number is outside.

    Examples
    --------
    >>> in_words(8215)
    ['eight', 'thousand', 'two', 'hundred', 'fifteen']

    """
    if not 1 <= number <= 9999:
        raise ValueError(f"number must be from 1 to 9999, got {number}")
    words = []
    for unit, name in ((1000, "thousand"), (100, "hundred")):
        count, number = divmod(number, unit)
        words += [_SMALL[count - 1], name] if count else []
    if number >= 20:
        tens, number = divmod(number, 10)
        words.append(_TENS[tens - 2])
    return words + ([_SMALL[number - 1]] if number else [])


def count_in_words(first: int, last: int) -> list[str]:
    """Return all numbers from `first` to `last`, a full stop after each.

    Raises
    ------
    ValueError
        If there is none, or one is outside 1 to 9999.

    Examples
    --------
    >>> count_in_words(19, 21)
    ['nineteen', '.', 'twenty', '.', 'twenty', 'one', '.']

    """
    if last < first:
        raise ValueError(
            f"expected first up to last, got {first} and {last}: no number"
        )
    return [
        word
        for number in range(first, last + 1)
        for word in [*in_words(number), "."]
    ]


def load(part: str = "train") -> list[str]:
    """Return the tokens of one part.

    Parameters
    ----------
    part
        ``"train"`` counts from 1 to 8000, ``"valid"`` from 8001 to 9999.

    Raises
    ------
    ValueError
        If there is no such part.

    Examples
    --------
    >>> len(load("train")), len(load("valid"))
    (50082, 13017)

    """
    if part not in _PARTS:
        raise ValueError(f"part must be one of {list(_PARTS)}, got {part!r}")
    return count_in_words(*_PARTS[part])
