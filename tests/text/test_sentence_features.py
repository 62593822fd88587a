import os
import time

import pytest
import torch

from sevenlessons.text import sentence_features as module
from sevenlessons.text.encoder import Encoder, EncoderSettings
from sevenlessons.text.sentence_features import (
    kept_states,
    mean_pool,
    sentence_features,
    token_states,
)
from sevenlessons.text.wordpiece import WordPiece

WORDS = "a good bad film very not".split()
TOKENIZER = WordPiece(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS])
TEXTS = ["a very good film", "bad", "", "not a very very bad film", "good"]


@pytest.fixture
def encoder():
    torch.manual_seed(0)
    return Encoder(EncoderSettings(len(TOKENIZER), 8, 2, 2, 16))


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "vocab.txt").write_bytes(b"pieces")
    return folder


def test_mean_pooling_equals_a_loop():
    x = torch.randn(4, 6, 3, requires_grad=True)
    lengths = [6, 1, 3, 5]
    real = torch.arange(6) < torch.tensor(lengths)[:, None]
    pooled = mean_pool(x, real)
    loop = torch.stack(
        [row[:n].mean(0) for row, n in zip(x, lengths, strict=True)]
    )
    torch.testing.assert_close(pooled, loop)
    pooled.sum().backward()
    assert not x.grad[~real].any()


def test_what_stands_in_the_padding_does_not_matter():
    x = torch.randn(2, 3, 4)
    real = torch.tensor([[True, True, False], [True, False, False]])
    before = mean_pool(x, real)
    x[~real] = float("nan")
    assert torch.equal(mean_pool(x, real), before)


def test_a_text_without_a_real_piece_gives_zeros():
    assert not mean_pool(torch.ones(1, 2, 3), torch.zeros(1, 2).bool()).any()


def test_states_equal_the_encoder_text_by_text(encoder):
    states = token_states(encoder, TOKENIZER, TEXTS, batch_size=2)
    encoder.eval()
    for i, text in enumerate(TEXTS):
        with torch.no_grad():
            (alone,) = encoder(TOKENIZER.batch([text]))
        torch.testing.assert_close(states.text(i), alone)


def test_features_have_length_one_and_follow_the_order(encoder):
    features = sentence_features(encoder, TOKENIZER, TEXTS)
    torch.testing.assert_close(features.norm(dim=1), torch.ones(5))
    alone = sentence_features(encoder, TOKENIZER, TEXTS[3:4])
    torch.testing.assert_close(features[3:4], alone)


def test_an_empty_and_a_very_long_text(encoder):
    long = "a good film " * 100_000  # more than a million characters
    start = time.process_time()
    states = token_states(encoder, TOKENIZER, ["", long], max_length=40)
    assert states.lengths.tolist() == [2, 40]
    assert bool(states.values.isfinite().all())
    assert time.process_time() - start < 5  # 0.1 s when this was written


def test_states_are_kept_and_made_anew_where_something_differs(
    encoder, folder, monkeypatch
):
    calls = []

    def counted(*args, **kwargs):
        calls.append(1)
        return token_states(*args, **kwargs)

    monkeypatch.setattr(module, "token_states", counted)
    first = kept_states(encoder, TOKENIZER, TEXTS, folder)
    again = kept_states(encoder, TOKENIZER, TEXTS, folder)
    assert len(calls) == 1
    assert torch.equal(first.values, again.values)
    assert torch.equal(first.lengths, again.lengths)
    # rounding to 10 bits of fraction
    exact = token_states(encoder, TOKENIZER, TEXTS).values
    torch.testing.assert_close(
        first.values.float(), exact, rtol=1e-3, atol=1e-4
    )
    kept_states(encoder, TOKENIZER, TEXTS[:3], folder)
    kept_states(encoder, TOKENIZER, TEXTS, folder, num_layers=1)
    kept_states(encoder, TOKENIZER, TEXTS, folder, dtype=torch.bfloat16)
    assert len(calls) == 4
    (folder / "model.safetensors").write_bytes(b"other weights")
    kept_states(encoder, TOKENIZER, TEXTS, folder)
    assert len(calls) == 5


def test_a_damaged_file_is_made_anew(encoder, folder):
    first = kept_states(encoder, TOKENIZER, TEXTS, folder)
    (path,) = (folder.parent / "derived" / "weights").glob("states-*")
    size = os.path.getsize(path)
    with open(path, "r+b") as file:
        file.seek(size - 3)
        file.write(b"xyz")
    again = kept_states(encoder, TOKENIZER, TEXTS, folder)
    assert torch.equal(first.values, again.values)


def test_bad_input_is_named(encoder):
    with pytest.raises(ValueError, match=r"at least one text, got \[\]"):
        token_states(encoder, TOKENIZER, [])
    with pytest.raises(ValueError, match="at least one text, got 'a film'"):
        token_states(encoder, TOKENIZER, "a film")
    with pytest.raises(ValueError, match=r"got \(2, 3\) and \(2, 3\)"):
        mean_pool(torch.zeros(2, 3), torch.zeros(2, 3).bool())
