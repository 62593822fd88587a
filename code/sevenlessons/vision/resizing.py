"""Small pictures first: fewer pixels while a network learns the rough things.

`resize` makes all pictures smaller at once. `ProgressiveResizing` is the
callback that lets the training pictures grow during a fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.training.callbacks import Callback

if TYPE_CHECKING:
    from sevenlessons.training.learner import Learner

__all__ = ["ProgressiveResizing", "resize"]

_CHUNK = 256  # pictures


def resize(images: Tensor, size: int) -> Tensor:
    """Return square pictures with `size` pixels a side.

    Smoothed while made smaller, so that fine patterns do not turn into
    false coarse ones.

    Parameters
    ----------
    images
        Bytes or floats, shape ``(N, C, H, H)``.
    size
        Pixels a side, at least 1.

    Returns
    -------
    Tensor
        Shape ``(N, C, size, size)``, of the kind that was given. Pictures
        that have the size are returned as they are.

    Raises
    ------
    ValueError
        If the pictures are not square, or the size makes no sense.

    Examples
    --------
    >>> stripes = torch.tensor([0, 200], dtype=torch.uint8).repeat(2)
    >>> resize(stripes.expand(1, 1, 4, 4), 2)
    tensor([[[[ 86, 114],
              [ 86, 114]]]], dtype=torch.uint8)

    """
    if images.ndim != 4 or images.shape[2] != images.shape[3]:
        raise ValueError(
            "expected square images of shape (N, C, H, H), got "
            f"{tuple(images.shape)}; crop them first"
        )
    if size < 1:
        raise ValueError(f"size must be at least 1, got {size}")
    if images.shape[2] == size:
        return images
    resized = images.new_empty((*images.shape[:2], size, size))
    # a part at a time: bytes take four times as much room as floats
    for part, place in zip(
        images.split(_CHUNK), resized.split(_CHUNK), strict=True
    ):
        small = F.interpolate(
            part.float(), size=(size, size), mode="bilinear", antialias=True
        )
        if images.dtype == torch.uint8:
            small = small.round().clamp(0, 255)
        place.copy_(small)
    return resized


class ProgressiveResizing(Callback):
    """Train on small pictures first; validation is left as it is.

    The training loader must be a `TensorLoader` whose first tensor holds the
    pictures at full size. After the fit it has them back.

    Parameters
    ----------
    sizes
        From which epoch of the fit on (the first is 0) pictures have which
        size. Before the first epoch named they have full size.

    Raises
    ------
    ValueError
        If no size is given, or a number makes no sense.
    TypeError
        At the beginning of a fit, if the loader is of another kind.

    Examples
    --------
    >>> growing = ProgressiveResizing({0: 14, 3: 20, 4: 28})
    >>> [growing.size(epoch) for epoch in range(6)]
    [14, 14, 14, 20, 28, 28]

    """

    def __init__(self, sizes: Mapping[int, int]) -> None:
        if not sizes:
            raise ValueError("sizes is empty; give {first epoch: size}")
        for epoch, size in sizes.items():
            if epoch < 0 or size < 1:
                raise ValueError(
                    "sizes must hold epochs from 0 and sizes from 1, got "
                    f"{epoch}: {size}"
                )
        self.sizes = dict(sorted(sizes.items()))
        self._full: tuple[Tensor, ...] | None = None

    def size(self, epoch: int) -> int | None:
        """Return the size in this epoch of a fit; None for full size."""
        begun = [size for first, size in self.sizes.items() if first <= epoch]
        return begun[-1] if begun else None

    def on_fit_begin(self, learner: Learner) -> None:
        self._full = _loader(learner).tensors

    def on_epoch_begin(self, learner: Learner) -> None:
        size = self.size(learner.epochs_done)
        if self._full is None or size is None:
            return
        loader = _loader(learner)
        images, *rest = self._full
        if loader.tensors[0].shape[-1] != size:
            loader.tensors = (resize(images, size), *rest)

    def on_fit_end(self, learner: Learner) -> None:
        if self._full is not None:
            _loader(learner).tensors, self._full = self._full, None


def _loader(learner: Learner) -> TensorLoader:
    loader = learner.train_loader
    if not isinstance(loader, TensorLoader):
        raise TypeError(
            "train_loader must be a TensorLoader with pictures in memory, "
            f"got {type(loader).__name__}"
        )
    return loader
