"""The names that others gave to the weights of an encoder, and ours.

A file of weights is a list of tensors with names. The values are all that
was learned; the names are a matter of taste, and translated here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

__all__ = ["our_name", "our_weights", "settings_from"]

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
        If a setting is missing, or the network is of another kind.

    Examples
    --------
    >>> settings_from({"model_type": "gpt2"})
    Traceback (most recent call last):
        ...
    ValueError: expected a network of the kind 'bert', got 'gpt2'

    """
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
    return {ours: config[name] for name, ours in _SETTINGS.items()}
