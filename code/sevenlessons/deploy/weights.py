"""Weights of a file into the network that a bundle names.

The file and `bundle.json` may come from a stranger. So all is compared while
the network is a plan without memory, and only what fits is built.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor, nn

from .architectures import build_model, input_scale
from .schema import BundleError

__all__ = ["find_broken", "network_with_weights"]


def find_broken(state: Mapping[str, Tensor]) -> str | None:
    """Return the name of the first tensor that holds nan or infinity.

    Examples
    --------
    >>> find_broken({"a": torch.ones(2), "b": torch.tensor([float("nan")])})
    'b'

    """
    for name, tensor in state.items():
        if tensor.is_floating_point() and not tensor.isfinite().all():
            return name
    return None


def _misfit(
    plan: Mapping[str, Tensor], state: Mapping[str, Tensor]
) -> str | None:
    """Say where `state` differs from `plan` in names, shapes or kinds."""
    missing, extra = sorted(plan.keys() - state), sorted(state.keys() - plan)
    if missing or extra:
        return f"missing: {missing[:3]}, not expected: {extra[:3]}"
    for name, expected in plan.items():
        given = state[name]
        if (given.shape, given.dtype) != (expected.shape, expected.dtype):
            return (
                f"{name} is {given.dtype} of shape {tuple(given.shape)}, "
                f"expected {expected.dtype} of {tuple(expected.shape)}"
            )
    broken = find_broken(state)
    return None if broken is None else f"{broken} holds nan or infinity"


def network_with_weights(
    settings: Mapping[str, Any], content: bytes, where: str
) -> nn.Module:
    """Build the network that `settings` name and fill it with `content`.

    Parameters
    ----------
    settings
        From `read_settings`.
    content
        The bytes of a safetensors file.
    where
        What an error calls the bundle.

    Raises
    ------
    BundleError
        If settings, weights and network do not belong together.

    Examples
    --------
    >>> settings = {
    ...     "classes": ["no", "yes"],
    ...     "architecture": {"name": "os.system", "arguments": {}},
    ... }
    >>> network_with_weights(settings, b"", "sky")
    Traceback (most recent call last):
    sevenlessons.deploy.schema.BundleError: sky: no architecture is called...

    """
    wanted, classes = settings["architecture"], settings["classes"]
    name, arguments = wanted["name"], wanted["arguments"]
    try:
        with torch.device("meta"):
            plan = build_model(name, arguments).state_dict()
    except ValueError as error:
        raise BundleError(f"{where}: {error}") from error
    scores = arguments["num_classes"]
    if len(classes) != scores:
        raise BundleError(
            f"{where} names {len(classes)} classes, but its network gives "
            f"{scores} scores; export the model again with one name a score"
        )
    try:
        state = safetensors.torch.load(content)
    except (SafetensorError, LookupError, ValueError) as error:
        fault: str | None = f"{type(error).__name__}: {error}"
    else:
        fault = _misfit(plan, state)
    if fault is not None:
        raise BundleError(
            f"{where}: the weights do not fit the network {name!r} "
            f"({fault}); export the model again"
        )
    model = build_model(name, arguments)
    model.load_state_dict(state)
    for key, value in input_scale(name, model).items():
        if settings["input"][key] != value:
            raise BundleError(
                f"{where}: the {key} of the input is "
                f"{settings['input'][key]}, but the network {name!r} takes "
                f"{value}; export the model again"
            )
    return model
