import math

import pytest
import torch

from sevenlessons.text.awd_lstm import AWDLSTM, LanguageModel
from sevenlessons.text.reading import count_texts, read_texts
from sevenlessons.text.streams import StreamLoader

TEXTS = [[2, 3 + n % 3, 6, 7] * 6 for n in range(20)]


def streams(texts=TEXTS, **more):
    return StreamLoader(texts, 4, 6, **more)


def model(seed=0):
    return LanguageModel(AWDLSTM(9, 6, 8, 2, seed=seed))


def test_counting_sees_the_training_texts_only():
    found = count_texts([[2, 3] * 50], [[2, 3, 0, 0]], 5)
    assert found["tokens"] == {
        "vocabulary": 5,
        "train": 100,
        "valid": 4,
        "unknown_valid": 0.5,
    }
    assert found["baselines"]["unigram"] > 1


def test_it_learns_and_keeps_a_receipt():
    said = []
    reader = model()
    receipt = read_texts(
        reader,
        streams(),
        streams(shuffle=False),
        epochs=4,
        lr=0.02,
        say=said.append,
    )
    rows = receipt["epochs"]
    assert len(rows) == 4 and not receipt["stopped"]
    assert rows[-1]["valid_perplexity"] < rows[0]["valid_perplexity"]
    assert receipt["steps"] == 4 * len(streams())
    assert "after epoch 4" in said[-1]


def test_what_is_frozen_stays():
    reader = model()
    layer = reader.layer_groups()[1].requires_grad_(False)
    before = [p.clone() for p in layer.parameters()]
    words = reader.encoder.embedding.weight.detach().clone()
    read_texts(reader, streams(), streams(), epochs=1, lr=0.02)
    for old, new in zip(before, layer.parameters(), strict=True):
        assert torch.equal(old, new)
    assert not torch.equal(words, reader.encoder.embedding.weight)


def test_a_loss_that_is_not_finite_is_a_sentence():
    reader = model()
    with torch.no_grad():
        reader.head.bias[3] = math.nan
    with pytest.raises(ValueError, match=r"the loss is not finite.*lower"):
        read_texts(reader, streams(), streams(), epochs=1, lr=0.02)
