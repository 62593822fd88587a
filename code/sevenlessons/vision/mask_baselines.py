"""Answers for every pixel that need no network: what a model must beat.

Each learns from training masks, or pictures and masks, by counting.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = [
    "ColorLookup",
    "baseline_answers",
    "commonest_by_place",
    "commonest_class",
]


def commonest_class(
    masks: Tensor, num_classes: int, void: int | None = None
) -> int:
    """Return the class with most pixels; void is none.

    Examples
    --------
    >>> commonest_class(torch.tensor([[[0, 1, 1, 9, 9, 9]]]), 2, void=9)
    1

    """
    counts = torch.zeros(num_classes, dtype=torch.long, device=masks.device)
    for mask in masks:  # one at a time: whole numbers take much room
        judged = (mask >= 0) & (mask < num_classes)
        if void is not None:
            judged &= mask != void
        counts += mask[judged].long().bincount(minlength=num_classes)
    if not counts.any():
        raise ValueError("all masks are void: there is nothing to learn from")
    return int(counts.argmax())


def commonest_by_place(
    masks: Tensor, num_classes: int, void: int | None = None
) -> Tensor:
    """Return the commonest class at each place of the frame.

    Where the camera stands still, or always looks ahead, this alone is often
    right: the sky is above.

    Parameters
    ----------
    masks
        Shape ``(N, H, W)``.
    num_classes
        Numbers run from 0 to one less.
    void
        A number that does not count. A place that is void in all masks gets
        the commonest class of all.

    Examples
    --------
    >>> masks = torch.tensor([[[0, 1]], [[0, 1]], [[1, 1]]])
    >>> commonest_by_place(masks, 2)
    tensor([[0, 1]])

    """
    rest = commonest_class(masks, num_classes, void)
    answer = torch.full_like(masks[0], rest, dtype=torch.long)
    most = torch.zeros_like(answer)
    for number in range(num_classes):
        if number != void:
            count = (masks == number).sum(dim=0)
            answer[count > most] = number
            most = torch.maximum(most, count)
    return answer


class ColorLookup:
    """The commonest class of each color, and of nothing else.

    Parameters
    ----------
    images
        Bytes, shape ``(N, 3, H, W)``.
    masks
        Shape ``(N, H, W)``.
    num_classes
        Numbers run from 0 to one less.
    void
        A number that does not count.
    bins
        Shades of red, green and blue that are told apart.

    Examples
    --------
    >>> images = torch.tensor([[[[0, 250]]] * 3], dtype=torch.uint8)
    >>> images = images.reshape(1, 3, 1, 2)
    >>> lookup = ColorLookup(images, torch.tensor([[[1, 0]]]), 2)
    >>> lookup(images)
    tensor([[[1, 0]]])

    """

    def __init__(
        self,
        images: Tensor,
        masks: Tensor,
        num_classes: int,
        void: int | None = None,
        *,
        bins: int = 16,
    ) -> None:
        if not 1 <= bins <= 64:
            raise ValueError(f"bins must be in [1, 64], got {bins}")
        self.bins = bins
        rest = commonest_class(masks, num_classes, void)
        counts = torch.zeros(
            bins**3 * num_classes, dtype=torch.long, device=masks.device
        )
        for image, small in zip(images, masks, strict=True):
            mask = small.long()
            judged = (mask >= 0) & (mask < num_classes)
            if void is not None:
                judged &= mask != void
            places = self._places(image[None])[0][judged] * num_classes
            counts += (places + mask[judged]).bincount(minlength=len(counts))
        table = counts.reshape(-1, num_classes)
        seen = table.sum(dim=1) > 0
        self.table = torch.where(seen, table.argmax(dim=1), rest)

    def _places(self, images: Tensor) -> Tensor:
        shades = images.long() * self.bins // 256
        red, green, blue = shades.unbind(dim=1)
        return (red * self.bins + green) * self.bins + blue

    def __call__(self, images: Tensor) -> Tensor:
        """Return the class of each pixel, shape ``(N, H, W)``."""
        return self.table[self._places(images)]


def baseline_answers(
    images: Tensor,
    masks: Tensor,
    new: Tensor,
    num_classes: int,
    void: int | None = None,
) -> dict[str, Tensor]:
    """Return what each of the three would answer for new pictures.

    As bytes, if there are no more than 256 classes.

    Parameters
    ----------
    images, masks
        To learn from, as in `ColorLookup`.
    new
        Pictures of the same size, shape ``(M, 3, H, W)``.
    num_classes, void
        As in `ColorLookup`.

    Examples
    --------
    >>> images = torch.zeros(1, 3, 2, 2, dtype=torch.uint8)
    >>> masks = torch.ones(1, 2, 2, dtype=torch.long)
    >>> answers = baseline_answers(images, masks, images, 2)
    >>> [bool((answer == 1).all()) for answer in answers.values()]
    [True, True, True]

    """
    shape = (len(new), *new.shape[2:])
    kind = torch.uint8 if num_classes <= 256 else torch.int64
    commonest = commonest_class(masks, num_classes, void)
    places = commonest_by_place(masks, num_classes, void)
    lookup = ColorLookup(images, masks, num_classes, void)
    by_color = torch.empty(shape, dtype=kind, device=new.device)
    for part, picture in zip(by_color, new, strict=True):
        part.copy_(lookup(picture[None])[0])
    return {
        "the commonest class": by_color.new_tensor(commonest).expand(shape),
        "the commonest at each place": places.to(kind).expand(shape),
        "the commonest of each color": by_color,
    }
