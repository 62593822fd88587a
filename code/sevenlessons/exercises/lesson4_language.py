"""Checks of the page on models of language: emoticons, streams, perplexity."""

import math
import re
from collections.abc import Callable
from typing import Any

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.text.marks import mark

__all__ = ["check_emoticons", "check_perplexity", "check_streams"]

_FACE = re.compile(r"(?<!\S)([:;]-?[()D])(?!\S)")
_FACES = [":)", ":(", ":D", ";)", ":-)", ":-(", ";-)", ":-D", ";D", ";("]
_WORDS = "It was SO dull, a GREAT film isn't this! sooo very".split()


def _marked(text: str) -> list[str]:
    """Return the tokens, an emoticon as one of them."""
    tokens = ["xxbos"]
    for piece in _FACE.split(text):
        tokens += [piece] if _FACE.fullmatch(piece) else mark(piece)[1:]
    return tokens


@exercise(
    "lesson4/emoticons",
    takes="text",
    asks="Return the tokens that mark gives, but each emoticon as one token.",
)
def check_emoticons(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check golden strings, random lines, and that no other rule changed."""
    words = trial.random.sample(_WORDS, 6)
    faces = trial.random.sample(_FACES, 3)
    mixed = [w for pair in zip(words, faces, strict=False) for w in pair]
    cases = [
        (
            "a face at the end",
            "Fun but SO long :)",
            "An emoticon is one token, as it stands.",
        ),
        ("with a nose", ";-) said the film", "A nose, -, may be there."),
        ("two faces", "good :) not bad :-(", ""),
        (
            "a word three times before a face",
            "very very very dull :) and and and so on",
            "Give mark whole pieces, not word by word: it counts repeats.",
        ),
        (
            "a face that a letter or a comma follows",
            "ha :)x and ok :), fine",
            "A face has white space, or nothing, on its right side too.",
        ),
        (
            "a face after a bracket",
            "a film (:) to see",
            "A face has white space, or nothing, on its left side too.",
        ),
        (
            "what is no nose, and no mouth",
            "so :x) and :.) and :P",
            "A nose is -, a mouth one of ) ( D, and there is no other.",
        ),
        (
            "a large mouth",
            "we laughed :D",
            "A face is no word: no mark, no small letters.",
        ),
        ("no face at all", "Greaaat film!!!! It's fun", "Keep other rules."),
        (
            "brackets that are no face",
            "a list (of films): one, two (three)",
            "A face has white space, or nothing, on both sides.",
        ),
        ("inside a word", "at 20:15 a:) b", "A face stands alone."),
        ("only a face", ":(", ""),
        ("random lines", " ".join(mixed), ""),
        ("an empty text", "", "The first token is always xxbos."),
    ]
    for what, text, hint in cases:
        if not trial.equal(what, answer, [text], _marked(text), hint=hint):
            return


@exercise(
    "lesson4/streams",
    takes="line, batch_size, length",
    asks="Return the batches of parallel streams: pairs (inputs, targets), "
    "each a list of rows.",
)
def check_streams(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check batches of random lines against the definition, word by word."""
    cases = [
        (
            "two streams",
            13,
            2,
            4,
            "Row r begins where row r - 1 ends: cut the line first, then "
            "each stream.",
        ),
        ("the last batch is shorter", 24, 3, 5, "Keep the last words."),
        ("one stream", 9, 1, 3, "The targets are one word ahead."),
        ("length 1", 7, 2, 1, ""),
        ("words that fill no column", 23, 4, 3, "Leave them out."),
        ("length beyond the stream", 11, 2, 50, ""),
    ]
    cases += [
        (
            "random sizes",
            trial.random.randint(20, 60),
            trial.random.randint(2, 6),
            trial.random.randint(2, 7),
            "",
        )
        for _ in range(3)
    ]
    for what, words, batch_size, length, hint in cases:
        line = [trial.random.randint(2, 99) for _ in range(words)]
        each = (words - 1) // batch_size
        expected = []
        for start in range(0, each, length):
            stop = min(start + length, each)
            inputs, targets = (
                [
                    line[
                        row * each + start + ahead : row * each + stop + ahead
                    ]
                    for row in range(batch_size)
                ]
                for ahead in (0, 1)
            )
            expected.append((inputs, targets))
        args = [line, batch_size, length]
        if not trial.equal(what, answer, args, expected, hint=hint):
            return


@exercise(
    "lesson4/perplexity",
    takes="losses, counts",
    asks="Return the perplexity per word from mean losses of unequal batches.",
)
def check_perplexity(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check weighted means, and that exp comes last."""
    random = trial.random
    many = random.randint(5, 12)
    losses = [random.uniform(2, 7) for _ in range(many)]
    counts = [random.randint(1, 900) for _ in range(many)]
    cases = [
        ("one batch", [math.log(50.0)], [10], ""),
        (
            "a full and a tiny batch",
            [3.0, 6.0],
            [1000, 10],
            "A batch counts by its words.",
        ),
        (
            "two of one size",
            [2.0, 5.0],
            [100, 100],
            "First the mean of the losses, then exp.",
        ),
        ("random batches", losses, counts, ""),
        ("an empty batch", [4.0, 9.0], [30, 0], ""),
    ]
    for what, means, words, hint in cases:
        total = sum(m * n for m, n in zip(means, words, strict=True))
        expected = math.exp(total / sum(words))
        if not trial.equal(
            what,
            answer,
            [means, words],
            expected,
            tolerance=1e-6 * expected,
            hint=hint,
        ):
            return
