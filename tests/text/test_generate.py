import pytest
import torch
from scipy.stats import chisquare
from torch import nn

from sevenlessons.text.awd_lstm import AWDLSTM, LanguageModel
from sevenlessons.text.causal_transformer import CausalTransformer
from sevenlessons.text.generate import generate, next_word_probabilities

SCORES = torch.tensor([0.3, -1.0, 2.0, 0.0, 1.2, -0.4])


class Fixed(nn.Module):
    """The same scores at every place."""

    def __init__(self):
        super().__init__()
        self.scores = nn.Parameter(SCORES)

    def forward(self, numbers):
        return self.scores.expand(*numbers.shape, -1)


@pytest.mark.parametrize("temperature", [0.3, 0.75, 1.0, 1.2, 5.0])
def test_temperature_is_softmax_of_scores_over_it(temperature):
    expected = (SCORES.double() / temperature).softmax(0)
    found = next_word_probabilities(SCORES, temperature=temperature)
    assert torch.allclose(found, expected)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("top_k", [None, 3])
def test_words_are_drawn_as_often_as_softmax_says(temperature, top_k):
    words = generate(
        Fixed(), [0], 4000, temperature=temperature, top_k=top_k, seed=7
    )[1:]
    counts = torch.bincount(torch.tensor(words), minlength=len(SCORES))
    expected = (SCORES.double() / temperature).softmax(0)
    if top_k:
        expected[SCORES.argsort()[:-top_k]] = 0
        assert (counts > 0).sum() == top_k
    likely = expected > 0
    expected = expected[likely] / expected[likely].sum() * len(words)
    assert chisquare(counts[likely], expected).pvalue > 0.001


def test_a_falling_temperature_ends_at_the_best_word():
    for temperature in (1e-3, 1e-30, 0):
        shares = next_word_probabilities(SCORES, temperature=temperature)
        assert shares[2] == pytest.approx(1) and shares.isfinite().all()
    assert set(generate(Fixed(), [0], 20, temperature=0)[1:]) == {2}
    assert set(generate(Fixed(), [0], 20, top_k=1)[1:]) == {2}


def test_forbidden_words_never_come():
    shares = next_word_probabilities(SCORES, forbidden=[2, 4, 4], top_k=2)
    assert shares.nonzero().flatten().tolist() == [0, 3]
    with pytest.raises(ValueError, match="every word is forbidden"):
        next_word_probabilities(SCORES, forbidden=range(6))


def test_word_by_word_is_the_whole_text_read_again():
    model = LanguageModel(AWDLSTM(30, 6, 8, num_layers=2, seed=3)).train()
    with torch.no_grad():
        model.encoder.embedding.weight.mul_(20)  # clear favorites
    words = generate(model, [4, 5], 12, temperature=0)
    assert model.training and len(words) == 14
    model.eval()
    again = [4, 5]
    for _ in range(12):
        model.reset()
        again.append(int(model(torch.tensor([again]))[0, -1].argmax()))
    assert words == again


def test_the_stop_word_ends_the_text_and_the_seed_decides():
    assert generate(Fixed(), [0], 50, temperature=0, stop=2) == [0]
    one, two, other = (generate(Fixed(), [0], 50, seed=s) for s in (1, 1, 2))
    assert one == two != other
    torch.manual_seed(3)
    before = torch.get_rng_state()
    generate(Fixed(), [0], 5)
    assert torch.equal(torch.get_rng_state(), before)


def test_bad_settings_are_refused():
    for wrong in (-1, float("inf"), float("nan")):
        with pytest.raises(ValueError, match="temperature must be a number"):
            next_word_probabilities(SCORES, temperature=wrong)
    with pytest.raises(ValueError, match="top_k must be at least 1, got 0"):
        next_word_probabilities(SCORES, top_k=0)
    with pytest.raises(ValueError, match="scores must be finite"):
        next_word_probabilities(torch.tensor([0.0, float("nan")]))
    with pytest.raises(ValueError, match="at least one word number"):
        generate(Fixed(), [], 3)
    with pytest.raises(ValueError, match="count must not be negative"):
        generate(Fixed(), [1], -3)


def test_a_model_without_a_state_reads_the_whole_text_each_time():
    model = CausalTransformer(30, 8, 2, num_layers=1, max_length=12, seed=3)
    with torch.no_grad():
        model.tokens.weight.mul_(60)
        model.places.weight.mul_(60)
    words = generate(model, [4, 5], 10, temperature=0)
    model.eval()
    again, alone = [4, 5], [4, 5]
    for _ in range(10):
        again.append(int(model(torch.tensor([again]))[0, -1].argmax()))
        alone.append(int(model(torch.tensor([alone[-1:]]))[0, -1].argmax()))
    assert words == again != alone


@pytest.mark.parametrize("wrong", [9, -1])
def test_a_forbidden_word_that_is_none_is_named(wrong):
    with pytest.raises(ValueError, match=rf"in \[0, 6\), got {wrong}; use"):
        next_word_probabilities(SCORES, forbidden=[2, wrong])
