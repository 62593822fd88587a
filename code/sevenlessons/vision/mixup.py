r"""Mixup: train on weighted means of two pictures and of their labels.

Zhang and others (2018), arXiv:1710.09412. A share :math:`\lambda` is drawn
for each picture, from Beta(:math:`\alpha, \alpha`); the picture and its target
are mixed with those of another picture in the batch:

.. math::
    \tilde x = \lambda x + (1 - \lambda) x', \qquad
    \tilde q = \lambda q + (1 - \lambda) q'

For small :math:`\alpha` most shares lie near 0 or 1; for 1 all are as likely.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Generator, Tensor
from torch.nn.functional import one_hot

__all__ = ["Mixup", "check_alpha", "draw_shares", "mix", "mixed_target"]


def draw_shares(count: int, alpha: float, generator: Generator) -> Tensor:
    """Return numbers from Beta(`alpha`, `alpha`), shape ``(count,)``.

    Parameters
    ----------
    count
        How many.
    alpha
        Above 0 and finite. Small: most lie near 0 or 1. Large: most lie
        near a half.
    generator
        Decides the numbers.

    Examples
    --------
    >>> shares = draw_shares(1000, 0.2, Generator().manual_seed(0))
    >>> round(shares.mean().item(), 1), bool(shares.std() > 0.35)
    (0.5, True)

    """
    check_alpha(alpha)
    # torch's own Beta takes no generator
    seed = int(torch.randint(2**62, (1,), generator=generator))
    shares = np.random.default_rng(seed).beta(alpha, alpha, count)
    return torch.from_numpy(shares).float()


def mix(first: Tensor, second: Tensor, shares: Tensor) -> Tensor:
    """Return ``shares * first + (1 - shares) * second``, row by row.

    Parameters
    ----------
    first, second
        Two tensors of one shape ``(N, ...)``.
    shares
        What `first` counts in each row, shape ``(N,)``, in ``[0, 1]``.

    Examples
    --------
    >>> black, white = torch.zeros(2, 1), torch.ones(2, 1)
    >>> mix(white, black, torch.tensor([1.0, 0.25])).tolist()
    [[1.0], [0.25]]

    """
    if first.shape != second.shape or shares.shape != first.shape[:1]:
        raise ValueError(
            "expected two tensors of one shape (N, ...) and N shares, got "
            f"{tuple(first.shape)}, {tuple(second.shape)} and "
            f"{tuple(shares.shape)}"
        )
    if len(shares) and not 0 <= shares.min() <= shares.max() <= 1:
        raise ValueError(
            f"shares must be in [0, 1], got {shares.min().item():.3g} to "
            f"{shares.max().item():.3g}"
        )
    shares = shares.to(first).view(-1, *[1] * (first.ndim - 1))
    return shares * first + (1 - shares) * second


def mixed_target(
    target: Tensor, partner: Tensor, shares: Tensor, num_classes: int
) -> Tensor:
    """Return the targets of mixed pictures; each row sums to 1.

    Parameters
    ----------
    target
        Class numbers, shape ``(N,)``.
    partner
        Which row of the batch each was mixed with, shape ``(N,)``.
    shares
        What the row itself counts, shape ``(N,)``.
    num_classes
        Width of the result.

    Returns
    -------
    Tensor
        Shape ``(N, num_classes)``, float.

    Examples
    --------
    >>> target, partner = torch.tensor([0, 2]), torch.tensor([1, 0])
    >>> mixed_target(target, partner, torch.tensor([0.75, 0.5]), 3).tolist()
    [[0.75, 0.0, 0.25], [0.5, 0.0, 0.5]]

    """
    is_number = not target.is_floating_point() and target.dtype != torch.bool
    if target.ndim != 1 or not is_number:
        raise ValueError(
            "expected class numbers of shape (N,), got "
            f"{target.dtype} of shape {tuple(target.shape)}; mix once only, "
            "and before anything else that changes the target"
        )
    if len(target) and not 0 <= int(target.min()) <= int(target.max()) < (
        num_classes
    ):
        raise ValueError(
            f"class numbers must be in [0, {num_classes}), got "
            f"{int(target.min())} to {int(target.max())}; num_classes counts "
            "all classes, not those of the batch"
        )
    rows = one_hot(target.long(), num_classes).float()
    return mix(rows, rows[partner], shares)


class Mixup:
    """Mix each picture of a batch with another one, as a loader's `paired`.

    The target becomes a row of probabilities, which
    `torch.nn.functional.cross_entropy` takes as it is.

    Parameters
    ----------
    num_classes
        Width of the targets.
    alpha
        Of the Beta distribution of the shares, above 0.

    Examples
    --------
    >>> images = torch.rand(4, 1, 8, 8)
    >>> mixup = Mixup(num_classes=3, alpha=0.4)
    >>> generator = Generator().manual_seed(0)
    >>> mixed, target = mixup(images, torch.tensor([0, 1, 2, 0]), generator)
    >>> mixed.shape, target.shape
    (torch.Size([4, 1, 8, 8]), torch.Size([4, 3]))

    """

    def __init__(self, num_classes: int, *, alpha: float = 0.4) -> None:
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
        """Return mixed images (float) and targets ``(N, num_classes)``."""
        if not images.is_floating_point():
            raise TypeError(
                f"images must be floats, got {images.dtype}; a mean of bytes "
                "is no byte: use images.float() / 255"
            )
        shares = draw_shares(len(images), self.alpha, generator)
        partner = torch.randperm(len(images), generator=generator)
        partner, shares = partner.to(target.device), shares.to(images.device)
        mixed = mix(images, images[partner], shares)
        rows = mixed_target(
            target, partner, shares.to(target.device), self.num_classes
        )
        return mixed, rows


def check_alpha(alpha: float) -> None:
    """Refuse an `alpha` for which there is no Beta distribution.

    Examples
    --------
    >>> check_alpha(0.4)

    """
    if not 0 < alpha < math.inf:
        raise ValueError(
            f"alpha must be above 0 and finite, got {alpha}; 0.2 to 1 is "
            "usual, and to switch mixing off leave it out"
        )
