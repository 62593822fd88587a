"""A trained network that says of each pixel what it shows.

`Segmenter` keeps together what belongs together: the network, the names of
its classes, which number is void, and the size it was trained at.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn.functional import interpolate

from sevenlessons.data.images import read_image

from .modes import evaluating

__all__ = ["Segmenter", "never_void"]

Photo = str | os.PathLike[str] | bytes | Image.Image | Tensor


def never_void(scores: Tensor, void: int | None) -> Tensor:
    """Return scores with which void is never the answer.

    "Nobody knows" is no answer that can be right. Its output, if void has
    one, learned nothing.

    Parameters
    ----------
    scores
        Shape ``(N, K, H, W)``.
    void
        A class number; None, or one outside the K classes, changes nothing.

    Examples
    --------
    >>> scores = torch.tensor([[[[1.0]], [[5.0]]]])
    >>> never_void(scores, 1).argmax(dim=1)
    tensor([[[0]]])

    """
    if void is None or not 0 <= void < scores.shape[1]:
        return scores
    scores = scores.clone()
    scores[:, void] = -torch.inf
    return scores


class Segmenter:
    """A network for pixels, with all that its answers depend on.

    Parameters
    ----------
    model
        Gives logits ``(N, K, H, W)`` of pictures ``(N, 3, H, W)``.
    classes
        K names, in the order of the scores.
    size
        Height and width that pictures are brought to.
    void
        The number that means "nobody knows", or None.

    Examples
    --------
    >>> from sevenlessons.vision.backbones import load_backbone
    >>> from sevenlessons.vision.unet import UNet
    >>> model = UNet(load_backbone("mobilenet_v2", pretrained=False), 2)
    >>> segmenter = Segmenter(model, ["sky", "road"], (32, 32))
    >>> photo = Image.new("RGB", (30, 20))
    >>> segmenter.predict(photo).shape
    torch.Size([20, 30])

    """

    def __init__(
        self,
        model: nn.Module,
        classes: Sequence[str],
        size: tuple[int, int],
        void: int | None = None,
    ) -> None:
        if len(classes) == 0:
            raise ValueError("classes needs the name of each score, got none")
        if len(size) != 2 or min(size) < 1:
            raise ValueError(
                f"size must be height and width in pixels, got {size}"
            )
        self.model = model
        self.classes = tuple(classes)
        self.size = (int(size[0]), int(size[1]))
        self.void = void

    def probabilities(self, photo: Photo) -> Tensor:
        """Return a probability for each class and pixel, ``(K, H, W)``.

        Parameters
        ----------
        photo
            A path, the bytes of a file, a picture of Pillow, or a uint8
            tensor ``(3, H, W)``. The answer has its height and width.

        """
        scores, own = self._small(photo)
        if own != self.size:
            scores = interpolate(scores, own, mode="bilinear")
        return never_void(scores, self.void)[0].float().softmax(dim=0)

    def _small(self, photo: Photo) -> tuple[Tensor, tuple[int, int]]:
        """Return scores in the network's size, and the picture's size."""
        picture = _opened(photo)
        own = (picture.height, picture.width)
        if own != self.size:
            height, width = self.size
            picture = picture.resize(
                (width, height), Image.Resampling.BILINEAR
            )
        pixels = torch.from_numpy(np.array(picture)).permute(2, 0, 1)
        return self.scores(pixels[None]), own

    def scores(self, images: Tensor) -> Tensor:
        """Return the logits of pictures that have the network's size."""
        weight = next(self.model.parameters(), torch.empty(0))
        with evaluating(self.model), torch.no_grad():
            scores = self.model(images.to(weight.device)).cpu()
        if scores.ndim != 4 or scores.shape[1] != len(self.classes):
            raise ValueError(
                f"the model gives scores of shape {tuple(scores.shape)}, "
                f"but there are {len(self.classes)} classes; pass the "
                "classes of the training data, in their order"
            )
        return scores

    def answers(self, images: Tensor, batch_size: int = 8) -> Tensor:
        """Return the classes of many pictures of the network's size."""
        parts = [
            never_void(self.scores(batch), self.void).argmax(dim=1)
            for batch in images.split(batch_size)
        ]
        return torch.cat(parts)

    def predict(self, photo: Photo) -> Tensor:
        """Return the class number of each pixel, int64, ``(H, W)``."""
        scores, own = self._small(photo)
        most = torch.full(own, -torch.inf)
        answer = torch.zeros(own, dtype=torch.int64)
        for number in range(scores.shape[1]):  # a large photo: one at a time
            if number == self.void:
                continue
            score = scores[:, number : number + 1].float()
            if own != self.size:
                score = interpolate(score, own, mode="bilinear")
            answer[score[0, 0] > most] = number
            most = torch.maximum(most, score[0, 0])
        return answer


def _opened(photo: Photo) -> Image.Image:
    if not isinstance(photo, Tensor):
        return read_image(photo)
    if photo.ndim != 3 or len(photo) != 3 or photo.dtype != torch.uint8:
        raise ValueError(
            "expected one picture, uint8 of shape (3, H, W), got "
            f"{photo.dtype} of shape {tuple(photo.shape)}"
        )
    return Image.fromarray(photo.cpu().permute(1, 2, 0).numpy())
