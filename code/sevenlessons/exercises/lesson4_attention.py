"""Checks of subwords and attention: one merge, no peeking, one step."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from sevenlessons.page.compare import difference
from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.scratch.adamw import AdamW
from sevenlessons.text.attention import attention
from sevenlessons.text.attention_masks import causal_mask

__all__ = ["check_adamw_step", "check_causal_attention", "check_merge_step"]


def _joined(word: list[str], pair: tuple[str, str]) -> list[str]:
    """Return `word` with the pair joined from left to right."""
    tokens: list[str] = []
    for token in word:
        tokens.append(token)
        # a token that was just joined is no left half: it is longer
        if len(tokens) > 1 and tuple(tokens[-2:]) == pair:
            tokens[-2:] = [pair[0] + pair[1]]
    return tokens


def _merged(words: list[list[str]]) -> list[list[str]]:
    """Return the words after one merge of the most frequent pair."""
    counts = Counter(pair for word in words for pair in pairwise(word))
    best = min(counts, key=lambda pair: (-counts[pair], pair))
    return [_joined(word, best) for word in words]


@exercise(
    "lesson4/merge_step",
    takes="words",
    asks="Join the most frequent pair of neighbors in all words; of equally "
    "frequent pairs the first by letter.",
)
def check_merge_step(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check one merge: counted over all words, ties by letter."""
    letters = trial.random.sample("cdefgh", 3)
    texts = [
        [
            trial.random.choice(letters)
            for _ in range(trial.random.randint(1, 9))
        ]
        for _ in range(12)
    ]
    x, y, z = sorted(trial.random.sample("klmnopq", 3))
    cases = [
        (
            "the most frequent pair, wherever it stands",
            [list("low"), list("slow"), list("lot")],
            "Join every occurrence, in every word, and keep the rest.",
        ),
        (
            "equally frequent: by letter",
            [[y, z], [z, x], [y, z], [z, x], [x, y], [x, y]],
            "Of pairs that come equally often take the first by letter, as "
            "`min` orders pairs.",
        ),
        (
            "counted within words, over all words",
            [[x, y], [x, y], [y, x], [z, x, z, x, z, x, z, x], [x, y]],
            "Every occurrence counts, also a second one in a word. No pair "
            "reaches from a word into the next.",
        ),
        (
            "no pair from one word into the next",
            [[x], [y], [x], [y], [x], [y], [z, y], [z, y]],
            "No pair reaches from a word into the next.",
        ),
        (
            "three in a row",
            [[x, x, x], [x, x, x, x]],
            "Go from left to right; a token is joined once in a step.",
        ),
        (
            "tokens that are joined already",
            [["th", "e"], ["th", "e", "n"], ["t", "h"], ["the"]],
            "Tokens may be longer than a letter.",
        ),
        (
            "a pair that laps over itself",
            [[x, x, x], [x, x, x], [y, z], [y, z], [y, z]],
            "Every neighbor counts: three equal tokens are two pairs.",
        ),
        (
            "equally frequent: by tuple, not by what is joined",
            [[x, y + z], [x + y, x], [x, y + z], [x + y, x]],
            "Compare the pairs, as `min` orders tuples of texts.",
        ),
        (
            "equally frequent: the length does not matter",
            [[y + y, z], [x, y], [y + y, z], [x, y]],
            "Compare the pairs, as `min` orders tuples of texts.",
        ),
        (
            "equally frequent: nor does it here",
            [[y, z], [x + y, x], [y, z], [x + y, x]],
            "Compare the pairs, as `min` orders tuples of texts.",
        ),
        (
            "equally frequent, and the first halves are equal",
            [[x, z], [x, y], [x, z], [x, y]],
            "Then the second half of the pair decides.",
        ),
        ("random words", texts, ""),
    ]
    for case, words, hint in cases:
        expected = _merged(words)
        if not trial.equal(case, answer, [words], expected, hint=hint):
            return


def _numbers(trial: Trial, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=trial.generator, dtype=torch.float64)


@exercise(
    "lesson4/causal_attention",
    takes="query, key, value",
    asks="Return attention in which each place sees itself and what came "
    "before.",
)
def check_causal_attention(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check that no earlier answer moves, then the numbers themselves."""
    for texts, places, width in ((1, 4, 3), (3, 7, 5), (2, 1, 4)):
        parts = [_numbers(trial, texts, places, width) for _ in range(2)]
        parts.append(_numbers(trial, texts, places, width + 2))
        words = f"{texts} texts of {places} places, width {width}"
        before = trial.call(words, answer, parts)
        query, key, value = parts
        expected = attention(query, key, value, causal_mask(places))
        if not isinstance(before, Tensor) or before.shape != expected.shape:
            trial.equal(words, answer, parts, expected, tolerance=1e-9)
            return
        for place in range(1, places):
            later = [part.clone() for part in parts]
            for part in later[1:]:
                part[:, place:] += _numbers(trial, *part[:, place:].shape)
            after = trial.call(words, answer, later)
            moved = difference(after[:, :place], before[:, :place], 1e-9)
            if not trial.expect(
                "a later place changes no earlier answer",
                not moved,
                f"places from {place} on were changed, and an answer before "
                "them changed too. Hide what comes later: set its scores to "
                "minus infinity before the softmax.",
            ):
                return
        if not trial.equal(
            words,
            answer,
            parts,
            expected,
            tolerance=1e-9,
            hint="Scores are divided by the root of the width of the query; "
            "softmax goes over the places looked at, and the shares of what "
            "may be seen add up to one.",
        ):
            return


@exercise(
    "lesson4/adamw_step",
    takes="weight, grad, first, second, step, lr, weight_decay",
    asks="Return the new weight and the two running means, with betas 0.9 "
    "and 0.999 and eps 1e-8.",
)
def check_adamw_step(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check single steps: the first, a late one, with and without decay."""
    cases = [
        (
            "the first step",
            (1, 0.1, 0.0),
            True,
            "Both means start at zero and are too small: divide by "
            "1 - beta ** step.",
        ),
        (
            "the third step",
            (3, 0.02, 0.0),
            False,
            "The means that are returned are those before the correction.",
        ),
        (
            "weight decay",
            (5, 0.05, 0.3),
            False,
            "Decay shrinks the weight by lr * weight_decay of itself, and "
            "stays out of the gradient.",
        ),
        ("no gradient", (2, 0.1, 0.1), False, ""),
        ("tiny gradients", (1, 0.1, 0.0), True, "eps is added to the root."),
    ]
    for words, (step, lr, decay), fresh, hint in cases:
        scale = {"no gradient": 0.0, "tiny gradients": 1e-8}.get(words, 1.0)
        size = trial.random.randint(3, 6)
        weight, grad = (_numbers(trial, size) for _ in range(2))
        first, second = _numbers(trial, size), _numbers(trial, size) ** 2
        # off zero, so that eps matters in its own case and in no other
        grad, second = grad + 0.1 * grad.sign(), second + 0.01
        if fresh:
            first, second = torch.zeros(2, size, dtype=torch.float64)
        grad = scale * grad
        expected = _stepped(weight, grad, first, second, step, lr, decay)
        if not trial.equal(
            words,
            answer,
            [weight, grad, first, second, step, lr, decay],
            expected,
            tolerance=1e-7,
            hint=hint,
        ):
            return


def _stepped(
    weight: Tensor,
    grad: Tensor,
    first: Tensor,
    second: Tensor,
    step: int,
    lr: float,
    decay: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return what `scratch.adamw` makes of it."""
    moved = weight.clone()
    moved.grad = grad
    optimizer = AdamW([moved], lr=lr, weight_decay=decay)
    optimizer.first, optimizer.second = [first.clone()], [second.clone()]
    optimizer.steps = [step - 1]
    optimizer.step()
    return moved.detach(), optimizer.first[0], optimizer.second[0]
