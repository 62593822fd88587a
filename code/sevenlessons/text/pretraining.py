"""Train a model of language on general text, beside models that only count.

`pretrain` learns the words of the training texts, trains, and returns the
model with a *receipt*: the settings, the text, what unigram and bigram reach
on the same held-out texts, the scores after every epoch, the time. It can be
stopped at any moment and returns what it has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sevenlessons.training.callbacks import Callback

from .awd_lstm import AWDLSTM, AWDDropouts, LanguageModel
from .marks import SPECIAL
from .pretrain_settings import PretrainSettings
from .reading import count_texts, read_texts
from .streams import StreamLoader
from .vocabulary import Vocabulary

__all__ = ["Pretrained", "pretrain"]

Texts = Sequence[Sequence[str]]


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
        **count_texts(numbers, held, len(vocabulary)),
    }
    for name, perplexity in receipt["baselines"].items():
        say(f"held-out perplexity of the {name}: {perplexity:.1f}")
    model = _model(len(vocabulary), settings)
    receipt |= read_texts(
        model,
        loader,
        judge,
        epochs=settings.epochs,
        lr=settings.lr,
        weight_decay=settings.weight_decay,
        seed=settings.seed,
        device=device,
        callbacks=callbacks,
        say=say,
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
