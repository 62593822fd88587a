"""Test-time augmentation: ask about several views, average the answers.

A *view* is any function from a batch of pictures to a batch of pictures:
mirrored, turned, cropped. `predict_views` shows every view to the network,
`average_scores` makes one answer of the scores. Nothing is trained.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

import torch
from torch import Tensor, nn

from .modes import evaluating
from .views import dihedral_view

__all__ = [
    "average_scores",
    "dihedral_views",
    "five_crops",
    "flip_views",
    "identity_view",
    "predict_views",
]

View = Callable[[Tensor], Tensor]
_AVERAGES = ("probabilities", "logs")


def identity_view(images: Tensor) -> Tensor:
    """Return the pictures as they are: the view that changes nothing.

    Examples
    --------
    >>> identity_view(torch.tensor([1, 2])).tolist()
    [1, 2]

    """
    return images


def flip_views() -> list[View]:
    """Return two views: as it is, and mirrored left and right.

    Examples
    --------
    >>> row = torch.tensor([[[[1, 2]]]])
    >>> [view(row).flatten().tolist() for view in flip_views()]
    [[1, 2], [2, 1]]

    """
    return [identity_view, partial(torch.flip, dims=(-1,))]


def dihedral_views() -> list[View]:
    """Return the eight views of a square, in the order of `dihedral_view`.

    Examples
    --------
    >>> square = torch.arange(4).view(1, 1, 2, 2)
    >>> [view(square).flatten().tolist() for view in dihedral_views()][:2]
    [[0, 1, 2, 3], [1, 3, 0, 2]]

    """
    return [partial(dihedral_view, view=view) for view in range(8)]


def _crop(images: Tensor, size: int, row: float, column: float) -> Tensor:
    """Cut a square whose place is a share of the room there is."""
    height, width = images.shape[-2:]
    if size > min(height, width):
        raise ValueError(
            f"expected pictures of at least {size} x {size} pixels, got "
            f"{height} x {width}; ask for smaller crops, or load them larger"
        )
    top, left = round(row * (height - size)), round(column * (width - size))
    return images[..., top : top + size, left : left + size]


def five_crops(size: int) -> list[View]:
    """Return five views: the crops of the four corners, then the center.

    Parameters
    ----------
    size
        Height and width of each crop in pixels. The order is that of
        `torchvision.transforms.FiveCrop`: top left, top right, bottom left,
        bottom right, center.

    Examples
    --------
    >>> picture = torch.arange(9).view(1, 1, 3, 3)
    >>> [view(picture).item() for view in five_crops(1)]
    [0, 2, 6, 8, 4]

    """
    if size < 1:
        raise ValueError(f"size must be at least 1 pixel, got {size}")
    places = [(0, 0), (0, 1), (1, 0), (1, 1), (0.5, 0.5)]
    return [partial(_crop, size=size, row=r, column=c) for r, c in places]


def average_scores(
    scores: Tensor,
    *,
    average: str = "probabilities",
    weights: Sequence[float] | None = None,
) -> Tensor:
    """Return one row of probabilities a picture from the scores of its views.

    For views that are stored as pictures there is `views.mean_probabilities`.

    Parameters
    ----------
    scores
        Before softmax, shape ``(N, V, K)``: pictures, views, classes.
    average
        ``"probabilities"``: their mean. ``"logs"``: the mean of their
        logarithms, made probabilities again; one view that is sure that a
        class is wrong can then veto it.
    weights
        What each view counts, shape ``(V,)``, finite; None counts all alike.
        A view that counts 0 is left out.

    Returns
    -------
    Tensor
        Shape ``(N, K)``; rows sum to 1.

    Examples
    --------
    >>> scores = torch.tensor([[[0.0, 0.0], [0.0, 100.0]]])  # two views
    >>> average_scores(scores)
    tensor([[0.2500, 0.7500]])
    >>> average_scores(scores, weights=[3, 1])
    tensor([[0.3750, 0.6250]])
    >>> average_scores(scores, average="logs")
    tensor([[1.9287e-22, 1.0000e+00]])

    """
    if scores.ndim != 3 or scores.shape[1] < 1:
        raise ValueError(
            "expected scores of shape (N, V, K), pictures by views by "
            f"classes, with at least one view, got {tuple(scores.shape)}"
        )
    if average not in _AVERAGES:
        raise ValueError(
            f"average must be one of {', '.join(_AVERAGES)}, got {average!r}"
        )
    shares = _shares(scores, weights)
    counted = shares[:, 0] > 0  # 0 times minus infinity is no number
    shares, log_p = shares[counted], scores[:, counted].log_softmax(dim=2)
    if average == "logs":
        return (shares * log_p).sum(dim=1).softmax(dim=1)
    return (shares * log_p.exp()).sum(dim=1)


def _shares(scores: Tensor, weights: Sequence[float] | None) -> Tensor:
    """Return what each view counts, summing to 1, shape (V, 1)."""
    views = scores.shape[1]
    given = [1.0] * views if weights is None else list(weights)
    right = len(given) == views and all(0 <= w < math.inf for w in given)
    if not right or not 0 < sum(given) < math.inf:
        raise ValueError(
            f"expected {views} weights, one a view, finite, none below zero "
            f"and not all zero, got {given}"
        )
    shares = scores.new_tensor(given)
    return (shares / shares.sum())[:, None]


def predict_views(
    model: nn.Module,
    images: Tensor,
    views: Sequence[View],
    *,
    average: str = "probabilities",
    weights: Sequence[float] | None = None,
    batch_size: int = 256,
) -> Tensor:
    """Return probabilities averaged over views of each picture.

    Parameters
    ----------
    model
        Gives scores ``(n, K)``; run in eval mode, then left as it was.
    images
        Shape ``(N, C, H, W)``.
    views
        Functions from a batch to a batch; ``[identity_view]`` gives the
        plain prediction.
    average, weights
        As in `average_scores`.
    batch_size
        Pictures at a time, at least 1.

    Returns
    -------
    Tensor
        Shape ``(N, K)``, on the device of `images`.

    Examples
    --------
    >>> model = nn.Flatten()  # scores are the pixels
    >>> images = torch.tensor([[[[0.0, 100.0]]]])
    >>> predict_views(model, images, flip_views())
    tensor([[0.5000, 0.5000]])

    """
    if len(views) == 0:
        raise ValueError(
            "views is empty; pass at least one, such as [identity_view]"
        )
    if images.ndim != 4 or len(images) == 0:
        raise ValueError(
            "expected at least one picture of shape (N, C, H, W), got "
            f"{tuple(images.shape)}; add a batch axis with image[None]"
        )
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    parts = []
    with evaluating(model), torch.no_grad():
        for batch in images.split(batch_size):
            scores = [model(view(batch)) for view in views]
            parts.append(
                average_scores(
                    torch.stack(scores, dim=1),
                    average=average,
                    weights=weights,
                )
            )
    return torch.cat(parts)
