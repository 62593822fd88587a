"""What a network that knows a thousand kinds of things sees in a picture."""

from __future__ import annotations

import torch
import torchvision
from torch import Tensor, nn

from .modes import evaluating
from .normalize import Normalize
from .recipes import build_network, find_recipe

__all__ = ["category_names", "load_classifier", "top_k"]

_WITH_LAST_LAYER = ("squeezenet_1_1", "efficientnet_lite0")


def category_names() -> list[str]:
    """Return the names of ImageNet's 1000 categories, in the usual order.

    Examples
    --------
    >>> names = category_names()
    >>> len(names), names[22]
    (1000, 'bald eagle')

    """
    weights = torchvision.models.ResNet18_Weights.IMAGENET1K_V1
    return list(weights.meta["categories"])


def load_classifier(name: str = "efficientnet_lite0") -> nn.Sequential:
    """Return a network trained on ImageNet, whole, in eval mode.

    It takes pictures (N, 3, H, W), bytes or floats in [0, 1], and gives 1000
    scores each. SqueezeNet 1.1 wants pictures of 227 px, EfficientNet-Lite0
    of 224 px; others work less well.

    Parameters
    ----------
    name
        ``"efficientnet_lite0"`` or the smaller ``"squeezenet_1_1"``.

    """
    if name not in _WITH_LAST_LAYER:
        raise ValueError(
            f"no weights with a 1000-class layer are called {name!r}; "
            f"available: {', '.join(_WITH_LAST_LAYER)}"
        )
    recipe = find_recipe(name)
    network = build_network(name)
    return nn.Sequential(Normalize(recipe.mean, recipe.std), network).eval()


def top_k(
    model: nn.Module, images: Tensor, k: int = 5
) -> list[list[tuple[str, float]]]:
    """Return the `k` likeliest categories of each picture, likeliest first.

    Parameters
    ----------
    model
        Gives 1000 scores a picture; see `load_classifier`. Run in eval mode.
    images
        Pictures (N, 3, H, W).
    k
        Categories a picture, from 1 to 1000.

    Returns
    -------
    list
        A list a picture, of pairs (name, probability).

    Examples
    --------
    >>> uniform = nn.Sequential(nn.Flatten(), nn.Linear(12, 1000))
    >>> _ = nn.init.zeros_(uniform[1].weight)
    >>> _ = nn.init.zeros_(uniform[1].bias)
    >>> uniform[1].bias.data[22] = 10.0
    >>> [[(name, probability)]] = top_k(uniform, torch.zeros(1, 3, 2, 2), k=1)
    >>> name, round(probability, 2)
    ('bald eagle', 0.96)

    """
    names = category_names()
    if not 1 <= k <= len(names):
        raise ValueError(f"k must be in [1, {len(names)}], got {k}")
    with evaluating(model), torch.inference_mode():
        logits = model(images)
    if logits.ndim != 2 or logits.shape[1] != len(names):
        raise ValueError(
            f"expected a model that gives (N, {len(names)}) scores, got "
            f"{tuple(logits.shape)}; see load_classifier"
        )
    best = logits.float().softmax(1).topk(k)
    return [
        [(names[i], p) for i, p in zip(row, probabilities, strict=True)]
        for row, probabilities in zip(
            best.indices.tolist(), best.values.tolist(), strict=True
        )
    ]
