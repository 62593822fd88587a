import pytest
import torch

from sevenlessons.text.marks import mark
from sevenlessons.text.pretrain_settings import PretrainSettings
from sevenlessons.text.pretraining import pretrain

LINE = "The film was good. The minister was not at the film, he said."
TEXTS = [mark(LINE + f" It was day {n % 5}.") for n in range(40)]
SMALL = PretrainSettings(
    embedding_dim=8,
    hidden_size=12,
    batch_size=4,
    length=10,
    epochs=2,
    lr=0.02,
    min_count=1,
)


def small(**changes):
    return PretrainSettings(**{**SMALL.__dict__, **changes})


def test_it_learns_and_tells():
    news = []
    made = pretrain(TEXTS[:32], TEXTS[32:], small(epochs=4), say=news.append)
    receipt = made.receipt
    assert receipt["epochs"][-1]["valid_perplexity"] < 15
    assert receipt["baselines"]["bigram"] < receipt["baselines"]["unigram"]
    assert receipt["settings"]["epochs"] == 4 and not receipt["stopped"]
    assert receipt["tokens"]["train"] == sum(map(len, TEXTS[:32]))
    assert "bigram" in news[1] and "after epoch 4" in news[-1]
    assert not made.model.training
    assert len(made.vocabulary) == receipt["tokens"]["vocabulary"]


def test_the_seed_decides_and_global_state_is_left_alone():
    torch.manual_seed(1)
    before = torch.get_rng_state()
    one, two, other = (
        pretrain(TEXTS[:32], TEXTS[32:], small(epochs=1, seed=s)).model
        for s in (3, 3, 4)
    )
    assert torch.equal(torch.get_rng_state(), before)
    states = [m.state_dict() for m in (one, two, other)]
    for name, tensor in states[0].items():
        assert torch.equal(tensor, states[1][name])
    assert not torch.equal(states[0]["head.bias"], states[2]["head.bias"])


def test_held_out_texts_give_no_words():
    made = pretrain(TEXTS[:32], [mark("zorgly film " * 20)], small(epochs=1))
    assert "zorgly" not in made.vocabulary
    assert made.receipt["tokens"]["unknown_valid"] > 0


@pytest.mark.parametrize("after", [3, 200])
def test_a_stop_keeps_what_there_is(after):
    def say(line):
        said.append(line)
        if len(said) == after:
            raise KeyboardInterrupt

    said = []
    made = pretrain(TEXTS[:32], TEXTS[32:], SMALL, say=say)
    assert made.receipt["stopped"] == (after == 3)
    assert made.receipt["epochs"][-1]["valid_perplexity"] > 1


def test_too_little_text_is_refused():
    with pytest.raises(ValueError, match="use more text or a smaller"):
        pretrain([mark("a film")], [mark("a film")], SMALL)
