import json

import pytest
import torch

from sevenlessons.text.encoder import Encoder, EncoderSettings
from sevenlessons.text.encoder_names import (
    our_name,
    our_weights,
    read_settings,
    settings_from,
)

CONFIG = {
    "model_type": "bert",
    "hidden_act": "gelu",
    "vocab_size": 20,
    "hidden_size": 8,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 16,
    "max_position_embeddings": 6,
    "pad_token_id": 0,
    "layer_norm_eps": 1e-12,
}
THEIRS = [
    "embeddings.word_embeddings.weight",
    "embeddings.position_embeddings.weight",
    "embeddings.token_type_embeddings.weight",
    "embeddings.LayerNorm.weight",
    "embeddings.LayerNorm.bias",
    *(
        f"encoder.layer.0.{part}.{kind}"
        for part in (
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
            "attention.output.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm",
        )
        for kind in ("weight", "bias")
    ),
]


def test_their_names_become_exactly_those_of_our_encoder():
    encoder = Encoder(EncoderSettings(**settings_from(CONFIG)))
    assert {our_name(name) for name in THEIRS} == set(encoder.state_dict())


def test_what_is_not_needed_is_left_out():
    weights = {
        "embeddings.position_ids": torch.arange(3),
        "pooler.dense.weight": torch.zeros(1),
        "embeddings.LayerNorm.bias": torch.ones(2),
    }
    assert list(our_weights(weights)) == ["norm.bias"]


@pytest.mark.parametrize(
    "name", ["lm_head.weight", "encoder.layer.1.crossattention.weight", "x"]
)
def test_an_unknown_name_is_named(name):
    with pytest.raises(ValueError, match=f"the weight '{name}' belongs to no"):
        our_name(name)


def test_other_networks_and_missing_settings_are_named():
    with pytest.raises(ValueError, match="of the kind 'bert', got 'gpt2'"):
        settings_from(CONFIG | {"model_type": "gpt2"})
    with pytest.raises(ValueError, match="activation 'gelu', got 'relu'"):
        settings_from(CONFIG | {"hidden_act": "relu"})
    less = {k: v for k, v in CONFIG.items() if k != "vocab_size"}
    with pytest.raises(ValueError, match="the settings lack vocab_size; exp"):
        settings_from(less)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("vocab_size", "20"),
        ("vocab_size", 2e10),
        ("vocab_size", 20_000_000_000),
        ("hidden_size", 0),
        ("hidden_size", True),
        ("num_hidden_layers", 1001),
        ("num_attention_heads", None),
        ("pad_token_id", -1),
        ("pad_token_id", 20),
        ("layer_norm_eps", "1e-12"),
        ("layer_norm_eps", float("nan")),
        ("layer_norm_eps", 0),
    ],
)
def test_a_damaged_setting_is_named(name, value):
    with pytest.raises(ValueError, match=f"{name} must .* got {value!r}"):
        settings_from(CONFIG | {name: value})


@pytest.mark.parametrize("config", [[1], None, 3, "bert"])
def test_settings_must_have_names(config):
    with pytest.raises(ValueError, match="expected settings by name, got a"):
        settings_from(config)


def test_a_file_of_settings(tmp_path):
    path = tmp_path / "config.json"
    path.write_text(json.dumps(CONFIG), encoding="utf-8")
    assert read_settings(path) == settings_from(CONFIG)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(
        ValueError, match=r"config\.json: Expecting .*; delete"
    ):
        read_settings(path)
