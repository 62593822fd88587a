"""Train a model of language on general text, beside models that only count.

`pretrain` learns the words of the training texts, trains, and returns the
model with a *receipt*: the settings, the text, what unigram and bigram reach
on the same held-out texts, the scores after every epoch, the time. It can be
stopped at any moment and returns what it has.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

import torch

from sevenlessons.training.callbacks import Callback, GradientClipping
from sevenlessons.training.learner import Learner
from sevenlessons.training.schedules import LRScheduler, one_cycle

from .awd_lstm import AWDLSTM, AWDDropouts, LanguageModel
from .marks import SPECIAL
from .next_word import NextWordPerplexity, next_word_accuracy, next_word_loss
from .ngrams import Bigram, Unigram
from .streams import StreamLoader
from .vocabulary import Vocabulary

__all__ = ["Pretrained", "PretrainSettings", "pretrain"]  # noqa: RUF022

Texts = Sequence[Sequence[str]]


@dataclass(frozen=True)
class PretrainSettings:
    """Sizes of the model and of its training.

    Attributes
    ----------
    embedding_dim, hidden_size, num_layers
        Of the `AWDLSTM`.
    max_size, min_count
        Of the vocabulary.
    batch_size, length
        Streams, and words of each in a batch.
    epochs, lr, weight_decay
        AdamW under one cycle with `lr` at its top.
    dropout
        Factor on the five base values of `AWDDropouts`.
    seed
        Of weights, order and masks.

    Examples
    --------
    >>> PretrainSettings(epochs=1).hidden_size
    256

    """

    embedding_dim: int = 128
    hidden_size: int = 256
    num_layers: int = 2
    max_size: int = 8000
    min_count: int = 3
    batch_size: int = 32
    length: int = 35
    epochs: int = 3
    lr: float = 5e-3
    weight_decay: float = 0.01
    dropout: float = 0.2
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("lr", "epochs"):
            if not getattr(self, name) > 0:
                raise ValueError(
                    f"{name} must be positive, got {getattr(self, name)}"
                )
        if not 0 <= self.dropout <= 2:
            raise ValueError(
                f"dropout must be a factor in [0, 2], got {self.dropout}"
            )


@dataclass(frozen=True)
class Pretrained:
    """What `pretrain` returns.

    Attributes
    ----------
    model
        On the CPU, in evaluation mode.
    vocabulary
        Of the training texts.
    receipt
        Plain values: what made the model and what it is worth.

    """

    model: LanguageModel
    vocabulary: Vocabulary
    receipt: dict[str, Any]


def pretrain(
    train: Texts,
    valid: Texts,
    settings: PretrainSettings | None = None,
    *,
    device: str = "cpu",
    callbacks: Sequence[Callback] = (),
    say: Callable[[str], None] = lambda line: None,
) -> Pretrained:
    """Train a model of language; Ctrl+C ends the training, not the work.

    Parameters
    ----------
    train, valid
        One list of tokens a text, from `marks.mark`. The vocabulary and the
        counts are from the training texts alone.
    settings
        Sizes and rates.
    device
        Where it is trained.
    callbacks
        More for the `Learner`, such as one that shows progress.
    say
        Called with a line of news now and then.

    Raises
    ------
    ValueError
        If there are too few words for the streams.

    """
    settings = PretrainSettings() if settings is None else settings
    vocabulary = Vocabulary.learn(
        train,
        min_count=settings.min_count,
        max_size=settings.max_size,
        special=SPECIAL,
    )
    numbers = [vocabulary.numbers(text) for text in train]
    held = [vocabulary.numbers(text) for text in valid]
    streams = settings.batch_size, settings.length
    loader = StreamLoader(numbers, *streams, seed=settings.seed)
    judge = StreamLoader(held, *streams, shuffle=False)
    receipt: dict[str, Any] = {
        "settings": asdict(settings),
        "tokens": {
            "vocabulary": len(vocabulary),
            "train": sum(map(len, numbers)),
            "valid": sum(map(len, held)),
            "unknown_valid": _share(held, vocabulary.unknown),
        },
        "baselines": _baselines(numbers, held, len(vocabulary)),
    }
    for name, perplexity in receipt["baselines"].items():
        say(f"held-out perplexity of the {name}: {perplexity:.1f}")
    began = time.process_time(), time.monotonic()
    model = _model(len(vocabulary), settings)
    learner = Learner(
        model,
        loader,
        judge,
        next_word_loss,
        torch.optim.AdamW(
            model.parameters(),
            lr=settings.lr,
            weight_decay=settings.weight_decay,
        ),
        metrics={
            "perplexity": NextWordPerplexity(),
            "accuracy": next_word_accuracy,
        },
        callbacks=[
            _StartAnew(),
            LRScheduler(
                one_cycle(settings.lr, momentum=(0.8, 0.7)),
                num_steps=settings.epochs * len(loader),
            ),
            GradientClipping(0.4),
            _Tell(say),
            *callbacks,
        ],
        device=device,
    )
    receipt["stopped"] = _fit(learner, settings)
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
            f"the loss is not finite after a rate of {settings.lr}; pretrain "
            "again with a lower one"
        )
    return Pretrained(model.cpu().eval(), vocabulary, receipt)


def _model(size: int, settings: PretrainSettings) -> LanguageModel:
    encoder = AWDLSTM(
        size,
        settings.embedding_dim,
        settings.hidden_size,
        settings.num_layers,
        dropouts=AWDDropouts().scaled(settings.dropout),
        seed=settings.seed,
    )
    return LanguageModel(encoder)


def _fit(learner: Learner, settings: PretrainSettings) -> bool:
    """Train; return whether somebody stopped it."""
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed)  # the masks
        try:
            learner.fit(settings.epochs)
        except KeyboardInterrupt:
            return True
    return False


def _share(texts: Sequence[Sequence[int]], number: int) -> float:
    total = sum(map(len, texts))
    return sum(list(text).count(number) for text in texts) / max(total, 1)


def _baselines(
    train: Sequence[Sequence[int]], valid: Sequence[Sequence[int]], size: int
) -> dict[str, float]:
    """Return the perplexity of models that only count."""
    line, held = (list(chain.from_iterable(t)) for t in (train, valid))
    models = {"unigram": Unigram(line, size), "bigram": Bigram(line, size)}
    return {
        name: float(model.surprises(held).mean().exp())
        for name, model in models.items()
    }


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
