"""Find near duplicates by what a pretrained network sees in them.

A hash of brightness is lost when a picture is cropped. The first blocks of a
pretrained body see texture, and where it is; their features, *whitened*, are
alike for a picture and its crop. The last blocks see what is shown, and would
call two pictures of one kind the same.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from .backbones import Backbone, split_backbone
from .features import cached_features
from .views import dihedral_view

__all__ = [
    "look_features",
    "similar_pairs",
    "view_similarity",
    "whiten",
]

_BLOCK = 512  # rows compared at a time


def look_features(
    backbone: Backbone,
    images: Tensor,
    *,
    blocks: int = 11,
    grid: int = 3,
    views: Sequence[int] = range(8),
) -> Tensor:
    """Return what the first blocks of a body see, and where.

    Parameters
    ----------
    backbone
        A whole backbone; left as it is.
    images
        Square pictures (N, 3, H, H), bytes or floats in [0, 1].
    blocks
        How many blocks are run; for MobileNetV2, 11 of 19.
    grid
        The maps are averaged over ``grid`` by ``grid`` squares, which keeps
        where in the picture something is.
    views
        Sides from which each picture is looked at, see `dihedral_view`; the
        first of them should be 0.

    Returns
    -------
    Tensor
        Shape ``(N, V, C * grid * grid)``.

    Examples
    --------
    >>> from sevenlessons.vision.backbones import load_backbone
    >>> backbone = load_backbone("mobilenet_v2", pretrained=False)
    >>> photos = torch.zeros(2, 3, 32, 32, dtype=torch.uint8)
    >>> look_features(backbone, photos, views=[0, 4]).shape
    torch.Size([2, 2, 576])

    """
    if grid < 1:
        raise ValueError(f"grid must be at least 1, got {grid}")
    if len(views) == 0:
        raise ValueError("views is empty; pass at least one, such as [0]")
    early, _ = split_backbone(backbone, blocks)
    rows = []
    for view in views:
        turned = dihedral_view(images, view)
        maps = cached_features(early, turned, pool="none")
        rows.append(F.adaptive_avg_pool2d(maps, grid).flatten(1))
    return torch.stack(rows, dim=1)


def whiten(
    features: Tensor,
    *,
    like: Tensor | None = None,
    dims: int | None = None,
    ridge: float = 0.1,
) -> Tensor:
    """Return features without their common part, every direction alike.

    The mean is taken off; then each principal direction of the pictures at
    hand is scaled to the same spread. What all pictures of a folder share (a
    dark sky, a white table) no longer makes them similar.

    Parameters
    ----------
    features
        Shape ``(N, F)`` or ``(N, V, F)``.
    like
        What is common is learned from these; None learns it from `features`.
        Of several views the first one decides.
    dims
        Principal directions to keep; None keeps half as many as there are
        pictures, at most 200.
    ridge
        Added to each spread, as a share of their mean, so that directions
        that are mostly noise are not blown up.

    Returns
    -------
    Tensor
        Shape ``(..., dims)``.

    Examples
    --------
    >>> torch.manual_seed(0)  # doctest: +ELLIPSIS
    <torch...
    >>> features = torch.randn(500, 2) * torch.tensor([100.0, 1.0]) + 7
    >>> spread = whiten(features, dims=2, ridge=0.0).std(dim=0)
    >>> bool((spread[0] / spread[1]).log().abs() < 0.01)
    True

    """
    if features.ndim not in (2, 3):
        raise ValueError(
            "expected features of shape (N, F) or (N, V, F), got "
            f"{tuple(features.shape)}"
        )
    known = features if like is None else like
    first = known if known.ndim == 2 else known[:, 0]
    most = min(first.shape)
    kept = min(200, max(1, len(first) // 2), most) if dims is None else dims
    if not 1 <= kept <= most:
        raise ValueError(
            f"dims must be in [1, {most}] for features of shape "
            f"{tuple(first.shape)}, got {dims}"
        )
    mean = first.mean(dim=0)
    _, spread, directions = torch.linalg.svd(first - mean, full_matrices=False)
    scale = spread[:kept] + ridge * spread.mean()
    return (features - mean) @ (directions[:kept].T / scale.clamp_min(1e-12))


def view_similarity(features: Tensor, others: Tensor | None = None) -> Tensor:
    """Return the cosine similarity of pictures, over the best view.

    Parameters
    ----------
    features
        Shape ``(N, F)`` or ``(N, V, F)``: any view of these pictures ...
    others
        ... is compared with the first view of those; None for the same.

    Returns
    -------
    Tensor
        Shape ``(M, N)``, in [-1, 1]: a row one of the others.

    Examples
    --------
    >>> view_similarity(torch.tensor([[3.0, 4.0], [4.0, -3.0]]))
    tensor([[1., 0.],
            [0., 1.]])

    """
    views = F.normalize(_with_views(features), dim=-1)
    other = (
        views if others is None else F.normalize(_with_views(others), dim=-1)
    )
    best = [other[:, 0] @ views[:, v].T for v in range(views.shape[1])]
    return torch.stack(best).amax(dim=0).clamp(-1, 1)


def similar_pairs(
    features: Tensor, threshold: float, *, block: int = _BLOCK
) -> list[tuple[int, int, float]]:
    """Return the pairs of pictures whose similarity reaches a threshold.

    Parameters
    ----------
    features
        Shape ``(N, F)`` or ``(N, V, F)``; see `view_similarity`.
    threshold
        Smallest cosine similarity, in (-1, 1].
    block
        Rows compared at a time: bounds the memory, not the result.

    Returns
    -------
    list of tuple
        ``(i, j, similarity)`` with ``i < j``, each pair once, the most
        similar first.

    Examples
    --------
    >>> features = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 0.1]])
    >>> [(i, j) for i, j, _ in similar_pairs(features, 0.9)]
    [(0, 2)]

    """
    if not -1 < threshold <= 1:
        raise ValueError(f"threshold must be in (-1, 1], got {threshold}")
    if block < 1:
        raise ValueError(f"block must be at least 1, got {block}")
    found = []
    for start in range(0, len(features), block):
        rows = features[start : start + block]
        similarity = view_similarity(features, rows)
        for i, j in (similarity >= threshold).nonzero().tolist():
            if start + i < j:
                found.append((start + i, j, similarity[i, j].item()))
    return sorted(found, key=lambda pair: (-pair[2], pair[0], pair[1]))


def _with_views(features: Tensor) -> Tensor:
    """Return features with an axis for views, shape (N, V, F)."""
    if features.ndim == 2:
        return features[:, None]
    if features.ndim == 3:
        return features
    raise ValueError(
        "expected features of shape (N, F) or (N, V, F), got "
        f"{tuple(features.shape)}"
    )
