"""The new end of a network: pooling, a little depth, one score a class."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .recipes import seeded

__all__ = ["ConcatPool2d", "last_layer", "make_head"]


class ConcatPool2d(nn.Module):
    """Average and largest value of each map, side by side.

    The average says how much of something there is, the maximum whether it
    is there at all. Features that are pooled already, shape (N, 2C), pass
    unchanged: the same head takes maps and cached features.

    Examples
    --------
    >>> maps = torch.tensor([[[[0.0, 4.0], [0.0, 0.0]]]])
    >>> ConcatPool2d()(maps)
    tensor([[1., 4.]])

    """

    def forward(self, maps: Tensor) -> Tensor:
        """Return (N, 2C) from maps (N, C, h, w): averages, then maxima."""
        if maps.ndim == 2:
            return maps
        if maps.ndim != 4:
            raise ValueError(
                f"expected maps of shape (N, C, h, w) or pooled features of "
                f"shape (N, 2C), got {tuple(maps.shape)}"
            )
        return torch.cat([maps.mean((2, 3)), maps.amax((2, 3))], dim=1)


def last_layer(
    in_channels: int, num_classes: int, *, seed: int = 0
) -> nn.Sequential:
    """Return the smallest head: the average of each map, one linear layer.

    So the networks of ImageNet end, with a thousand scores. Whoever deletes
    their last layer and puts a new one in its place gets this.

    Parameters
    ----------
    in_channels
        Channels C of the maps: ``backbone.out_channels``.
    num_classes
        Scores a picture, at least 1.
    seed
        Decides the first weights; the global random state is not touched.

    Examples
    --------
    >>> head = last_layer(1280, 5)
    >>> head(torch.zeros(2, 1280, 4, 4)).shape
    torch.Size([2, 5])

    """
    if min(in_channels, num_classes) < 1:
        raise ValueError(
            "in_channels and num_classes must be at least 1, got "
            f"{in_channels} and {num_classes}"
        )
    with seeded(seed):
        return nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(in_channels, num_classes),
        )


def make_head(
    in_channels: int,
    num_classes: int,
    *,
    hidden: int | None = 512,
    dropout: float = 0.5,
    seed: int = 0,
) -> nn.Sequential:
    """Return a head that turns maps of features into one score a class.

    Pooling, batch normalization, dropout, a hidden layer, batch
    normalization, dropout, scores. It takes maps (N, C, h, w) or what
    `cached_features` made of them, (N, 2C).

    Parameters
    ----------
    in_channels
        Channels C of the maps: ``backbone.out_channels``.
    num_classes
        Scores a picture, at least 1.
    hidden
        Width of the hidden layer; None goes to the scores directly.
    dropout
        Share of values dropped before the scores, in [0, 1); half as much
        before the hidden layer.
    seed
        Decides the first weights; the global random state is not touched.

    Examples
    --------
    >>> head = make_head(1280, 5)
    >>> head(torch.zeros(2, 1280, 4, 4)).shape
    torch.Size([2, 5])

    """
    for name, value in (
        ("in_channels", in_channels),
        ("num_classes", num_classes),
        ("hidden", 1 if hidden is None else hidden),
    ):
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}")
    if not 0 <= dropout < 1:
        raise ValueError(f"dropout must be in [0, 1), got {dropout}")
    width = 2 * in_channels
    with seeded(seed):
        layers: list[nn.Module] = [ConcatPool2d(), nn.BatchNorm1d(width)]
        if hidden is not None:
            layers += [
                nn.Dropout(dropout / 2),
                nn.Linear(width, hidden),
                nn.ReLU(),
                nn.BatchNorm1d(hidden),
            ]
            width = hidden
        layers += [nn.Dropout(dropout), nn.Linear(width, num_classes)]
    return nn.Sequential(*layers)
