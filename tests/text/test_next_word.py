import math

import pytest
import torch
from torch import nn

from sevenlessons.text.awd_lstm import AWDLSTM, LanguageModel
from sevenlessons.text.next_word import (
    NextWordPerplexity,
    next_word_accuracy,
    next_word_loss,
    surprises,
)


def batch(seed=0):
    generator = torch.Generator().manual_seed(seed)
    scores = torch.randn(3, 5, 7, generator=generator)
    return scores, torch.randint(0, 7, (3, 5), generator=generator)


def test_loss_and_accuracy_are_loops():
    scores, targets = batch()
    losses, right = [], []
    for row, words in zip(scores, targets, strict=True):
        for place, word in zip(row, words, strict=True):
            losses.append(-place.log_softmax(0)[word])
            right.append(float(place.argmax() == word))
    expected = torch.stack(losses).mean()
    assert torch.allclose(next_word_loss(scores, targets), expected)
    assert float(next_word_accuracy(scores, targets)) == pytest.approx(
        sum(right) / len(right)
    )


def test_perplexity_weights_unequal_batches_by_words():
    metric = NextWordPerplexity()
    scores, targets = batch()
    metric.update(scores, targets)
    metric.update(scores[:, :1], targets[:, :1])
    both = torch.cat([scores, scores[:, :1]], 1)
    mean = next_word_loss(both, torch.cat([targets, targets[:, :1]], 1))
    assert metric.compute() == pytest.approx(math.exp(mean))


class Even(nn.Module):
    """Every word is as likely, but the state counts what was read."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, numbers):
        return self.weight + torch.zeros(*numbers.shape, 50)


def test_a_uniform_model_has_the_perplexity_of_its_size():
    found = surprises(Even(), [[1, 2, 3], [4, 5, 6, 7]], batch_size=2)
    assert len(found) == 6
    assert found.mean().exp().item() == pytest.approx(50)


def test_surprises_stand_in_the_order_of_the_line():
    model = LanguageModel(AWDLSTM(20, 4, 6, num_layers=2)).train()
    line = torch.randint(2, 20, (40,)).tolist()
    found = surprises(model, [line[:9], line[9:]], batch_size=3, length=4)
    assert model.training and found.dtype == torch.float64
    model.eval()
    each = 13
    expected = []
    for row in range(3):
        model.reset()
        part = line[row * each : (row + 1) * each + 1]
        scores = model(torch.tensor([part[:-1]]))[0].log_softmax(1)
        expected.append(-scores[range(each), part[1:]])
    assert torch.allclose(found.float(), torch.cat(expected), atol=1e-5)


@pytest.mark.parametrize("function", [next_word_loss, next_word_accuracy])
def test_shapes_that_do_not_fit_are_refused(function):
    scores, targets = batch()
    with pytest.raises(ValueError, match=r"expected scores \(N, T, V\)"):
        function(scores, targets[:, :2])
    with pytest.raises(ValueError, match=r"got shapes \(15, 7\)"):
        function(scores.flatten(0, 1), targets)


def test_no_state_of_what_was_judged_stays():
    model = LanguageModel(AWDLSTM(20, 4, 6, num_layers=2)).eval()
    one = torch.tensor([[5, 6, 7]])
    expected = model(one)
    model.reset()
    surprises(model, [list(range(2, 12))], batch_size=1)
    assert torch.equal(model(one), expected)
