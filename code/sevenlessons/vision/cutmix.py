r"""CutMix: paste a box of another picture, and mix the labels by its area.

Yun and others (2019), arXiv:1905.04899. A share :math:`\lambda` is drawn as
in `mixup`. The box has :math:`1 - \lambda` of the picture's area, and its
middle lies anywhere; at the border a part of it is lost. So the share that
goes into the target is counted from the pixels that were pasted.
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from .cutout import box_mask, random_boxes
from .mixup import check_alpha, draw_shares, mixed_target

__all__ = ["CutMix", "paste"]


def paste(
    images: Tensor, others: Tensor, boxes: Tensor
) -> tuple[Tensor, Tensor]:
    """Return `images` with a box of `others`, and what is left of them.

    Parameters
    ----------
    images, others
        Two batches of one shape ``(N, C, H, W)``.
    boxes
        Top, left, bottom, right of each, as `cutout.random_boxes` returns
        them, shape ``(N, 4)``.

    Returns
    -------
    tuple of Tensor
        The new pictures, and for each the share of its pixels that still
        are its own, shape ``(N,)``.

    Examples
    --------
    >>> black, white = torch.zeros(1, 1, 2, 2), torch.ones(1, 1, 2, 2)
    >>> pasted, left = paste(black, white, torch.tensor([[0, 0, 1, 1]]))
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
            f"{tuple(boxes.shape)}; see cutout.random_boxes"
        )
    inside = box_mask(boxes.to(images.device), *images.shape[2:])
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
        sides = (1 - shares).sqrt()  # of the box, for its area
        boxes = random_boxes(count, height, width, sides, generator)
        partner = partner.to(images.device)
        mixed, left = paste(images, images[partner], boxes)
        rows = mixed_target(
            target,
            partner.to(target.device),
            left.to(target.device),
            self.num_classes,
        )
        return mixed, rows
