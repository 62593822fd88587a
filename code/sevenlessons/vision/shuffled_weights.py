"""A network that forgets, layer by layer from the end.

A map that explains what a network has learned must change when that is lost.
`shuffled_from` deals the weights of the last layers out at random, within
each layer, so that their sizes stay and their meaning goes.
"""

from __future__ import annotations

import copy

import torch
from torch import nn

__all__ = ["shuffled_from", "weighted_layers"]


def weighted_layers(model: nn.Module) -> list[str]:
    """Return the names of the layers with a weight of two axes or more.

    Linear layers, convolutions, embeddings; the scales of norms are left
    out. In the order of the model.

    Examples
    --------
    >>> weighted_layers(nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2)))
    ['0']

    """
    return [
        name
        for name, module in model.named_modules()
        if isinstance(weight := getattr(module, "weight", None), torch.Tensor)
        and weight.ndim >= 2
    ]


def shuffled_from(model: nn.Module, first: str, *, seed: int = 0) -> nn.Module:
    """Return a copy in which a layer and all after it have lost their order.

    Parameters
    ----------
    model
        Stays as it is.
    first
        Name of the first shuffled layer, one of `weighted_layers`.
    seed
        Decides the shuffling. A layer is shuffled alike wherever it starts,
        and the global random state is not touched.

    Raises
    ------
    ValueError
        If there is no such layer.

    Examples
    --------
    >>> net = nn.Sequential(nn.Linear(9, 9), nn.Linear(9, 9))
    >>> other = shuffled_from(net, "1")
    >>> [torch.equal(a.weight, b.weight) for a, b in zip(net, other)]
    [True, False]
    >>> a, b = (n[1].weight.flatten().sort().values for n in (net, other))
    >>> torch.equal(a, b)
    True

    """
    names = weighted_layers(model)
    if first not in names:
        raise ValueError(
            f"expected the name of a layer with weights, got {first!r}; "
            f"there are {', '.join(names) or 'none'}"
        )
    changed = copy.deepcopy(model)
    for number in range(names.index(first), len(names)):
        generator = torch.Generator().manual_seed(1000 * seed + number)
        weight = changed.get_submodule(names[number]).get_parameter("weight")
        order = torch.randperm(weight.numel(), generator=generator)
        with torch.no_grad():
            weight.copy_(weight.flatten()[order].view_as(weight))
    return changed
