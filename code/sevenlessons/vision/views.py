"""One photo, eight ways to hold it: turned and mirrored views.

A photo of the sky has no up and no down, so all eight views of it are equally
true. `view_features` runs a frozen body over each of them once; training
then meets a photo from a new side in each epoch (`RandomView`), and a
prediction can average over all sides (`mean_probabilities`).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .backbones import Backbone
from .features import cached_features
from .modes import evaluating

__all__ = [
    "RandomView",
    "dihedral_view",
    "mean_probabilities",
    "view_features",
]


def dihedral_view(images: Tensor, view: int) -> Tensor:
    """Return square `images` turned by quarter turns, and mirrored from 4 on.

    Parameters
    ----------
    images
        Shape ``(..., H, W)`` with ``H == W``.
    view
        In ``[0, 8)``: ``view % 4`` quarter turns; mirrored first when 4 or
        more. 0 is the photo as it is.

    Examples
    --------
    >>> dihedral_view(torch.tensor([[1, 2], [3, 4]]), 1)
    tensor([[2, 4],
            [1, 3]])

    """
    if not 0 <= view < 8:
        raise ValueError(f"view must be in [0, 8), got {view}")
    if images.ndim < 2 or images.shape[-1] != images.shape[-2]:
        raise ValueError(
            "expected square images of shape (..., H, H), got "
            f"{tuple(images.shape)}; crop or resize them first"
        )
    mirrored = images.flip(-1) if view >= 4 else images
    return torch.rot90(mirrored, view % 4, (-2, -1))


def view_features(
    backbone: Backbone,
    images: Tensor,
    *,
    views: Sequence[int] = range(8),
    pool: str = "concat",
) -> Tensor:
    """Return the features of each view of each photo, without gradients.

    Parameters
    ----------
    backbone
        Run in eval mode and left as it is.
    images
        Square photos ``(N, 3, H, H)``, bytes or floats in ``[0, 1]``.
    views
        Which views, see `dihedral_view`; at least one.
    pool
        As in `cached_features`.

    Returns
    -------
    Tensor
        Shape ``(N, V, F)`` or, with ``pool="none"``, ``(N, V, C, h, w)``.

    Examples
    --------
    >>> from sevenlessons.vision.backbones import load_backbone
    >>> backbone = load_backbone("mobilenet_v2", pretrained=False)
    >>> photos = torch.zeros(2, 3, 32, 32, dtype=torch.uint8)
    >>> view_features(backbone, photos, views=[0, 4]).shape
    torch.Size([2, 2, 2560])

    """
    if len(views) == 0:
        raise ValueError("views is empty; pass at least one, such as [0]")
    features = [
        cached_features(backbone, dihedral_view(images, view), pool=pool)
        for view in views
    ]
    return torch.stack(features, dim=1)


class RandomView:
    """Pick one view of each photo of a batch, as a loader's `transform`.

    Examples
    --------
    >>> features = torch.arange(6.0).reshape(2, 3, 1)  # 2 photos, 3 views
    >>> RandomView()(features, torch.Generator().manual_seed(0)).shape
    torch.Size([2, 1])

    """

    def __call__(
        self, features: Tensor, generator: torch.Generator | None = None
    ) -> Tensor:
        """Return ``(n, ...)`` out of features ``(n, V, ...)``."""
        count, views = features.shape[:2]
        chosen = torch.randint(views, (count,), generator=generator)
        rows = torch.arange(count, device=features.device)
        return features[rows, chosen.to(features.device)]


def mean_probabilities(
    model: nn.Module,
    features: Tensor,
    *,
    batch_size: int = 256,
    several: bool = False,
) -> Tensor:
    """Return probabilities averaged over the views of each photo.

    Parameters
    ----------
    model
        Gives scores ``(n, K)`` of one view; run in eval mode.
    features
        Shape ``(N, V, ...)``, from `view_features`.
    batch_size
        Rows at a time.
    several
        True for models that give each label a yes or no of its own: a
        sigmoid a label in place of one softmax.

    Returns
    -------
    Tensor
        Shape ``(N, K)``, on the CPU; rows sum to 1 unless `several`.

    Examples
    --------
    >>> features = torch.tensor([[[0.0, 0.0], [0.0, 100.0]]])  # two views
    >>> mean_probabilities(nn.Identity(), features)
    tensor([[0.2500, 0.7500]])

    """
    if features.ndim < 3:
        raise ValueError(
            "expected features of shape (N, V, ...), photos by views, got "
            f"{tuple(features.shape)}; add an axis with features[:, None]"
        )
    count, views = features.shape[:2]
    rows = features.flatten(0, 1)
    with evaluating(model), torch.inference_mode():
        scores = [model(part) for part in rows.split(batch_size)]
    joined = torch.cat(scores).float()
    shares = joined.sigmoid() if several else joined.softmax(dim=1)
    return shares.cpu().reshape(count, views, -1).mean(dim=1).clone()
