r"""CutMix: paste a box of another picture, and mix the labels by its area.

Yun and others (2019), arXiv:1905.04899. A share :math:`\lambda` is drawn as
in `mixup`. The box has :math:`1 - \lambda` of the picture's area, and its
middle lies anywhere; at the border a part of it is lost. So the share that
goes into the target is counted from the pixels that were pasted.
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from .mixup import check_alpha, draw_shares, mixed_target

__all__ = ["CutMix", "box_masks", "boxes_at", "paste"]


def boxes_at(
    centers: Tensor, areas: Tensor, height: int, width: int
) -> Tensor:
    """Return boxes of the picture's proportions, cut off at its border.

    Parameters
    ----------
    centers
        Row and column of the middle pixel, whole numbers, shape ``(N, 2)``.
    areas
        Share of the picture that a whole box covers, shape ``(N,)``.
    height, width
        Of the pictures.

    Returns
    -------
    Tensor
        First row, row after the last, first column, column after the last,
        shape ``(N, 4)``.

    Examples
    --------
    >>> centers = torch.tensor([[4, 4], [0, 7]])
    >>> boxes_at(centers, torch.tensor([0.25, 0.25]), 8, 8).tolist()
    [[2, 6, 2, 6], [0, 2, 5, 8]]

    """
    sides = areas.double().clamp(0, 1).sqrt()
    ends = []
    for axis, length in enumerate((height, width)):
        side = (length * sides).round().long()
        start = centers[:, axis] - side // 2
        ends += [start.clamp(0, length), (start + side).clamp(0, length)]
    return torch.stack(ends, dim=1)


def box_masks(boxes: Tensor, height: int, width: int) -> Tensor:
    """Return True inside each box, shape ``(N, 1, height, width)``.

    Examples
    --------
    >>> box_masks(torch.tensor([[0, 1, 1, 3]]), 2, 3).int().tolist()
    [[[[0, 1, 1], [0, 0, 0]]]]

    """
    top, bottom, left, right = boxes[:, :, None].unbind(1)
    rows = torch.arange(height, device=boxes.device)
    columns = torch.arange(width, device=boxes.device)
    down = (rows >= top) & (rows < bottom)
    across = (columns >= left) & (columns < right)
    return (down[:, :, None] & across[:, None, :])[:, None]


def paste(
    images: Tensor, others: Tensor, boxes: Tensor
) -> tuple[Tensor, Tensor]:
    """Return `images` with a box of `others`, and what is left of them.

    Parameters
    ----------
    images, others
        Two batches of one shape ``(N, C, H, W)``.
    boxes
        As `boxes_at` returns them, shape ``(N, 4)``.

    Returns
    -------
    tuple of Tensor
        The new pictures, and for each the share of its pixels that still
        are its own, shape ``(N,)``.

    Examples
    --------
    >>> black, white = torch.zeros(1, 1, 2, 2), torch.ones(1, 1, 2, 2)
    >>> pasted, left = paste(black, white, torch.tensor([[0, 1, 0, 1]]))
    >>> pasted.tolist(), left.tolist()
    ([[[[1.0, 0.0], [0.0, 0.0]]]], [0.75])

    """
    if images.shape != others.shape or images.ndim != 4:
        raise ValueError(
            "expected two batches of one shape (N, C, H, W), got "
            f"{tuple(images.shape)} and {tuple(others.shape)}"
        )
    if boxes.shape != (len(images), 4):
        raise ValueError(
            f"expected boxes of shape ({len(images)}, 4), one a picture, got "
            f"{tuple(boxes.shape)}; see boxes_at"
        )
    inside = box_masks(boxes.to(images.device), *images.shape[2:])
    left = 1 - inside.float().mean(dim=(1, 2, 3))
    return torch.where(inside, others, images), left


class CutMix:
    """Paste a box of another picture of the batch, as a loader's `paired`.

    Parameters
    ----------
    num_classes
        Width of the targets.
    alpha
        Of the Beta distribution of the shares, above 0; 1 makes all areas
        of the box equally likely.

    Examples
    --------
    >>> images = torch.rand(4, 1, 8, 8)
    >>> cutmix = CutMix(num_classes=3)
    >>> generator = Generator().manual_seed(0)
    >>> mixed, target = cutmix(images, torch.tensor([0, 1, 2, 0]), generator)
    >>> torch.allclose(target.sum(dim=1), torch.ones(4))
    True

    """

    def __init__(self, num_classes: int, *, alpha: float = 1.0) -> None:
        if num_classes < 2:
            raise ValueError(
                f"num_classes must be at least 2, got {num_classes}"
            )
        check_alpha(alpha)
        self.num_classes = num_classes
        self.alpha = alpha

    def __call__(
        self, images: Tensor, target: Tensor, generator: Generator
    ) -> tuple[Tensor, Tensor]:
        """Return pasted images and targets ``(N, num_classes)``."""
        if images.ndim != 4:
            raise ValueError(
                "expected images of shape (N, C, H, W), got "
                f"{tuple(images.shape)}; add a channel with images[:, None]"
            )
        count, _, height, width = images.shape
        shares = draw_shares(count, self.alpha, generator)
        partner = torch.randperm(count, generator=generator)
        places = torch.rand(count, 2, generator=generator)
        centers = (places * torch.tensor([height, width])).long()
        boxes = boxes_at(centers, 1 - shares, height, width)
        partner = partner.to(images.device)
        mixed, left = paste(images, images[partner], boxes)
        rows = mixed_target(
            target,
            partner.to(target.device),
            left.to(target.device),
            self.num_classes,
        )
        return mixed, rows
