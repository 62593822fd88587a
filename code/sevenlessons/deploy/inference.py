"""From pictures to probabilities: the one way, here and after loading.

Training, a bundle and the app must look at a photo alike, or their numbers
differ and nobody notices. The rule for a photo, exact enough to write it
again in another language:

1. Decode it to 8-bit RGB, upright (`data.images.read_image`); for a gray
   network then to one channel, ``(19595 R + 38470 G + 7471 B + 32768) >> 16``
   with whole numbers.
2. Squeeze it to a square of S by S pixels, without cropping and without
   keeping the proportions, with Pillow's bicubic filter and antialiasing:
   first each row to S columns, rounded to bytes, then each column to S rows,
   rounded to bytes. Along an axis of ``n`` pixels, with
   ``scale = n / S`` and ``wide = max(scale, 1)``, output pixel ``i`` has its
   center at ``c = (i + 0.5) * scale``. Input pixels ``k`` from
   ``max(0, int(c - 2 * wide + 0.5))`` up to, not including,
   ``min(n, int(c + 2 * wide + 0.5))`` are summed with the weights
   ``f((k + 0.5 - c) / wide)``, divided by their sum. ``f`` is the cubic with
   ``a = -0.5``: ``(a+2)|x|^3 - (a+3)|x|^2 + 1`` up to 1,
   ``a|x|^3 - 5a|x|^2 + 8a|x| - 4a`` up to 2, else 0. Weights are rounded to
   multiples of ``2**-22``, sums to the nearest byte, clipped to 0..255. An
   axis that has S pixels already is left alone.
3. Divide by 255, subtract the mean, divide by the deviation. This and all
   that follows is inside the network.
4. Scores, softmax; with several views the mean of their probabilities.
"""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from sevenlessons.data.images import images_to_tensor, read_image, squeeze
from sevenlessons.vision.features import cached_features, fused_copy
from sevenlessons.vision.transfer import TransferModel
from sevenlessons.vision.views import dihedral_view, mean_probabilities

__all__ = ["photos_to_tensor", "prepare", "probabilities_of"]

Photo = str | PathLike[str] | bytes | Image.Image

RESIZE = (
    "8-bit, upright; squeezed to size x size without cropping by Pillow's "
    "bicubic filter (a = -0.5) with antialiasing, the width first, rounded to "
    "bytes after each pass; the exact rule stands in deploy/inference.py"
)


def photos_to_tensor(
    photos: Sequence[Photo], size: int, *, mode: str = "RGB"
) -> Tensor:
    """Return photos as a network wants them, by the rule of this module.

    Parameters
    ----------
    photos
        Paths, bytes of files or Pillow images.
    size
        Height and width in pixels.
    mode
        ``"RGB"``, or ``"L"`` for one channel of gray.

    Returns
    -------
    Tensor
        uint8, shape ``(N, 3, size, size)`` or ``(N, 1, size, size)``.

    Examples
    --------
    >>> photos_to_tensor([Image.new("RGB", (9, 5))], 8, mode="L").shape
    torch.Size([1, 1, 8, 8])

    """
    if mode == "RGB":
        return images_to_tensor(photos, size)
    grays = [read_image(photo).convert("L") for photo in photos]
    rows = [squeeze(gray, size, size) for gray in grays]
    return torch.from_numpy(np.stack([np.array(row) for row in rows]))[:, None]


def prepare(model: nn.Module, *, fused: bool) -> nn.Module:
    """Return `model` ready to answer: in eval mode, nothing to learn.

    Parameters
    ----------
    model
        Changed in place unless it is fused.
    fused
        Put batch norms into the convolutions of a `TransferModel`'s body,
        as `PhotoClassifier` does: several times faster, the same up to
        rounding.

    Examples
    --------
    >>> prepare(nn.Linear(2, 2), fused=False).training
    False

    """
    model = model.eval().requires_grad_(False)
    if fused and isinstance(model, TransferModel):
        body = fused_copy(model.backbone)
        model.backbone = body.to(  # type: ignore[assignment, call-overload]
            memory_format=torch.channels_last
        )
    return model


def probabilities_of(
    model: nn.Module, images: Tensor, views: Sequence[int] = (0,)
) -> Tensor:
    """Return class probabilities (N, K) of `images`, on the CPU.

    The steps are those of `PhotoClassifier.predict_proba`, in its order, so
    that the bits are the same. A batch of another size may round the last
    digit in another way.

    Parameters
    ----------
    model
        From `prepare`.
    images
        uint8 or floats in [0, 1], shape ``(N, C, S, S)``.
    views
        Sides to average over, see `dihedral_view`.

    Examples
    --------
    >>> model = prepare(nn.Flatten(), fused=False)
    >>> probabilities_of(model, torch.zeros(2, 1, 2, 2)).sum(1)
    tensor([1., 1.])

    """
    device = next(model.parameters(), images).device
    sides = [dihedral_view(images, view) for view in views]
    if isinstance(model, TransferModel):
        features = [
            cached_features(model.backbone, side, fast=False) for side in sides
        ]
        return mean_probabilities(model.head, torch.stack(features, dim=1))
    return mean_probabilities(model, torch.stack(sides, dim=1).to(device))
