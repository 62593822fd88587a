import importlib
import json

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from sevenlessons.data.cache import ensure, is_present
from sevenlessons.text.encoder import (
    Encoder,
    EncoderLayer,
    EncoderSettings,
    load_encoder,
)
from sevenlessons.text.encoder_names import our_name, read_settings
from sevenlessons.text.sentence_features import (
    sentence_features,
    token_states,
)
from sevenlessons.text.wordpiece import WordPiece

SMALL = EncoderSettings(20, 8, 2, 2, 16, max_length=6)
TEXTS = [
    "This is an example sentence",
    "",
    "A film of rare warmth; not one word too many!",
    "naïve Œuvre 3.5 " * 40,
]

needs_weights = pytest.mark.skipif(
    not is_present("minilm_l6"), reason="the data set minilm_l6 is not here"
)


@pytest.fixture(scope="module")
def real():
    return load_encoder()


@pytest.fixture(scope="module")
def tokenizer():
    return WordPiece.from_file(ensure("minilm_l6") / "vocab.txt")


@needs_weights
def test_gives_the_known_first_values(real, tokenizer):
    (found,) = sentence_features(real, tokenizer, TEXTS[:1])
    golden = torch.tensor([0.0677, 0.0635, 0.0487, 0.0793, 0.0374])
    torch.testing.assert_close(found[:5], golden, rtol=0, atol=5e-5)


@needs_weights
def test_equals_the_reference_library(real, tokenizer):
    if importlib.util.find_spec("transformers") is None:
        pytest.skip("transformers is not installed: pip install transformers")
    transformers = importlib.import_module("transformers")
    folder = ensure("minilm_l6")
    config = transformers.BertConfig.from_pretrained(folder)
    reference = transformers.BertModel.from_pretrained(
        folder, config=config, add_pooling_layer=False
    ).eval()
    numbers = tokenizer.batch(TEXTS)
    with torch.no_grad():
        ours = real(numbers)
        theirs = reference(
            input_ids=numbers, attention_mask=real.real(numbers).long()
        ).last_hidden_state
    kept = real.real(numbers)
    # rounding of float32 over six layers
    torch.testing.assert_close(ours[kept], theirs[kept], rtol=0, atol=1e-4)


@needs_weights
def test_has_as_many_parameters_as_minilm_without_its_pooler(real):
    assert sum(p.numel() for p in real.parameters()) == 22_565_376
    assert not real.training


def test_a_layer_equals_torchs():
    settings = EncoderSettings(20, 8, 1, 2, 16)
    ours = EncoderLayer(settings)
    theirs = nn.TransformerEncoderLayer(
        8, 2, 16, 0.0, "gelu", settings.eps, batch_first=True
    )
    maps = [getattr(ours.attention, n) for n in ("query", "key", "value")]
    with torch.no_grad():
        theirs.self_attn.in_proj_weight.copy_(
            torch.cat([m.weight for m in maps])
        )
        theirs.self_attn.in_proj_bias.copy_(torch.cat([m.bias for m in maps]))
    for mine, other in (
        (ours.attention.out, theirs.self_attn.out_proj),
        (ours.up, theirs.linear1),
        (ours.down, theirs.linear2),
        (ours.norm1, theirs.norm1),
        (ours.norm2, theirs.norm2),
    ):
        other.load_state_dict(mine.state_dict())
    x = torch.randn(3, 5, 8, requires_grad=True)
    y = x.detach().clone().requires_grad_()
    kept = torch.arange(5) < torch.tensor([[5], [3], [1]])
    found, expected = ours(x, kept), theirs(y, src_key_padding_mask=~kept)
    torch.testing.assert_close(found[kept], expected[kept])
    grad = torch.randn_like(found) * kept[..., None]
    found.backward(grad)
    expected.backward(grad)
    torch.testing.assert_close(x.grad, y.grad)
    grads = {name: p.grad for name, p in theirs.named_parameters()}
    for kind in ("weight", "bias"):
        found = torch.cat([getattr(m, kind).grad for m in maps])
        torch.testing.assert_close(
            found, grads.pop(f"self_attn.in_proj_{kind}")
        )
        for name, module in {
            "self_attn.out_proj": ours.attention.out,
            "linear1": ours.up,
            "linear2": ours.down,
            "norm1": ours.norm1,
            "norm2": ours.norm2,
        }.items():
            found = getattr(module, kind).grad
            torch.testing.assert_close(found, grads.pop(f"{name}.{kind}"))
    assert not grads


def test_padding_changes_nothing():
    encoder = Encoder(SMALL).eval()
    short = torch.tensor([[2, 7, 3]])
    long = torch.tensor([[2, 7, 3, 0, 0], [2, 5, 6, 8, 3]])
    torch.testing.assert_close(encoder(long)[0, :3], encoder(short)[0])


def test_half_way_and_on_is_the_whole_way():
    encoder = Encoder(SMALL).eval()
    numbers = torch.tensor([[2, 7, 3, 0], [2, 5, 6, 3]])
    half = encoder(numbers, 1)
    whole = encoder.layers[1](half, encoder.real(numbers))
    torch.testing.assert_close(whole, encoder(numbers), rtol=0, atol=0)
    assert torch.equal(encoder(numbers, 0), encoder.embed(numbers))


def test_the_order_of_words_matters():
    encoder = Encoder(SMALL).eval()
    one, other = encoder(torch.tensor([[2, 7, 9, 3], [2, 9, 7, 3]])).mean(1)
    assert not torch.allclose(one, other, atol=1e-3)


def test_bad_numbers_are_named():
    encoder = Encoder(SMALL)
    with pytest.raises(ValueError, match=r"shape \(N, T\), got shape \(3,\)"):
        encoder(torch.tensor([2, 7, 3]))
    with pytest.raises(ValueError, match=r"got shape .* of torch\.float32"):
        encoder(torch.zeros(1, 3))
    with pytest.raises(ValueError, match="at most 6 pieces, got 7; pass max"):
        encoder(torch.ones(1, 7, dtype=torch.long))
    with pytest.raises(ValueError, match=r"in \[0, 20\), got 2 to 20; the t"):
        encoder(torch.tensor([[2, 20]]))


def write(folder, weights=None, **changes):
    config = {
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
    } | changes
    (folder / "config.json").write_text(json.dumps(config))
    weights = {"pooler.dense.bias": torch.zeros(8)} | (weights or {})
    save_file(weights, folder / "model.safetensors")
    return folder


def test_missing_files_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"model\.safetensors; leave"):
        load_encoder(tmp_path)
    write(tmp_path)
    (tmp_path / "config.json").unlink()
    with pytest.raises(FileNotFoundError, match=r"config\.json; leave"):
        load_encoder(tmp_path)


def test_weights_that_do_not_fit_are_named(tmp_path):
    with pytest.raises(ValueError, match="do not fit the sizes in its conf"):
        load_encoder(write(tmp_path))
    with pytest.raises(ValueError, match="belongs to no part of this encode"):
        load_encoder(write(tmp_path, {"h.0.attn": torch.zeros(1)}))


def test_a_damaged_file_is_named(tmp_path):
    path = write(tmp_path) / "model.safetensors"
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(ValueError, match="no whole file of weights"):
        load_encoder(tmp_path)


@pytest.mark.parametrize("wrong", [-1, 3, 99])
def test_a_number_of_layers_that_is_not_there(wrong):
    with pytest.raises(ValueError, match=rf"in \[0, 2\], .* got {wrong}"):
        Encoder(SMALL)(torch.tensor([[2, 7, 3]]), wrong)
    tokenizer = WordPiece(["[PAD]", "[UNK]", "[CLS]", "[SEP]"])
    with pytest.raises(ValueError, match=rf"in \[0, 2\], .* got {wrong}"):
        token_states(Encoder(SMALL), tokenizer, ["a"], num_layers=wrong)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1]", "expected settings by name, got a list"),
        ("", "Expecting value"),
        ('{"model_type": "be', "Unterminated"),
        ("\udcff", "utf-8"),
        ("[" * 10**6, "recursion"),
    ],
)
def test_settings_that_are_damaged_are_named_with_their_file(
    tmp_path, text, words
):
    path = write(tmp_path) / "config.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ValueError, match=rf"config\.json: .*{words}"):
        load_encoder(tmp_path)


@pytest.mark.parametrize(
    "changes",
    [
        {"vocab_size": 10**6, "hidden_size": 10**6},  # 4 TB
        {"num_hidden_layers": 3},
        {"intermediate_size": 17},
    ],
)
def test_sizes_are_compared_before_memory_is_taken(tmp_path, changes):
    weights = encoder_weights(tmp_path)
    with pytest.raises(ValueError, match="do not fit the sizes in its config"):
        load_encoder(write(tmp_path, weights, **changes))


def encoder_weights(folder):
    """Weights that fit what `write` writes, under the names of BERT."""
    encoder = Encoder(EncoderSettings(**read_settings_of(write(folder))))
    named = {}
    for name in names_of_bert():
        named[name] = encoder.state_dict()[our_name(name)]
    return named


def names_of_bert():
    tables = "word_embeddings", "position_embeddings", "token_type_embeddings"
    parts = [f"attention.self.{p}" for p in ("query", "key", "value")]
    parts += ["attention.output.dense", "attention.output.LayerNorm"]
    parts += ["intermediate.dense", "output.dense", "output.LayerNorm"]
    both = ["embeddings.LayerNorm", *(f"encoder.layer.0.{p}" for p in parts)]
    return [f"embeddings.{table}.weight" for table in tables] + [
        f"{part}.{kind}" for part in both for kind in ("weight", "bias")
    ]


def read_settings_of(folder):
    return read_settings(folder / "config.json")


def test_what_fits_is_loaded_and_draws_what_it_always_drew(tmp_path):
    weights = encoder_weights(tmp_path)
    torch.manual_seed(0)
    loaded = load_encoder(write(tmp_path, weights))
    after = torch.get_rng_state()
    torch.manual_seed(0)
    Encoder(loaded.settings)
    assert torch.equal(torch.get_rng_state(), after)
    for name, value in weights.items():
        assert torch.equal(loaded.state_dict()[our_name(name)], value)
