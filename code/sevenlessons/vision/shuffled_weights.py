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

    Linear layers, convolutions, embeddings, attention; the scales of norms
    are left out. In the order of the model; a weight that two layers share
    counts for the first.

    Examples
    --------
    >>> weighted_layers(nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2)))
    ['0']

    """
    return list(_weights(model))


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
        and the global random state is not touched. A weight that an earlier
        layer shares changes there, too.

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
    weights = list(_weights(changed).values())
    for number in range(names.index(first), len(names)):
        generator = torch.Generator().manual_seed(1000 * seed + number)
        for weight in weights[number]:
            order = torch.randperm(weight.numel(), generator=generator)
            with torch.no_grad():
                weight.copy_(weight.flatten()[order].view_as(weight))
    return changed


def _weights(model: nn.Module) -> dict[str, list[nn.Parameter]]:
    """Return each layer's own weights of two axes or more, each once."""
    found: dict[str, list[nn.Parameter]] = {}
    for name, weight in model.named_parameters():
        if weight.ndim >= 2:
            layer = name.rpartition(".")[0].split(".parametrizations")[0]
            found.setdefault(layer, []).append(weight)
    return found
