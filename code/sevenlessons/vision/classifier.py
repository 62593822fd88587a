"""A photo classifier in two calls, and the function that trains its head.

`PhotoClassifier` is transfer learning with nothing to decide: a trained body,
a new head, eight views of each photo, one cycle of the learning rate. What it
does inside is `train_head`, which the lessons open up step by step.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from os import PathLike
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from sevenlessons.data.classes import check_classes, encode_labels
from sevenlessons.data.images import images_to_tensor
from sevenlessons.data.loaders import TensorLoader
from sevenlessons.training.callbacks import Callback
from sevenlessons.training.learner import Learner
from sevenlessons.training.schedules import LRScheduler, one_cycle

from .backbones import load_backbone
from .heads import make_head
from .recipes import seeded
from .views import RandomView, mean_probabilities, view_features

__all__ = ["PhotoClassifier", "train_head"]

Photos = Sequence[str | PathLike[str] | bytes] | Tensor


def train_head(
    features: Tensor,
    target: Tensor,
    num_classes: int,
    *,
    epochs: int = 15,
    lr: float = 1e-3,
    batch_size: int = 32,
    weight_decay: float = 0.05,
    hidden: int | None = None,
    seed: int = 0,
    valid: tuple[Tensor, Tensor] | None = None,
    metrics: Mapping[str, Callable[[Tensor, Tensor], Tensor]] | None = None,
    callbacks: Sequence[Callback] = (),
) -> Learner:
    """Train a new head on stored features and return its Learner.

    AdamW, one cycle of the learning rate, and in each epoch one view of each
    photo, drawn at random.

    Parameters
    ----------
    features
        From `view_features`, shape ``(N, V, 2C)``.
    target
        Class numbers in ``[0, num_classes)``, shape ``(N,)``.
    num_classes
        Scores that the head gives.
    epochs, batch_size
        Passes over the photos, and photos a step.
    lr
        Highest rate of the cycle, positive.
    weight_decay
        Decoupled decay of the weights.
    hidden
        Width of a hidden layer; None goes from features to scores.
    seed
        Decides first weights, order, views and dropout; on a CPU the same
        seed gives the same head bit for bit.
    valid
        Features and target to measure by after each epoch, by the first view.
    metrics, callbacks
        As in `Learner`; the schedule is added in front.

    Examples
    --------
    >>> features = torch.eye(2).repeat(16, 1)[:, None]  # 32 photos, one view
    >>> target = torch.tensor([0, 1]).repeat(16)
    >>> learner = train_head(features, target, 2, epochs=30, lr=0.1)
    >>> learner.history.epochs[-1]["train_loss"] < 0.5
    True

    """
    if features.ndim != 3 or features.shape[-1] % 2:
        raise ValueError(
            "expected features of shape (N, V, 2C), photos by views by "
            f"pooled channels, got {tuple(features.shape)}; see view_features"
        )
    loader = TensorLoader(
        features,
        target.to(features.device),
        batch_size=batch_size,
        shuffle=True,
        # a batch of one cannot be normalized
        drop_last=len(target) % batch_size == 1 and len(target) > batch_size,
        seed=seed,
        transform=RandomView(),
    )
    judge = None
    if valid is not None:
        first_view = valid[0][:, 0]
        judge = TensorLoader(first_view, valid[1].to(first_view.device))
    head = make_head(
        features.shape[-1] // 2, num_classes, hidden=hidden, seed=seed
    )
    # The fused step is the same arithmetic in one call.
    optimizer = torch.optim.AdamW(
        head.to(features.device).parameters(),
        lr=lr,
        weight_decay=weight_decay,
        fused=True,
    )
    schedule = LRScheduler(one_cycle(lr), epochs * len(loader))
    learner = Learner(
        head,
        loader,
        judge,
        nn.functional.cross_entropy,
        optimizer,
        metrics=metrics,
        callbacks=[schedule, *callbacks],
        device=features.device,
    )
    with seeded(seed):
        learner.fit(epochs)
    return learner


class PhotoClassifier:
    """Tell photos apart by transfer learning: `fit`, then `predict`.

    Parameters
    ----------
    backbone
        Name of a trained body, see `load_backbone`.
    size
        Height and width in pixels at which photos are looked at.
    views
        Sides from which a photo is looked at, see `dihedral_view`: all eight
        for things without an up (the sky, cells, leaves), ``[0, 4]`` (as it
        is, and mirrored) for things with one.
    epochs, lr, seed
        As in `train_head`.
    device
        Where the work is done.
    callbacks
        For the training, for instance one that shows progress.

    Attributes
    ----------
    classes_
        Names of the classes, sorted; learned by `fit`.
    learner_
        The `Learner` of the head; its `history` tells how training went.

    Examples
    --------
    >>> photos = ["m31.png", "m32.png"]
    >>> classifier = PhotoClassifier("mobilenet_v2")
    >>> _ = classifier.fit(photos, ["galaxy", "star"])  # doctest: +SKIP
    >>> classifier.predict(["new.png"])  # doctest: +SKIP
    array(['galaxy'], dtype='<U6')

    """

    def __init__(
        self,
        backbone: str = "mobilenet_v2",
        *,
        size: int = 128,
        views: Sequence[int] = range(8),
        epochs: int = 15,
        lr: float = 1e-3,
        seed: int = 0,
        device: torch.device | str = "cpu",
        callbacks: Sequence[Callback] = (),
    ) -> None:
        if size < 32:
            raise ValueError(
                f"size must be at least 32 pixels, got {size}: the body "
                "halves the picture five times"
            )
        self.backbone = load_backbone(backbone).to(device)
        self.size = size
        self.views = list(views)
        self.epochs = epochs
        self.lr = lr
        self.seed = seed
        self.callbacks = list(callbacks)
        self.classes_: list[Any]
        self.learner_: Learner

    def fit(
        self, photos: Photos, labels: Iterable[Hashable]
    ) -> PhotoClassifier:
        """Train a new head on `photos` and their `labels`; return self.

        Parameters
        ----------
        photos
            Paths or bytes of pictures, or a tensor ``(N, 3, H, H)``.
        labels
            One name a photo, at least two photos a class.

        """
        names = list(labels)
        check_classes(names)
        if len(set(names)) < 2:
            raise ValueError(
                f"there is only one class, {names[0]!r}; give photos of at "
                "least two kinds"
            )
        target, self.classes_ = encode_labels(names)
        self.learner_ = train_head(
            self._features(photos, expected=len(names)),
            target,
            len(self.classes_),
            epochs=self.epochs,
            lr=self.lr,
            seed=self.seed,
            callbacks=self.callbacks,
        )
        return self

    def predict_proba(self, photos: Photos) -> Tensor:
        """Return probabilities ``(N, K)`` in the order of `classes_`."""
        if not hasattr(self, "learner_"):
            raise RuntimeError(
                "this PhotoClassifier has learned nothing yet; call fit first"
            )
        return mean_probabilities(self.learner_.model, self._features(photos))

    def predict(self, photos: Photos) -> np.ndarray:
        """Return the most probable class of each photo."""
        best = self.predict_proba(photos).argmax(dim=1)
        return np.array([self.classes_[number] for number in best.tolist()])

    def _features(self, photos: Photos, expected: int | None = None) -> Tensor:
        """Return features ``(N, V, 2C)`` of photos or of their files."""
        if expected not in (None, len(photos)):
            raise ValueError(
                f"expected one label a photo, got {expected} labels for "
                f"{len(photos)} photos"
            )
        if not isinstance(photos, Tensor):
            photos = images_to_tensor(list(photos), self.size)
        return view_features(self.backbone, photos, views=self.views)
