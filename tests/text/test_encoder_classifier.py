import pytest
import torch

from sevenlessons.text.encoder import Encoder, EncoderSettings
from sevenlessons.text.encoder_classifier import (
    EncoderClassifier,
    class_scores,
    pooled_states,
)
from sevenlessons.text.sentence_features import mean_pool, token_states
from sevenlessons.text.wordpiece import WordPiece
from sevenlessons.training.freezing import layer_groups

WORDS = "a good bad film very not".split()
TOKENIZER = WordPiece(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS])
TEXTS = ["a very good film", "bad", "", "not a very very bad film", "good"]


def some_encoder():
    torch.manual_seed(0)
    return Encoder(EncoderSettings(len(TOKENIZER), 8, 3, 2, 16))


def test_stored_states_and_the_whole_way_agree():
    encoder = some_encoder()
    states = token_states(encoder, TOKENIZER, TEXTS, num_layers=1)
    model = EncoderClassifier(encoder, 2)
    numbers = TOKENIZER.batch(TEXTS)
    whole = mean_pool(encoder(numbers), encoder.real(numbers))
    torch.testing.assert_close(pooled_states(model, states), whole)


def test_scores_come_in_the_order_of_the_texts():
    encoder = some_encoder()
    states = token_states(encoder, TOKENIZER, TEXTS, num_layers=2)
    model = EncoderClassifier(encoder, 1, num_classes=3)
    torch.nn.init.normal_(model.head.weight)
    found = class_scores(model, states)
    for i in range(len(TEXTS)):
        alone = class_scores(model, states.chosen([i]))
        torch.testing.assert_close(found[i : i + 1], alone)


def test_bfloat16_says_nearly_the_same():
    encoder = some_encoder()
    states = token_states(encoder, TOKENIZER, TEXTS, num_layers=1)
    model = EncoderClassifier(encoder, 2)
    full = pooled_states(model, states)
    half = pooled_states(model, states, dtype=torch.bfloat16)
    assert half.dtype == torch.float32
    # 8 bits of fraction, a few operations after each other
    torch.testing.assert_close(half, full, rtol=0, atol=0.1)
    assert not torch.equal(half, full)


def test_the_encoder_stays_as_it_is():
    encoder = some_encoder()
    model = EncoderClassifier(encoder, 1)
    with torch.no_grad():
        model.layers[0].up.weight.zero_()
    assert encoder.layers[2].up.weight.any()


def test_groups_go_from_early_to_late_and_hold_everything_once():
    model = EncoderClassifier(some_encoder(), 2)
    groups = layer_groups(model)
    assert groups[-1] is model.head
    assert groups[:-1] == list(model.layers)
    together = [p for group in groups for p in group.parameters()]
    assert len(together) == len(list(model.parameters()))


def test_dropout_only_in_training():
    model = EncoderClassifier(some_encoder(), 1, dropout=0.5)
    torch.nn.init.normal_(model.head.weight)
    x, real = torch.randn(2, 3, 8), torch.ones(2, 3).bool()
    model.eval()
    assert torch.equal(model(x, real), model(x, real))
    model.train()
    assert not torch.equal(model(x, real), model(x, real))


@pytest.mark.parametrize("number", [0, 4])
def test_a_number_of_layers_that_is_not_there(number):
    with pytest.raises(ValueError, match=rf"in \[1, 3\], .* got {number}"):
        EncoderClassifier(some_encoder(), number)


@pytest.mark.parametrize("asked", [pooled_states, class_scores])
@pytest.mark.parametrize("training", [True, False])
def test_the_mode_is_put_back(asked, training):
    encoder = some_encoder()
    states = token_states(encoder, TOKENIZER, TEXTS, num_layers=2)
    model = EncoderClassifier(encoder, 1, dropout=0.5).train(training)
    torch.nn.init.normal_(model.head.weight)
    first = asked(model, states)
    assert {part.training for part in model.modules()} == {training}
    assert torch.equal(asked(model, states), first)  # no dropout
