"""Points in pictures: their units, and moving them with the pictures.

A point is (x, y) with both from -1 to 1 across the picture, y down, as in
`paired`: the same numbers for every size. `to_pixels` and `to_unit` convert.
`KeepInside` and `many_views` make the pictures that a network learns from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Generator, Tensor

from .paired import inside

__all__ = [
    "KeepInside",
    "SameView",
    "many_views",
    "pixel_error",
    "to_pixels",
    "to_unit",
]

Pair = Callable[..., tuple[Tensor, Tensor]]


def to_pixels(points: Tensor, size: Sequence[int]) -> Tensor:
    """Return points as places in pixels, from the top left corner.

    -1 and 1 are the outer edges of the picture, so the middle of the first
    pixel lies at 0.5.

    Parameters
    ----------
    points
        Shape (..., 2), x and y in [-1, 1].
    size
        Height and width of the picture.

    Examples
    --------
    >>> to_pixels(torch.tensor([[-1.0, -1.0], [1.0, 0.0]]), (100, 200))
    tensor([[  0.,   0.],
            [200.,  50.]])

    """
    return (points + 1) / 2 * _width_height(points, size)


def to_unit(pixels: Tensor, size: Sequence[int]) -> Tensor:
    """Return places in pixels as points in [-1, 1]: undoes `to_pixels`.

    Examples
    --------
    >>> to_unit(torch.tensor([100.0, 25.0]), (100, 200))
    tensor([ 0.0000, -0.5000])

    """
    return pixels / _width_height(pixels, size) * 2 - 1


def _width_height(points: Tensor, size: Sequence[int]) -> Tensor:
    """Return (width, height) of (height, width), in the kind of `points`."""
    if len(size) != 2 or min(size) < 1:
        raise ValueError(
            f"size must be height and width in pixels, got {tuple(size)}; "
            f"images.shape[-2:] has them"
        )
    return points.new_tensor([size[1], size[0]])


def pixel_error(
    prediction: Tensor, target: Tensor, size: Sequence[int]
) -> Tensor:
    """Return how far each predicted point lies from the true one, in pixels.

    Parameters
    ----------
    prediction, target
        Shape (..., 2), x and y in [-1, 1].
    size
        Height and width of the frame that the pixels belong to.

    Examples
    --------
    >>> truth = torch.tensor([[0.0, 0.0]])
    >>> pixel_error(truth + torch.tensor([0.03, 0.04]), truth, (200, 200))
    tensor([5.])

    """
    if prediction.shape != target.shape:
        raise ValueError(
            f"prediction and target must have one shape, got "
            f"{tuple(prediction.shape)} and {tuple(target.shape)}"
        )
    apart = to_pixels(prediction, size) - to_pixels(target, size)
    return apart.norm(dim=-1)


class KeepInside:
    """Draw a change again for pictures whose point left the frame.

    Parameters
    ----------
    paired
        A `Paired` for points, or whatever is called like one. Points that
        lie inside must have a fair chance to stay there.
    tries
        How often to draw before giving up.

    Examples
    --------
    >>> from sevenlessons.vision.augment import RandomResizedCrop
    >>> from sevenlessons.vision.paired import Paired
    >>> crop = Paired([RandomResizedCrop(0.2)], kind="points")
    >>> images, points = torch.zeros(50, 3, 8, 8), torch.full((50, 2), 0.9)
    >>> bool(inside(crop(images, points)[1]).all())
    False
    >>> bool(inside(KeepInside(crop)(images, points)[1]).all())
    True

    """

    def __init__(self, paired: Pair, *, tries: int = 100) -> None:
        if tries < 1:
            raise ValueError(f"tries must be at least 1, got {tries}")
        self.paired = paired
        self.tries = tries

    def __call__(
        self,
        images: Tensor,
        points: Tensor,
        *,
        generator: Generator | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Return changed images and points; every point is inside."""
        moved, found = self.paired(images, points, generator=generator)
        for _ in range(self.tries - 1):
            lost = (~inside(found)).reshape(len(found), -1).any(1)
            rows = lost.nonzero().flatten()
            if not len(rows):
                return moved, found
            moved[rows], found[rows] = self.paired(
                images[rows], points[rows], generator=generator
            )
        if not inside(found).all():
            raise ValueError(
                f"after {self.tries} tries a point still leaves the frame; "
                f"take gentler changes, or leave out pictures whose point "
                f"is outside"
            )
        return moved, found


def many_views(
    images: Tensor, points: Tensor, paired: Pair, *, views: int, seed: int = 0
) -> tuple[Tensor, Tensor]:
    """Return each picture, and its point, changed in several ways.

    Parameters
    ----------
    images, points
        Shapes (N, 3, H, W) and (N, 2).
    paired
        Called once a view with a generator that starts from `seed`.
    views
        How many, at least 1.

    Returns
    -------
    tuple of Tensor
        Shapes (N, V, 3, h, w) and (N, V, 2).

    Examples
    --------
    >>> from sevenlessons.vision.augment import Rotate
    >>> from sevenlessons.vision.paired import Paired
    >>> turn = Paired([Rotate(20)], kind="points")
    >>> seen, places = many_views(
    ...     torch.zeros(2, 3, 8, 8), torch.zeros(2, 2), turn, views=4
    ... )
    >>> seen.shape, places.shape
    (torch.Size([2, 4, 3, 8, 8]), torch.Size([2, 4, 2]))

    """
    if views < 1:
        raise ValueError(f"views must be at least 1, got {views}")
    generator = Generator().manual_seed(seed)
    for view in range(views):
        moved, found = paired(images, points, generator=generator)
        if view == 0:  # now their shape is known
            seen = moved.new_empty(len(moved), views, *moved.shape[1:])
            places = found.new_empty(len(found), views, *found.shape[1:])
        seen[:, view], places[:, view] = moved, found
    return seen, places


class SameView:
    """Pick one view of each sample, of input and target alike.

    A loader's `paired`, for what `many_views` made.

    Examples
    --------
    >>> inputs = torch.arange(6.0).view(2, 3)  # 2 samples, 3 views
    >>> picked, target = SameView()(inputs, 10 * inputs)
    >>> torch.equal(10 * picked, target)
    True

    """

    def __call__(
        self,
        inputs: Tensor,
        target: Tensor,
        *,
        generator: Generator | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Return (n, ...) of inputs and target of shape (n, V, ...)."""
        count, views = inputs.shape[:2]
        if target.shape[:2] != (count, views):
            raise ValueError(
                f"inputs and target must agree in samples and views, got "
                f"{tuple(inputs.shape[:2])} and {tuple(target.shape[:2])}"
            )
        chosen = torch.randint(views, (count,), generator=generator)
        rows = torch.arange(count, device=inputs.device)
        chosen = chosen.to(inputs.device)
        return inputs[rows, chosen], target[rows, chosen]
