"""Let a model of language that has read general text read that of a task.

Its rows move to the words of the task first (`transplant`). Then it reads in
two stages. While its recurrent layers stand still, the words find their
places: many of them are new. After that all of it learns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sevenlessons.training.freezing import layer_groups, unfreeze

from .awd_lstm import LanguageModel
from .marks import SPECIAL
from .pretraining import Pretrained
from .reading import count_texts, read_texts
from .regularize import ActivationRegularization
from .streams import StreamLoader
from .transplant import transplant
from .vocabulary import Vocabulary

__all__ = ["RereadSettings", "reread"]

Texts = Sequence[Sequence[str]]


@dataclass(frozen=True)
class RereadSettings:
    """What one chooses before a model reads on.

    Attributes
    ----------
    min_count
        A word of the task needs so many places to get a row.
    frozen_epochs, frozen_lr
        While the recurrent layers stand still; 0 epochs leave that out.
    epochs, lr
        Of all layers. Each stage has one cycle with its rate at the top.
    batch_size, length
        Streams, and words of each in a batch.
    weight_decay
        Of AdamW.
    alpha, beta
        Of `ActivationRegularization`.
    seed
        Of order and masks.

    Examples
    --------
    >>> RereadSettings(epochs=2).frozen_epochs
    1

    """

    min_count: int = 3
    frozen_epochs: int = 1
    frozen_lr: float = 5e-3
    epochs: int = 6
    lr: float = 4e-3
    batch_size: int = 24
    length: int = 30
    weight_decay: float = 0.01
    alpha: float = 2.0
    beta: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("epochs", "lr", "frozen_lr"):
            if not getattr(self, name) > 0:
                raise ValueError(
                    f"{name} must be positive, got {getattr(self, name)}"
                )
        if self.frozen_epochs < 0:
            raise ValueError(
                f"frozen_epochs must not be negative, got {self.frozen_epochs}"
            )


def reread(
    model: LanguageModel,
    old: Vocabulary,
    train: Texts,
    valid: Texts,
    settings: RereadSettings | None = None,
    *,
    device: str = "cpu",
    say: Callable[[str], None] = lambda line: None,
) -> Pretrained:
    """Return a copy of a model that has read the texts of a task too.

    Parameters
    ----------
    model, old
        It and its vocabulary; both are left as they were.
    train, valid
        One list of tokens a text, from `marks.mark`. The new vocabulary is
        from the training texts alone.
    settings
        Epochs and rates.
    device
        Where it is trained.
    say
        Called with a line of news now and then. Ctrl+C ends the training,
        not the work.

    Raises
    ------
    ValueError
        If there are too few words, or the loss is not finite.

    """
    settings = RereadSettings() if settings is None else settings
    new = Vocabulary.learn(
        train, min_count=settings.min_count, special=SPECIAL
    )
    numbers = [new.numbers(text) for text in train]
    held = [new.numbers(text) for text in valid]
    streams = settings.batch_size, settings.length
    judge = StreamLoader(held, *streams, shuffle=False)
    receipt: dict[str, Any] = {
        "settings": asdict(settings),
        "known_words": sum(word in old for word in new) / len(new),
        **count_texts(numbers, held, len(new)),
    }
    for name, perplexity in receipt["baselines"].items():
        say(f"held-out perplexity of the {name}: {perplexity:.1f}")
    moved = transplant(model, old, new)
    plan = (
        ("frozen", settings.frozen_epochs, settings.frozen_lr),
        ("all", settings.epochs, settings.lr),
    )
    spent = {"steps": 0, "cpu_seconds": 0.0, "seconds": 0.0}
    history: list[dict[str, Any]] = []
    for stage, epochs, lr in plan:
        if not epochs:
            continue
        unfreeze(moved)
        if stage == "frozen":
            for group in layer_groups(moved)[1:-1]:
                group.requires_grad_(False)
        read = read_texts(
            moved,
            StreamLoader(numbers, *streams, seed=settings.seed),
            judge,
            epochs=epochs,
            lr=lr,
            weight_decay=settings.weight_decay,
            seed=settings.seed,
            device=device,
            callbacks=[
                ActivationRegularization(settings.alpha, settings.beta)
            ],
            say=say,
        )
        history += [{"stage": stage, **row} for row in read.pop("epochs")]
        for name in spent:
            spent[name] = round(spent[name] + read.pop(name), 1)
        receipt |= {**read, "epochs": history, **spent}
        if read["stopped"]:
            break
    unfreeze(moved)
    return Pretrained(moved.cpu().eval(), new, receipt)
