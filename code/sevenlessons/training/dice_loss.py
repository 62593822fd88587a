"""A loss made of the Dice score, for classes that cover few pixels.

Cross-entropy counts pixels, so a class with few of them hardly counts. Dice
compares sizes and overlaps class by class. Counts have no gradient; sums of
probabilities in their place have one.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .shapes import check_class_shapes

__all__ = ["DiceLoss"]


class DiceLoss(nn.Module):
    """One minus the mean Dice score, made of probabilities.

    Of the classes that are in the batch, all pixels of the batch together:
    ``1 - mean(2 * sum(p * t) / (sum(p) + sum(t)))``.

    Parameters
    ----------
    ignore_index
        The number in the target that means void: left out of all sums.

    Notes
    -----
    Milletari, Navab and Ahmadi (2016), arXiv:1606.04797, who square the
    probabilities below the bar; here they are plain.

    Examples
    --------
    >>> scores = torch.tensor([[[[9.0, -9.0]], [[-9.0, 9.0]]]])
    >>> DiceLoss()(scores, torch.tensor([[[0, 1]]])) < 1e-6
    tensor(True)

    """

    def __init__(self, ignore_index: int | None = None) -> None:
        super().__init__()
        self.ignore_index = ignore_index

    def forward(self, prediction: Tensor, target: Tensor) -> Tensor:
        """Return the loss of scores (N, K, ...) and classes (N, ...)."""
        check_class_shapes(prediction, target)
        num_classes = prediction.shape[1]
        # float16 holds no sum above 65504, which 256 x 256 pixels reach
        kind = torch.promote_types(prediction.dtype, torch.float32)
        shares = prediction.softmax(dim=1, dtype=kind).movedim(1, -1)
        target = target.long()
        if self.ignore_index is not None:
            judged = target != self.ignore_index
            shares, target = shares[judged], target[judged]
        if target.numel() == 0:  # all is void
            return prediction.sum() * 0.0
        if int(target.min()) < 0 or int(target.max()) >= num_classes:
            raise ValueError(
                f"target holds class numbers from {int(target.min())} to "
                f"{int(target.max())}, expected 0 to {num_classes - 1}; if "
                "one of them means void, pass it as ignore_index"
            )
        shares, target = shares.reshape(-1, num_classes), target.flatten()
        right = shares.gather(1, target[:, None])[:, 0]
        both = right.new_zeros(num_classes).index_add(0, target, right)
        there = target.bincount(minlength=num_classes)
        sizes = shares.sum(dim=0) + there
        present = there > 0
        return 1 - torch.mean(2 * both[present] / sizes[present])
