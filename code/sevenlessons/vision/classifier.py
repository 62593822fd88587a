"""A photo classifier in two calls.

`PhotoClassifier` is transfer learning with nothing to decide: a trained body,
a new head, eight views of each photo, one cycle of the learning rate. What it
does inside is `head_training`, which the lessons open up step by step.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from os import PathLike
from typing import Any

import numpy as np
import torch
from torch import Tensor

from sevenlessons.data.classes import check_classes, encode_labels
from sevenlessons.data.images import images_to_tensor
from sevenlessons.training.callbacks import Callback
from sevenlessons.training.learner import Learner

from .backbones import load_backbone
from .head_training import train_head
from .views import mean_probabilities, view_features

__all__ = ["PhotoClassifier"]

Photos = Sequence[str | PathLike[str] | bytes] | Tensor


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
        """Return the likeliest class of each photo."""
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
