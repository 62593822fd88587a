"""How different two pictures look to a network that knows pictures.

`FrozenFeatures` is a pretrained body that only looks: hooks hand out the maps
of some of its blocks. `feature_distance` compares the maps of two pictures,
each place scaled to length one first, as Zhang et al. (2018) do without the
weights that they learned from people.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from sevenlessons.training.hooks import hooked
from sevenlessons.vision.backbones import Backbone

__all__ = ["FrozenFeatures", "feature_distance"]


class FrozenFeatures(nn.Module):
    """The maps that some blocks of a body make, with nothing to learn.

    The body is copied and cut behind the last block that is asked for. It
    stays in eval mode whatever happens around it, and its parameters take no
    gradient; the pictures may.

    Parameters
    ----------
    backbone
        A whole pretrained body.
    blocks
        Numbers of the blocks, rising.

    Examples
    --------
    >>> from sevenlessons.vision.backbones import load_backbone
    >>> body = load_backbone("mobilenet_v2", pretrained=False)
    >>> features = FrozenFeatures(body, [1, 3])
    >>> [tuple(maps.shape) for maps in features(torch.zeros(2, 3, 64, 64))]
    [(2, 16, 32, 32), (2, 24, 16, 16)]

    """

    mean: Tensor
    std: Tensor

    def __init__(self, backbone: Backbone, blocks: Sequence[int]) -> None:
        super().__init__()
        blocks, total = list(blocks), len(backbone.body)
        rising = blocks == sorted(set(blocks))
        if (
            not blocks
            or not rising
            or not 0 <= blocks[0] <= blocks[-1] < total
        ):
            raise ValueError(
                f"blocks must be rising numbers in [0, {total}), since "
                f"{backbone.name} has {total} blocks, got {blocks}"
            )
        if backbone.normalize is None:
            raise ValueError(
                f"{backbone.name} takes maps, not pictures; pass a whole "
                "backbone"
            )
        self.blocks = blocks
        # not the body's own Normalize: it refuses what passes [0, 1], and a
        # network in training does so at times
        for name in ("mean", "std"):
            values = backbone.normalize.get_buffer(name).detach().clone()
            self.register_buffer(name, values)
        self.body = copy.deepcopy(backbone.body[: blocks[-1] + 1])
        for layer in self.body.modules():
            if hasattr(
                layer, "inplace"
            ):  # would change what a hook handed out
                setattr(layer, "inplace", False)  # noqa: B010
        self.requires_grad_(False)
        self.train(False)

    def train(self, mode: bool = True) -> FrozenFeatures:
        """Stay in eval mode, whatever `mode` asks for."""
        super().train(False)
        return self

    def forward(self, images: Tensor) -> list[Tensor]:
        """Return the maps of each block for pictures, about in [0, 1]."""
        if not images.is_floating_point():
            raise TypeError(
                f"expected pictures as floats in [0, 1], got {images.dtype}; "
                "divide bytes by 255"
            )
        kept: dict[str, Tensor] = {}

        def keep(name: str, layer: nn.Module, output: Tensor) -> None:
            kept[name] = output

        wanted = {str(block): self.body[block] for block in self.blocks}
        with hooked(wanted, keep):
            self.body((images - self.mean) / self.std)
        return list(kept.values())


@torch.no_grad()
def feature_distance(
    features: FrozenFeatures,
    first: Tensor,
    second: Tensor,
    *,
    batch_size: int = 50,
) -> Tensor:
    """Return how far each pair of pictures is apart in the maps.

    Parameters
    ----------
    features
        Whose maps are compared.
    first, second
        Pictures as floats in [0, 1], shape ``(N, 3, H, W)``.
    batch_size
        How many pass at a time.

    Returns
    -------
    Tensor
        Shape ``(N,)``, at least 0: the squared distance of the maps at each
        place, scaled to length one, averaged over places and blocks.

    Examples
    --------
    >>> from sevenlessons.vision.backbones import load_backbone
    >>> body = load_backbone("mobilenet_v2", pretrained=False)
    >>> features = FrozenFeatures(body, [1, 3])
    >>> picture = torch.rand(1, 3, 32, 32)
    >>> feature_distance(features, picture, picture).item()
    0.0

    """
    if first.ndim != 4 or first.shape != second.shape or not len(first):
        raise ValueError(
            "expected two batches of pictures of one shape (N, 3, H, W), got "
            f"{tuple(first.shape)} and {tuple(second.shape)}"
        )
    parts = zip(first.split(batch_size), second.split(batch_size), strict=True)
    return torch.cat([_apart(features, a, b) for a, b in parts])


def _apart(features: FrozenFeatures, first: Tensor, second: Tensor) -> Tensor:
    """Return the distances of one batch."""
    apart = [
        (normalize(a, dim=1) - normalize(b, dim=1))
        .square()
        .sum(1)
        .mean((1, 2))
        for a, b in zip(features(first), features(second), strict=True)
    ]
    return torch.stack(apart).mean(0)
