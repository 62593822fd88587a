"""Pretrained bodies: networks without their last layer.

`load_backbone("mobilenet_v2")` gives a network that turns pictures into maps
of features, ready for a new head (`transfer`). `recipes` has the names and
where the weights come from.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from .modes import evaluating
from .normalize import Normalize
from .recipes import build_network, find_recipe

__all__ = ["Backbone", "load_backbone", "split_backbone"]


class Backbone(nn.Module):
    """A body that turns pictures into maps of features.

    Parameters
    ----------
    name
        What to call it.
    body
        Blocks, early to late; the last one gives `out_channels` maps.
    out_channels
        Channels of the maps.
    normalize
        What happens to the pictures first; None for the later part of a
        body, which takes the maps of the earlier part.

    Examples
    --------
    >>> import torch
    >>> backbone = load_backbone("mobilenet_v2", pretrained=False)
    >>> photos = torch.zeros(1, 3, 64, 64, dtype=torch.uint8)
    >>> backbone.eval()(photos).shape
    torch.Size([1, 1280, 2, 2])

    """

    def __init__(
        self,
        name: str,
        body: nn.Sequential,
        out_channels: int,
        normalize: Normalize | None = None,
    ) -> None:
        super().__init__()
        self.name = name
        self.normalize = normalize
        self.body = body
        self.out_channels = out_channels

    @property
    def mean(self) -> tuple[float, ...] | None:
        """Mean of red, green and blue in the body's own training."""
        return _numbers(self.normalize, "mean")

    @property
    def std(self) -> tuple[float, ...] | None:
        """Standard deviation of red, green and blue in that training."""
        return _numbers(self.normalize, "std")

    def forward(self, images: Tensor) -> Tensor:
        """Return maps (N, out_channels, h, w) of images (N, 3, H, W)."""
        if self.normalize is not None:
            images = self.normalize(images)
        return self.body(images)

    def groups(self, num_groups: int = 2) -> list[nn.Sequential]:
        """Return the blocks in `num_groups` runs of near equal length.

        Early layers see edges and colors, which serve any picture; late
        ones see parts of things. Groups let each learn at its own rate.
        """
        total = len(self.body)
        if not 1 <= num_groups <= total:
            raise ValueError(
                f"num_groups must be in [1, {total}], the number of blocks "
                f"of {self.name}, got {num_groups}"
            )
        cuts = [-(-i * total // num_groups) for i in range(num_groups + 1)]
        return [self.body[a:b] for a, b in pairwise(cuts)]


def _numbers(
    normalize: Normalize | None, name: str
) -> tuple[float, ...] | None:
    """Return the mean or deviation as plain numbers."""
    if normalize is None:
        return None
    values = normalize.get_buffer(name).flatten().tolist()
    return tuple(round(v, 6) for v in values)


def load_backbone(
    name: str, *, pretrained: bool = True, seed: int = 0
) -> Backbone:
    """Return a body, cut before its pooling and last layer.

    Parameters
    ----------
    name
        ``"mobilenet_v2"``, ``"squeezenet_1_1"`` or ``"efficientnet_lite0"``
        (weights from the book's data), or ``"resnet18"``, ``"resnet34"``,
        ``"resnet50"`` (weights from torchvision's server).
    pretrained
        False gives the same body with random weights.
    seed
        Decides the random weights; the global random state is not touched.

    Returns
    -------
    Backbone
        In training mode, as every new module.

    Raises
    ------
    ValueError
        If the name is unknown.
    RuntimeError
        If torchvision's weights could not be had.

    Examples
    --------
    >>> backbone = load_backbone("resnet18", pretrained=False)
    >>> backbone.out_channels, len(backbone.body)
    (512, 9)

    """
    recipe = find_recipe(name)
    network = build_network(name, pretrained=pretrained, seed=seed)
    normalize = Normalize(recipe.mean, recipe.std)
    return Backbone(name, recipe.cut(network), recipe.out_channels, normalize)


def split_backbone(backbone: Backbone, at: int) -> tuple[Backbone, Backbone]:
    """Return the blocks before `at` and those from `at` on.

    Run the first part once over all pictures (`cached_features` with
    ``pool="none"``), then fine-tune only the second part: a fraction of the
    work of fine-tuning the whole. Both parts share their weights with
    `backbone`, so what is learned is in `backbone` too.

    Parameters
    ----------
    backbone
        A whole backbone, or the early part of one.
    at
        Number of blocks in the first part, at least 1.

    Examples
    --------
    >>> backbone = load_backbone("mobilenet_v2", pretrained=False)
    >>> early, late = split_backbone(backbone, at=14)
    >>> early.out_channels, late.out_channels
    (96, 1280)

    """
    total = len(backbone.body)
    if not 1 <= at < total:
        raise ValueError(
            f"at must be in [1, {total}), since {backbone.name} has {total} "
            f"blocks, got {at}"
        )
    early = Backbone(
        f"{backbone.name}[:{at}]", backbone.body[:at], 0, backbone.normalize
    )
    early.out_channels = _count_channels(early)
    late = Backbone(
        f"{backbone.name}[{at}:]", backbone.body[at:], backbone.out_channels
    )
    early.train(backbone.training)
    late.train(backbone.training)
    return early, late


def _count_channels(part: Backbone) -> int:
    """Return how many maps `part` gives, by running it on one picture."""
    if part.normalize is None:
        raise ValueError(
            f"{part.name} takes maps, not pictures; split the whole backbone"
        )
    picture = next(part.parameters()).new_zeros(1, 3, 64, 64)
    with evaluating(part), torch.no_grad():
        return part(picture).shape[1]
