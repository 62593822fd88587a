"""Let a model of language write: word after word, each drawn from its scores.

The *temperature* divides the scores before they become probabilities. Below 1
the likely words gain, towards 0 the best one takes all, above 1 rare words
gain. *Top-k* forbids all but the k best words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

__all__ = ["generate", "next_word_probabilities"]


def next_word_probabilities(
    scores: Tensor,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    forbidden: Iterable[int] = (),
) -> Tensor:
    r"""Return softmax of scores over temperature, forbidden words at zero.

    Parameters
    ----------
    scores
        One a word, shape ``(V,)``.
    temperature
        Not negative; 0 gives all to the highest score, to the first of
        several.
    top_k
        Only so many of the highest scores; None for all.
    forbidden
        Numbers of words that must not come.

    Returns
    -------
    Tensor
        Shape ``(V,)``, float64; the sum is 1.

    Raises
    ------
    ValueError
        If a setting is out of range, or no word is left.

    Examples
    --------
    >>> scores = torch.tensor([0.0, 0.0, 1.0])
    >>> next_word_probabilities(scores, temperature=0).tolist()
    [0.0, 0.0, 1.0]
    >>> next_word_probabilities(scores, forbidden=[2]).tolist()
    [0.5, 0.5, 0.0]

    """
    if scores.dim() != 1 or not scores.isfinite().all():
        raise ValueError(
            "scores must be finite, one a word, shape (V,), got shape "
            f"{tuple(scores.shape)}"
        )
    if not 0 <= temperature < float("inf"):
        raise ValueError(
            f"temperature must be a number from 0 up, got {temperature}"
        )
    if top_k is not None and top_k < 1:
        raise ValueError(f"top_k must be at least 1, got {top_k}")
    scores = scores.detach().double().cpu().clone()
    banned = list(forbidden)
    wrong = [word for word in banned if not 0 <= word < len(scores)]
    if wrong:
        raise ValueError(
            f"forbidden words must be in [0, {len(scores)}), got {wrong[0]}; "
            "use the numbers of the model's own vocabulary"
        )
    scores[banned] = -torch.inf
    left = len(scores) - len(set(banned))
    if left < 1:
        raise ValueError("every word is forbidden; leave at least one")
    if temperature == 0:
        return nn.functional.one_hot(scores.argmax(), len(scores)).double()
    if top_k is not None and top_k < left:
        best = scores.topk(top_k).indices
        kept = torch.full_like(scores, -torch.inf)
        kept[best] = scores[best]
        scores = kept
    scores -= scores.max()  # so that a tiny temperature overflows nothing
    return (scores / temperature).softmax(dim=0)


@torch.no_grad()
def generate(
    model: nn.Module,
    start: Sequence[int],
    count: int,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    forbidden: Iterable[int] = (),
    stop: int | None = None,
    seed: int = 0,
) -> list[int]:
    """Return `start` and up to `count` words that the model goes on with.

    Parameters
    ----------
    model
        Gives scores ``(1, T, V)``. One with a method `reset` carries its
        state on until then, and reads each word once; any other reads the
        whole text again for each word. It is asked as in evaluation and
        then put back.
    start
        Numbers of the words to begin with, at least one.
    count
        Words to write, at most.
    temperature, top_k, forbidden
        As in `next_word_probabilities`.
    stop
        A word that ends the text, such as the one that begins the next; it
        is not returned.
    seed
        The same seed writes the same.

    Raises
    ------
    ValueError
        If there is nothing to begin with, or a setting makes no sense.

    """
    if len(start) == 0:
        raise ValueError(
            "start must hold at least one word number; the number of 'xxbos' "
            "begins a new text"
        )
    if count < 0:
        raise ValueError(f"count must not be negative, got {count}")
    banned = list(forbidden)
    generator = torch.Generator().manual_seed(seed)
    device = next(model.parameters()).device
    numbers = [int(number) for number in start]
    trained = model.training
    model.eval()
    remembers = _forget(model)
    try:
        unread = numbers
        for _ in range(count):
            scores = model(torch.tensor([unread], device=device))[0, -1]
            probabilities = next_word_probabilities(
                scores,
                temperature=temperature,
                top_k=top_k,
                forbidden=banned,
            )
            word = int(probabilities.multinomial(1, generator=generator))
            if word == stop:
                break
            numbers.append(word)
            unread = [word] if remembers else numbers
    finally:
        _forget(model)
        model.train(trained)
    return numbers


def _forget(model: nn.Module) -> bool:
    """Reset the model; return whether it has a state to be reset."""
    reset = getattr(model, "reset", None)
    if callable(reset):
        reset()
    return callable(reset)
