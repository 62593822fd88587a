"""Ask a bundle: one photo, or many.

`Predictor.load` opens what `export` wrote, in any process, without the code
that trained it. Nothing in a bundle is executed: weights are numbers in a
safetensors file, and the network is built from a closed list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from .bundle import WEIGHTS, read_file, read_settings
from .inference import Photo, photos_to_tensor, prepare, probabilities_of
from .weights import network_with_weights

__all__ = ["Prediction", "Predictor"]


@dataclass(frozen=True)
class Prediction:
    """What a `Predictor` says of one photo.

    Parameters
    ----------
    label
        The likeliest class, or None: not sure, its probability is below the
        threshold.
    probability
        Of the likeliest class, whether it is said or not.
    probabilities
        Of each class, the likeliest first.

    Examples
    --------
    >>> Prediction("cat", 0.9, {"cat": 0.9, "dog": 0.1}).label
    'cat'

    """

    label: str | None
    probability: float
    probabilities: dict[str, float]


class Predictor:
    """A trained classifier that was put into a bundle.

    Parameters
    ----------
    model
        From `prepare`.
    settings
        What `bundle.json` says.

    Attributes
    ----------
    classes
        Names in the order of the columns of `probabilities`.
    size
        Height and width in pixels at which photos are looked at.
    settings
        What `bundle.json` says.
    threshold
        Below this probability the answer is "not sure"; None for never. May
        be changed.

    Examples
    --------
    >>> predictor = Predictor.load("sky")  # doctest: +SKIP
    >>> predictor.predict("m31.jpg").label  # doctest: +SKIP
    'galaxy'

    """

    def __init__(self, model: nn.Module, settings: dict[str, Any]) -> None:
        self.model = model
        self.settings = settings
        self.classes: list[str] = list(settings["classes"])
        self.size: int = settings["input"]["size"]
        self.threshold: float | None = settings["threshold"]

    @classmethod
    def load(
        cls,
        path: str | PathLike[str],
        *,
        device: torch.device | str = "cpu",
    ) -> Predictor:
        """Open the bundle in the folder `path`; check every file in it.

        On the same machine, with the same torch and the same number of
        threads, the probabilities are those of the exported network bit for
        bit.

        Parameters
        ----------
        path
            Folder that `export` made.
        device
            Where predictions are computed.

        Raises
        ------
        FileNotFoundError, NotADirectoryError, PermissionError
            If there is no such folder, it is a file, or may not be read.
        BundleError
            If a file is missing, damaged, changed, or of another version,
            or if settings, weights and network do not belong together.

        """
        settings = read_settings(path)
        contents = {
            name: read_file(path, settings, name) for name in settings["files"]
        }
        model = network_with_weights(
            settings, contents[WEIGHTS], str(Path(path))
        )
        ready = prepare(model, fused=settings["fused"]).to(device)
        return cls(ready, settings)

    def __repr__(self) -> str:
        return (
            f"Predictor({self.settings['architecture']['name']}, "
            f"{len(self.classes)} classes, {self.size} px)"
        )

    def predict(self, photo: Photo) -> Prediction:
        """Say what one photo shows: a path, the bytes of a file, or Pillow's.

        Raises
        ------
        ImageError
            If it is no picture, damaged or too large.

        """
        return self.predict_many([photo])[0]

    def predict_many(self, photos: Sequence[Photo]) -> list[Prediction]:
        """Say what each photo shows, in their order."""
        images = photos_to_tensor(
            photos, self.size, mode=self.settings["input"]["mode"]
        )
        return [self._answer(row) for row in self.probabilities(images)]

    def probabilities(self, images: Tensor) -> Tensor:
        """Return probabilities (N, K), columns in the order of `classes`.

        Parameters
        ----------
        images
            uint8, shape ``(N, 3, size, size)``, or ``(N, 1, size, size)``
            for a network of gray pictures.

        """
        channels = self.settings["input"]["channels"]
        expected = (channels, self.size, self.size)
        if images.ndim != 4 or tuple(images.shape[1:]) != expected:
            raise ValueError(
                f"expected images of shape (N, {channels}, {self.size}, "
                f"{self.size}), got {tuple(images.shape)}; see "
                "photos_to_tensor"
            )
        if images.dtype != torch.uint8:
            raise TypeError(
                f"expected bytes, torch.uint8, got {images.dtype}; pass "
                "pictures as they are decoded"
            )
        return probabilities_of(self.model, images, self.settings["views"])

    def _answer(self, row: Tensor) -> Prediction:
        """Return the prediction for one row of probabilities."""
        best = row.sort(descending=True, stable=True)
        pairs = zip(best.indices.tolist(), best.values.tolist(), strict=True)
        named = {self.classes[number]: p for number, p in pairs}
        label, probability = next(iter(named.items()))
        sure = self.threshold is None or probability >= self.threshold
        return Prediction(label if sure else None, probability, named)
