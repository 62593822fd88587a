"""Which networks a bundle may hold, and how each is built again.

A closed list: a bundle names one of these networks and gives its numbers,
and nothing else can be built. No name in a file is ever imported or called,
so a stranger's bundle can at worst be refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from torch import nn

from sevenlessons.vision.backbones import Backbone, load_backbone
from sevenlessons.vision.heads import ConcatPool2d, make_head
from sevenlessons.vision.normalize import Normalize
from sevenlessons.vision.recipes import find_recipe
from sevenlessons.vision.small_cnn import SmallCNN
from sevenlessons.vision.transfer import TransferModel

__all__ = ["build_model", "describe_model", "input_scale"]

Arguments = dict[str, Any]
_MOST = 100_000  # classes or hidden units: beyond this, somebody is joking


@dataclass(frozen=True)
class _Architecture:
    """How a network is built from arguments, and told from a network."""

    build: Callable[..., nn.Module]
    describe: Callable[[nn.Module], Arguments | None]
    rules: Mapping[str, Callable[[Any], bool]]
    channels: int


def _count(low: int, high: int = _MOST) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, int)
        and not isinstance(value, bool)
        and low <= value <= high
    )


def _is_recipe(value: Any) -> bool:
    try:
        find_recipe(value)
    except (ValueError, TypeError):
        return False
    return True


def _is_share(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value < 1


def _build_transfer(
    backbone: str,
    num_classes: int,
    hidden: int | None,
    dropout: float,
    num_groups: int,
) -> nn.Module:
    body = load_backbone(backbone, pretrained=False)
    head = make_head(
        body.out_channels, num_classes, hidden=hidden, dropout=dropout
    )
    return TransferModel(body, head, num_groups=num_groups)


def _describe_transfer(model: nn.Module) -> Arguments | None:
    """Return the arguments of a TransferModel on a whole known body."""
    if type(model) is not TransferModel:
        return None
    body, head = model.backbone, model.head
    if type(body) is not Backbone or not _is_recipe(body.name):
        return None
    recipe = find_recipe(body.name)
    scale = Normalize(recipe.mean, recipe.std)
    kinds = [type(layer) for layer in head.children()]
    short = [ConcatPool2d, nn.BatchNorm1d, nn.Dropout, nn.Linear]
    long = [*short, nn.ReLU, nn.BatchNorm1d, nn.Dropout, nn.Linear]
    if body.normalize is None or kinds not in (short, long):
        return None
    for name in ("mean", "std"):
        ours = body.normalize.get_buffer(name).cpu()
        if not ours.equal(scale.get_buffer(name)):
            return None
    layers = list(head.children())
    hidden, last = layers[3], layers[-1]
    return {
        "backbone": body.name,
        "num_classes": last.out_features,
        "hidden": None if kinds == short else hidden.out_features,
        "dropout": layers[-2].p,
        "num_groups": model.num_groups,
    }


def _describe_small_cnn(model: nn.Module) -> Arguments | None:
    if type(model) is not SmallCNN:
        return None
    return {"num_classes": model.num_classes, "width": model.width}


_ARCHITECTURES: Mapping[str, _Architecture] = {
    "transfer": _Architecture(
        _build_transfer,
        _describe_transfer,
        {
            "backbone": _is_recipe,
            "num_classes": _count(1),
            "hidden": lambda value: value is None or _count(1)(value),
            "dropout": _is_share,
            "num_groups": _count(2, 50),
        },
        channels=3,
    ),
    "small_cnn": _Architecture(
        SmallCNN,
        _describe_small_cnn,
        {"num_classes": _count(1), "width": _count(1, 1024)},
        channels=1,
    ),
}


def build_model(name: str, arguments: Mapping[str, Any]) -> nn.Module:
    """Return the network `name` with random weights, in eval mode.

    Parameters
    ----------
    name
        ``"transfer"`` or ``"small_cnn"``.
    arguments
        What `describe_model` gave; each is checked first.

    Raises
    ------
    ValueError
        If the name is not on the list, or an argument is missing, unknown
        or out of range.

    Examples
    --------
    >>> build_model("small_cnn", {"num_classes": 3, "width": 8}).training
    False
    >>> build_model("os.system", {})
    Traceback (most recent call last):
    ValueError: no architecture is called 'os.system'; this package builds...

    """
    known = ", ".join(_ARCHITECTURES)
    if not isinstance(name, str) or name not in _ARCHITECTURES:
        raise ValueError(
            f"no architecture is called {name!r}; this package builds "
            f"{known}, and nothing else from a file"
        )
    architecture = _ARCHITECTURES[name]
    if not isinstance(arguments, Mapping) or set(arguments) != set(
        architecture.rules
    ):
        raise ValueError(
            f"architecture {name!r} takes {', '.join(architecture.rules)}, "
            f"got {arguments!r}"
        )
    for key, rule in architecture.rules.items():
        if not rule(arguments[key]):
            raise ValueError(
                f"{key} = {arguments[key]!r} is out of range for "
                f"architecture {name!r}"
            )
    return architecture.build(**arguments).eval()


def describe_model(model: nn.Module) -> tuple[str, Arguments]:
    """Return the name and the arguments that build `model` again.

    Raises
    ------
    TypeError
        If it is not a network from the list.

    Examples
    --------
    >>> describe_model(SmallCNN(3, width=8))
    ('small_cnn', {'num_classes': 3, 'width': 8})

    """
    for name, architecture in _ARCHITECTURES.items():
        arguments = architecture.describe(model)
        if arguments is not None:
            return name, arguments
    raise TypeError(
        f"cannot put a {type(model).__name__} into a bundle: expected a "
        "TransferModel with a whole body from load_backbone and a head from "
        "make_head, or a SmallCNN; a new kind of network gets a row in "
        "deploy/architectures.py"
    )


def input_scale(name: str, model: nn.Module) -> dict[str, Any]:
    """Return channels, mean and deviation of the pictures `model` takes.

    Examples
    --------
    >>> input_scale("small_cnn", SmallCNN())
    {'channels': 1, 'mean': [0.13], 'std': [0.31]}

    """
    normalize = next(m for m in model.modules() if isinstance(m, Normalize))
    numbers = {
        key: [
            round(value, 6)
            for value in normalize.get_buffer(key).flatten().tolist()
        ]
        for key in ("mean", "std")
    }
    return {"channels": _ARCHITECTURES[name].channels, **numbers}
