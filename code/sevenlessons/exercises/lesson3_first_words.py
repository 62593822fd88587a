"""Checks of the first look at text: a vocabulary, what it lacks, pairs."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial

__all__ = ["check_unknown_share", "check_vocabulary", "check_with_pairs"]

_WORDS = "a the film plot dull sharp witty moving loud ending cast n't".split()


def _texts(trial: Trial, count: int, longest: int) -> list[list[str]]:
    """Return texts of different lengths, some words more often than others."""
    return [
        [
            _WORDS[min(trial.random.randrange(20), trial.random.randrange(12))]
            for _ in range(trial.random.randint(1, longest))
        ]
        for _ in range(count)
    ]


@exercise(
    "lesson3/vocabulary",
    takes="texts, min_count",
    asks='Return "xxunk", then the tokens that come at least min_count times '
    "in all texts together, most frequent first, then by letter.",
)
def check_vocabulary(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check lists of tokens: counted over all texts, ties by letter."""
    cases = [
        (
            "every token counts",
            [["b", "a", "b"]],
            1,
            'Put "xxunk" first, then the most frequent token.',
        ),
        (
            "as often: by letter",
            [["film", "a", "plot", "cast"]],
            1,
            "Tokens that come equally often stand in the order of the "
            "alphabet.",
        ),
        (
            "counted over all texts together",
            [["a", "film"], ["a", "plot"], ["film", "a"]],
            2,
            "Count over all texts, not in each one; min_count times is "
            "enough.",
        ),
        ("many texts", _texts(trial, 30, 12), 3, ""),
        ("a high minimum", _texts(trial, 40, 9), 12, ""),
        (
            "a text that holds xxunk itself",
            [["xxunk", "a", "xxunk", "a", "b"]],
            1,
            '"xxunk" stands first and nowhere else.',
        ),
        ("nothing comes often enough", [["a"], ["b"]], 2, ""),
    ]
    for words, texts, min_count, hint in cases:
        counts = Counter(token for text in texts for token in text)
        kept = [t for t in counts if counts[t] >= min_count and t != "xxunk"]
        expected = ["xxunk", *sorted(kept, key=lambda t: (-counts[t], t))]
        if not trial.equal(
            words, answer, [texts, min_count], expected, hint=hint
        ):
            return


@exercise(
    "lesson3/unknown_share",
    takes="texts, vocabulary",
    asks="Return the share of all tokens that the vocabulary does not hold.",
)
def check_unknown_share(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check shares over tokens, not over texts or over different tokens."""
    known = trial.random.sample(_WORDS, 5)
    cases: list[tuple[str, list[list[str]], list[str], str]] = [
        ("one of two", [["a", "film"]], ["xxunk", "a"], ""),
        (
            "a long and a short text",
            [["a"] * 9, ["film"]],
            ["xxunk", "a"],
            "Each token counts alike, so a long text counts for more.",
        ),
        (
            "the same unknown token several times",
            [["film", "film", "a"], ["film"]],
            ["xxunk", "a"],
            "A token that comes three times counts three times.",
        ),
        ("random texts", _texts(trial, 25, 14), ["xxunk", *known], ""),
        ("nothing unknown", [["a", "a"], ["a"]], ["xxunk", "a"], ""),
        (
            "a text without tokens",
            [[], ["a", "film"]],
            ["xxunk", "a"],
            "A text may be empty.",
        ),
        ("no token at all", [[], []], ["xxunk"], "Then the share is 0."),
    ]
    for words, texts, vocabulary, hint in cases:
        tokens = [token for text in texts for token in text]
        missing = sum(token not in vocabulary for token in tokens)
        expected = missing / len(tokens) if tokens else 0.0
        if not trial.equal(
            words,
            answer,
            [texts, vocabulary],
            expected,
            tolerance=1e-9,
            hint=hint,
        ):
            return


@exercise(
    "lesson3/with_pairs",
    takes="tokens",
    asks="Return the tokens and after them each pair of neighbors, joined "
    'by "_".',
)
def check_with_pairs(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check lists of tokens and pairs, down to a single token."""
    long = _texts(trial, 1, 30)[0] + trial.random.sample(_WORDS, 4)
    cases = [
        (
            "three tokens",
            ["not", "so", "bad"],
            "First all tokens, then the pairs, in their order.",
        ),
        ("the other order", ["bad", "so", "not"], "Order must matter."),
        (
            "a pair that comes twice",
            ["very", "very", "very"],
            "Each pair counts, even if it was there before.",
        ),
        ("a long sentence", long, ""),
        ("a single token has no neighbor", ["dull"], ""),
        ("no token", [], ""),
    ]
    for words, tokens, hint in cases:
        pairs = [
            f"{tokens[i]}_{tokens[i + 1]}" for i in range(len(tokens) - 1)
        ]
        if not trial.equal(
            words, answer, [tokens], [*tokens, *pairs], hint=hint
        ):
            return
