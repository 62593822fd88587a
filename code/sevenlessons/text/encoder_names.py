"""The names that others gave to the weights of an encoder, and ours.

A file of weights is a list of tensors with names. The values are all that
was learned; the names are a matter of taste, and translated here.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

__all__ = ["our_name", "our_weights", "read_settings", "settings_from"]

_EMBEDDINGS = {
    "word_embeddings": "words",
    "position_embeddings": "places",
    "token_type_embeddings": "segments",
    "LayerNorm": "norm",
}
_LAYER = {
    "attention.self.query": "attention.query",
    "attention.self.key": "attention.key",
    "attention.self.value": "attention.value",
    "attention.output.dense": "attention.out",
    "attention.output.LayerNorm": "norm1",
    "intermediate.dense": "up",
    "output.dense": "down",
    "output.LayerNorm": "norm2",
}
_SETTINGS = {
    "vocab_size": "num_embeddings",
    "hidden_size": "embed_dim",
    "num_hidden_layers": "num_layers",
    "num_attention_heads": "num_heads",
    "intermediate_size": "hidden_size",
    "max_position_embeddings": "max_length",
    "pad_token_id": "padding_idx",
    "layer_norm_eps": "eps",
}
_LARGEST = {"num_hidden_layers": 1000}
_LARGEST_ELSE = 10**6  # beyond it a setting is damaged, not large
# a list of places 0, 1, 2 ... and a part that only pretraining needs
_NOT_NEEDED = ("embeddings.position_ids", "pooler.")


def our_name(name: str) -> str:
    """Return our name of a weight.

    Examples
    --------
    >>> our_name("encoder.layer.3.attention.self.query.weight")
    'layers.3.attention.query.weight'
    >>> our_name("embeddings.word_embeddings.weight")
    'words.weight'

    """
    body, _, kind = name.rpartition(".")
    try:
        if body.startswith("encoder.layer."):
            number, part = body.removeprefix("encoder.layer.").split(".", 1)
            return f"layers.{number}.{_LAYER[part]}.{kind}"
        part = body.removeprefix("embeddings.")
        return f"{_EMBEDDINGS[part]}.{kind}"
    except (KeyError, ValueError):
        raise ValueError(
            f"the weight {name!r} belongs to no part of this encoder; "
            "expected the names of BERT"
        ) from None


def our_weights(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the weights under our names, without those not needed.

    Examples
    --------
    >>> import torch
    >>> weights = {"pooler.dense.bias": torch.zeros(2),
    ...     "embeddings.LayerNorm.bias": torch.ones(2)}
    >>> our_weights(weights)
    {'norm.bias': tensor([1., 1.])}

    """
    return {
        our_name(name): tensor
        for name, tensor in weights.items()
        if not name.startswith(_NOT_NEEDED)
    }


def settings_from(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of `EncoderSettings` from a ``config.json``.

    Raises
    ------
    ValueError
        If a setting is missing or damaged, or the network is of another
        kind.

    Examples
    --------
    >>> settings_from({"model_type": "gpt2"})
    Traceback (most recent call last):
        ...
    ValueError: expected a network of the kind 'bert', got 'gpt2'

    """
    if not isinstance(config, Mapping):
        raise ValueError(
            f"expected settings by name, got a {type(config).__name__}"
        )
    kind = config.get("model_type")
    if kind != "bert":
        raise ValueError(
            f"expected a network of the kind 'bert', got {kind!r}"
        )
    if config.get("hidden_act") != "gelu":
        raise ValueError(
            f"expected the activation 'gelu', got {config.get('hidden_act')!r}"
        )
    missing = [name for name in _SETTINGS if name not in config]
    if missing:
        raise ValueError(
            f"the settings lack {', '.join(missing)}; expected the "
            "config.json that belongs to the weights"
        )
    for name in _SETTINGS:
        _check_setting(name, config[name])
    if config["pad_token_id"] >= config["vocab_size"]:
        raise ValueError(
            f"pad_token_id must be below vocab_size, {config['vocab_size']}, "
            f"got {config['pad_token_id']}"
        )
    return {ours: config[name] for name, ours in _SETTINGS.items()}


def _check_setting(name: str, value: Any) -> None:
    if name == "layer_norm_eps":
        number = isinstance(value, float | int) and value is not True
        if not number or not 0 < value < math.inf:
            raise ValueError(f"{name} must be a number above 0, got {value!r}")
        return
    low = 0 if name == "pad_token_id" else 1
    high = _LARGEST.get(name, _LARGEST_ELSE)
    if type(value) is not int or not low <= value <= high:
        raise ValueError(
            f"{name} must be a whole number in [{low}, {high}], got {value!r}"
        )


def read_settings(path: Path) -> dict[str, Any]:
    """Return `settings_from` a file, which a failure is told to be about.

    Raises
    ------
    ValueError
        If it is damaged, or tells of another kind of network.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "config.json")
    ...     _ = path.write_text("[1]")
    ...     read_settings(path)
    Traceback (most recent call last):
    ValueError: .../config.json: expected settings by name, got a list; ...

    """
    try:
        return settings_from(json.loads(path.read_bytes()))
    except (ValueError, RecursionError) as error:  # no json is a ValueError
        raise ValueError(
            f"{path.as_posix()}: {error}; delete it, and it is fetched again, "
            "or use the config.json that belongs to the weights"
        ) from error
