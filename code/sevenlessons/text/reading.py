"""Let a model of language read: train it on texts and keep a receipt.

`pretraining` begins with random weights and `rereading` with weights that
have read other text. What they share is here: the cycle, the clipped
gradient, the news while it runs, and the receipt.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

import torch

from sevenlessons.training.callbacks import Callback, GradientClipping
from sevenlessons.training.learner import Learner
from sevenlessons.training.schedules import LRScheduler, one_cycle

from .awd_lstm import LanguageModel
from .next_word import NextWordPerplexity, next_word_accuracy, next_word_loss
from .ngrams import Bigram, Unigram
from .streams import StreamLoader

__all__ = ["count_texts", "read_texts"]

Numbers = Sequence[Sequence[int]]


def count_texts(train: Numbers, valid: Numbers, size: int) -> dict[str, Any]:
    """Return how much text there is, and what counting alone reaches.

    Parameters
    ----------
    train, valid
        One list of token numbers a text; number 0 is the unknown word.
    size
        Of the vocabulary.

    Examples
    --------
    >>> found = count_texts([[2, 3, 4]], [[2, 0]], 5)
    >>> found["tokens"]["unknown_valid"]
    0.5

    """
    line, held = (list(chain.from_iterable(t)) for t in (train, valid))
    found = {
        "unigram": Unigram(line, size).surprises(held),
        "bigram": Bigram(line, size).surprises(held),
    }
    return {
        "tokens": {
            "vocabulary": size,
            "train": len(line),
            "valid": len(held),
            "unknown_valid": held.count(0) / max(len(held), 1),
        },
        "baselines": {
            name: float(surprise.mean().exp())
            for name, surprise in found.items()
        },
    }


def read_texts(
    model: LanguageModel,
    loader: StreamLoader,
    judge: StreamLoader,
    *,
    epochs: int,
    lr: float,
    weight_decay: float = 0.01,
    seed: int = 0,
    device: str = "cpu",
    callbacks: Sequence[Callback] = (),
    say: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Train in place under one cycle; Ctrl+C ends the training only.

    Parameters
    ----------
    model
        Those of its weights learn that require a gradient.
    loader, judge
        Streams to learn from and to judge by.
    epochs, lr, weight_decay
        AdamW under one cycle with `lr` at its top.
    seed
        Of the masks.
    device, callbacks
        As for `Learner`.
    say
        Called with a line of news now and then.

    Returns
    -------
    dict
        Part of a receipt: ``stopped``, ``epochs``, ``steps``, times.

    Raises
    ------
    ValueError
        If the loss is not finite at the end.

    """
    began = time.process_time(), time.monotonic()
    learner = Learner(
        model,
        loader,
        judge,
        next_word_loss,
        torch.optim.AdamW(
            [p for p in model.parameters() if p.requires_grad],
            lr=lr,
            weight_decay=weight_decay,
        ),
        metrics={
            "perplexity": NextWordPerplexity(),
            "accuracy": next_word_accuracy,
        },
        callbacks=[
            _StartAnew(),
            LRScheduler(
                one_cycle(lr, momentum=(0.8, 0.7)),
                num_steps=epochs * len(loader),
            ),
            GradientClipping(0.4),
            _Tell(say),
            *callbacks,
        ],
        device=device,
    )
    receipt: dict[str, Any] = {"stopped": _fit(learner, epochs, seed)}
    receipt |= {
        "epochs": learner.history.epochs,
        "steps": len(learner.history.steps),
        "cpu_seconds": round(time.process_time() - began[0], 1),
        "seconds": round(time.monotonic() - began[1], 1),
        "device": str(device),
        "torch": torch.__version__,
    }
    if not receipt["epochs"]:  # stopped before the first was over
        row = learner.evaluate(judge)
        receipt["epochs"] = [{f"valid_{k}": v for k, v in row.items()}]
    if not all(math.isfinite(v) for v in receipt["epochs"][-1].values()):
        raise ValueError(
            f"the loss is not finite after a rate of {lr}; pretrain again "
            "with a lower one"
        )
    return receipt


def _fit(learner: Learner, epochs: int, seed: int) -> bool:
    """Train; return whether somebody stopped it."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)  # the masks
        try:
            learner.fit(epochs)
        except KeyboardInterrupt:
            return True
    return False


class _StartAnew(Callback):
    """Forget the state where an epoch begins: its first word is a new one."""

    def on_epoch_begin(self, learner: Learner) -> None:
        learner.model.get_submodule("encoder").reset()  # type: ignore[operator]


class _Tell(Callback):
    """Say how it goes: after every epoch, and ten times within one."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say

    def on_batch_end(self, learner: Learner) -> None:
        batches = len(learner.train_loader)  # type: ignore[arg-type]
        done = len(learner.history.steps) - learner.epoch * batches
        if done % max(batches // 10, 1) == 0:
            loss = learner.history.steps[-1]["loss"]
            self.say(
                f"epoch {learner.epoch + 1}, batch {done} of {batches}: "
                f"loss {float(loss):.3f}"
            )

    def on_epoch_end(self, learner: Learner) -> None:
        row = learner.history.epochs[-1]
        self.say(
            f"after epoch {learner.epoch}: held-out perplexity "
            f"{row['valid_perplexity']:.1f}, next word right "
            f"{row['valid_accuracy']:.3f}"
        )
