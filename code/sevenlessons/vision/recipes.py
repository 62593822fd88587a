"""How each network is built, scaled and filled with trained weights.

Three networks come with the book's own data (`sevenlessons.data`) and work
offline once fetched; the ResNets come from torchvision, where the network
allows. One row of `_RECIPES` a network.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torchvision
from torch import nn

from sevenlessons.data.cache import ensure

from .efficientnet_lite import efficientnet_lite0
from .squeezenet_weights import load_squeezenet_state

__all__ = ["Recipe", "build_network", "find_recipe", "seeded"]


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Draw new weights from `seed`, then put the random state back.

    Examples
    --------
    >>> with seeded(0):
    ...     first = nn.Linear(2, 2)
    >>> with seeded(0):
    ...     second = nn.Linear(2, 2)
    >>> torch.equal(first.weight, second.weight)
    True

    """
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        yield


@dataclass(frozen=True)
class Recipe:
    """How one network is built, scaled and filled with weights.

    Parameters
    ----------
    build
        Returns the whole network with random weights.
    cut
        Returns its body as a sequence of blocks.
    out_channels
        Channels after the last block.
    mean, std
        Scale of the pictures that it was trained on.
    size
        Side of those pictures in pixels.
    load
        Fills a network with trained weights; None when torchvision does.

    """

    build: Callable[[], nn.Module]
    cut: Callable[[nn.Module], nn.Sequential]
    out_channels: int
    mean: tuple[float, ...] = (0.485, 0.456, 0.406)
    std: tuple[float, ...] = (0.229, 0.224, 0.225)
    size: int = 224
    load: Callable[[nn.Module], None] | None = None


def _first(model: nn.Module) -> nn.Sequential:
    """Return the body of a network whose first part is a body."""
    return next(model.children())  # type: ignore[return-value]


def _resnet_blocks(model: nn.Module) -> nn.Sequential:
    """Return a ResNet's stem and residual blocks as one sequence."""
    stem, stages = list(model.children())[:4], list(model.children())[4:8]
    blocks = [block for stage in stages for block in stage.children()]
    return nn.Sequential(nn.Sequential(*stem), *blocks)


def _load_in_order(model: nn.Module, file: Path) -> None:
    """Load weights that have the right order, but other names."""
    given = torch.load(file, weights_only=True, map_location="cpu")
    names = list(model.state_dict())
    last = [[n.rpartition(".")[2] for n in group] for group in (names, given)]
    if last[0] != last[1]:
        raise ValueError(
            f"{file.name} does not fit: expected {len(names)} tensors in "
            f"the order of the model, got {len(given)}; fetch it again"
        )
    model.load_state_dict(dict(zip(names, given.values(), strict=True)))


def _load_mobilenet(model: nn.Module) -> None:
    file = ensure("mobilenet_v2") / "mobilenet_v2_features.pt"
    _load_in_order(_first(model), file)


def _load_squeezenet(model: nn.Module) -> None:
    file = ensure("squeezenet_1_1") / "squeezenet.pkl"
    model.load_state_dict(load_squeezenet_state(file))


def _load_efficientnet(model: nn.Module) -> None:
    file = ensure("efficientnet_lite0") / "efficientnet_lite0.pth"
    _load_in_order(model, file)


def _torchvision_weights(name: str) -> Any:
    return torchvision.models.get_model_weights(name)["IMAGENET1K_V1"]


def _load_torchvision(name: str, model: nn.Module) -> None:
    """Fill `model` from torchvision's server or its cache."""
    weights = _torchvision_weights(name)
    file = Path(torch.hub.get_dir(), "checkpoints", Path(weights.url).name)
    try:
        state = weights.get_state_dict(
            progress=False, check_hash=True, weights_only=True
        )
        model.load_state_dict(state)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        offline = [n for n, r in _RECIPES.items() if r.load is not None]
        raise RuntimeError(
            f"no pretrained weights for {name}: tried {weights.url} and "
            f"{file} ({type(error).__name__}: {error}). Use a backbone from "
            f"the book's own data ({', '.join(offline)}), or place the file "
            f"at that path (delete a damaged one first), or pass "
            f"pretrained=False for random weights"
        ) from error


def _resnet(name: str, out_channels: int) -> Recipe:
    build: Callable[[], nn.Module] = getattr(torchvision.models, name)
    return Recipe(build, _resnet_blocks, out_channels)


_BYTE = 1 / 255
_RECIPES: Mapping[str, Recipe] = {
    "mobilenet_v2": Recipe(
        torchvision.models.mobilenet_v2, _first, 1280, load=_load_mobilenet
    ),
    "squeezenet_1_1": Recipe(
        torchvision.models.squeezenet1_1,
        _first,
        512,
        mean=(123 / 255, 117 / 255, 104 / 255),
        std=(_BYTE, _BYTE, _BYTE),
        size=227,
        load=_load_squeezenet,
    ),
    "efficientnet_lite0": Recipe(
        efficientnet_lite0,
        _first,
        1280,
        mean=(127 / 255,) * 3,
        std=(128 / 255,) * 3,
        load=_load_efficientnet,
    ),
    "resnet18": _resnet("resnet18", 512),
    "resnet34": _resnet("resnet34", 512),
    "resnet50": _resnet("resnet50", 2048),
}


def find_recipe(name: str) -> Recipe:
    """Return how to build network `name`; say which there are if not.

    Examples
    --------
    >>> find_recipe("squeezenet_1_1").size
    227

    """
    if name not in _RECIPES:
        raise ValueError(
            f"no backbone is called {name!r}; available: {', '.join(_RECIPES)}"
        )
    return _RECIPES[name]


def build_network(
    name: str, *, pretrained: bool = True, seed: int = 0
) -> nn.Module:
    """Return the whole network `name`, with trained or seeded weights.

    Not every set of weights has a last layer: MobileNetV2's is random even
    in the pretrained network.

    Examples
    --------
    >>> network = build_network("squeezenet_1_1", pretrained=False)
    >>> sum(p.numel() for p in network.parameters())
    1235496

    """
    recipe = find_recipe(name)
    with seeded(seed):
        network = recipe.build()
    if not pretrained:
        return network
    if recipe.load is None:
        _load_torchvision(name, network)
    else:
        recipe.load(network)
    return network
