"""Cut a text into tokens: the pieces that a model of language counts.

Here a token is a word, a number or a mark, in small letters. A contraction is
two tokens, so that the "n't" of "isn't" and of "don't" is one and the same.
"""

import re
from collections.abc import Sequence

__all__ = ["join_tokens", "split_tokens", "tokenize"]

_TOKEN = re.compile(
    r"""
    \d+(?:[.,:]\d+){0,9}(?![^\W_])  # a number: 7, 1,000, 3.5, 20:15
    | [^\W\d_]+(?=n't\b)       # what stands before n't: is, do, could
    | n't\b
    | (?<=\w)'(?:s|m|d|re|ve|ll)\b
    | [^\W_]+                  # a word
    | ''                       # two of these are one quotation mark
    | \.\.+                    # dots of any number are one token
    | \S                       # any other mark stands alone
    """,
    re.VERBOSE | re.IGNORECASE,
)
_STRAIGHT = {0x2018: "'", 0x2019: "'"}  # curly apostrophes
_LEFT = ".,!?;:)%"  # these stand close to what is before them
_OPEN = set("($")  # stand close to what comes after


def tokenize(text: str) -> list[str]:
    """Return the tokens of a text, in order and in small letters.

    Parameters
    ----------
    text
        Any text. Curly apostrophes become straight ones; white space only
        divides.

    Returns
    -------
    list of str
        No token is empty or holds white space.

    Raises
    ------
    TypeError
        If `text` is no text.

    Notes
    -----
    Large letters are lost: "US" and "us" become one token. `marks` keeps
    them with a mark of their own.

    Examples
    --------
    >>> tokenize("It isn't worth $7.50... it's worse!")
    ['it', 'is', "n't", 'worth', '$', '7.50', '...', 'it', "'s", 'worse', '!']

    """
    return split_tokens(_checked(text).lower())


def split_tokens(text: str) -> list[str]:
    """Return the tokens of a text as they stand, large letters kept.

    Examples
    --------
    >>> split_tokens("I DIDN'T laugh")
    ['I', 'DID', "N'T", 'laugh']

    """
    return _TOKEN.findall(_checked(text).translate(_STRAIGHT))


def _checked(text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(
            f"text must be one text, got {type(text).__name__}; for several "
            "use [tokenize(text) for text in texts]"
        )
    return text


def join_tokens(tokens: Sequence[str]) -> str:
    """Return tokens as a line to read; what tokens do not hold is lost.

    Cutting the line again gives the same tokens, quotation marks excepted.

    Examples
    --------
    >>> join_tokens(["it", "is", "n't", "bad", "(", "at", "all", ")", "."])
    "it isn't bad (at all)."

    """
    if isinstance(tokens, str):
        raise TypeError(
            "tokens must be a list of tokens, got one text; tokenize(text) "
            "cuts it"
        )
    line, before = "", ""
    for token in tokens:
        dots = token.startswith("..")
        short = token.startswith("'") and len(token) > 1 and token != "''"
        mark = token.strip(_LEFT) == "" or token.lower() == "n't"
        close = mark or dots or short or before in _OPEN
        line += token if close or not line else f" {token}"
        before = token
    return line
