"""What a body knows after each of its blocks.

`depth_features` runs a body once and keeps what leaves the blocks asked for,
pooled to one vector a picture. With them one can ask where to cut the body,
and which pictures look alike to it early and late.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from .backbones import Backbone
from .features import fused_copy
from .heads import ConcatPool2d

__all__ = ["depth_features", "nearest_rows"]


def depth_features(
    backbone: Backbone,
    images: Tensor,
    depths: Sequence[int],
    *,
    batch_size: int = 32,
) -> dict[int, Tensor]:
    """Return pooled features after each number of blocks, in one pass.

    Parameters
    ----------
    backbone
        Run in eval mode, on a copy and on its device; left as it is.
    images
        Pictures ``(N, 3, H, W)``, bytes or floats in ``[0, 1]``.
    depths
        Numbers of blocks, each from 1 to all of them.
    batch_size
        Pictures at a time; does not change the result beyond rounding.

    Returns
    -------
    dict
        For each depth the average and the largest value of each map, as
        `ConcatPool2d` makes them, shape ``(N, 2C)``, on the CPU.

    Examples
    --------
    >>> from sevenlessons.vision.backbones import load_backbone
    >>> backbone = load_backbone("mobilenet_v2", pretrained=False)
    >>> photos = torch.zeros(2, 3, 32, 32, dtype=torch.uint8)
    >>> found = depth_features(backbone, photos, [1, 19])
    >>> [tuple(features.shape) for features in found.values()]
    [(2, 64), (2, 2560)]

    """
    total = len(backbone.body)
    if not depths or not all(1 <= depth <= total for depth in depths):
        raise ValueError(
            f"depths must be in [1, {total}], since {backbone.name} has "
            f"{total} blocks, got {list(depths)}"
        )
    if len(images) == 0:
        raise ValueError("images is empty; pass at least one picture")
    fused = fused_copy(backbone).to(memory_format=torch.channels_last)
    device = next(backbone.parameters()).device
    pool = ConcatPool2d()
    found: dict[int, list[Tensor]] = {depth: [] for depth in sorted(depths)}
    with torch.no_grad():
        for batch in images.split(batch_size):
            maps = batch.to(device)
            if backbone.normalize is not None:
                maps = backbone.normalize(maps)
            blocks = list(fused.get_submodule("body").children())
            for depth, block in enumerate(blocks[: max(depths)], start=1):
                maps = block(maps)
                if depth in found:
                    found[depth].append(pool(maps).cpu())
    return {depth: torch.cat(parts) for depth, parts in found.items()}


def nearest_rows(
    features: Tensor,
    rows: Sequence[int] | Tensor,
    *,
    k: int = 3,
    groups: Tensor | None = None,
) -> Tensor:
    """Return the `k` rows most like each row asked for, nearest first.

    Alike is what points in the same direction: cosine similarity of the
    features, each first taken off its mean over all rows and divided by its
    spread, so that no channel drowns the others.

    Parameters
    ----------
    features
        One vector a row, shape ``(N, F)``.
    rows
        Rows to find neighbors for, shape ``(R,)``.
    k
        How many, at least 1.
    groups
        A number a row, shape ``(N,)``; rows of the same group are no
        neighbors. Without it only the row itself is left out.

    Returns
    -------
    Tensor
        Row numbers, shape ``(R, k)``.

    Examples
    --------
    >>> features = torch.tensor([[0.0, 1], [0, 2], [3, 0], [2, 0]])
    >>> nearest_rows(features, [0, 2], k=1)
    tensor([[1],
            [3]])

    """
    if features.ndim != 2:
        raise ValueError(
            "expected features of shape (N, F), one vector a row, got "
            f"{tuple(features.shape)}"
        )
    chosen = torch.as_tensor(rows)
    number = torch.arange(len(features)) if groups is None else groups
    if len(number) != len(features):
        raise ValueError(
            f"expected one group for each of the {len(features)} rows, got "
            f"{len(number)}"
        )
    allowed = number[chosen][:, None] != number
    fewest = int(allowed.sum(dim=1).min()) if len(chosen) else k
    if not 1 <= k <= fewest:
        raise ValueError(
            f"k must be in [1, {fewest}], the rows outside the own group, "
            f"got {k}"
        )
    spread = features.std(dim=0, correction=0)
    scaled = (features - features.mean(dim=0)) / spread.clamp_min(1e-12)
    directions = torch.nn.functional.normalize(scaled, dim=1)
    similarity = directions[chosen] @ directions.T  # (R, N)
    hidden = similarity.masked_fill(~allowed, -torch.inf)
    return hidden.topk(k, dim=1).indices
