"""The loss over a part of the words: exact with all, right on average."""

import pytest
import torch
from torch import nn

from sevenlessons.text.awd_lstm import AWDLSTM, AWDDropouts, LanguageModel
from sevenlessons.text.next_word import next_word_loss
from sevenlessons.text.sampled_loss import SampledLoss


def small(size=60, seed=0):
    encoder = AWDLSTM(
        size, 8, 12, num_layers=2, dropouts=AWDDropouts().scaled(0), seed=seed
    )
    model = LanguageModel(encoder)
    with torch.no_grad():
        encoder.embedding.weight.mul_(10)
        model.head.bias.uniform_(-1, 1)
    return model.eval()


def batch(size=60, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(2, size, (3, 6), generator=generator)


def test_all_words_give_the_loss_and_the_gradient():
    model, numbers = small(), batch()
    inputs, targets = numbers[:, :-1], numbers[:, 1:]
    gradients = []
    for sampled in (True, False):
        model.zero_grad()
        model.reset()
        if sampled:
            loss = SampledLoss(model, count=60)(model.encoder(inputs), targets)
        else:
            loss = next_word_loss(model(inputs), targets)
        loss.backward()
        gradients.append(
            [loss.item(), *(p.grad.clone() for p in model.parameters())]
        )
    assert gradients[0][0] == pytest.approx(gradients[1][0], abs=1e-6)
    for a, b in zip(gradients[0][1:], gradients[1][1:], strict=True):
        torch.testing.assert_close(a, b, atol=1e-6, rtol=1e-4)


def test_the_sum_below_is_right_on_average():
    model, numbers = small(), batch(seed=1)
    inputs, targets = numbers[:1, :-1], numbers[:1, 1:]
    with torch.no_grad():
        outputs = model.encoder(inputs)[:, :1]
        target = targets[:, :1]
        score = model.encoder.embedding.weight @ outputs[0, 0]
        score = score + model.head.bias
        full = score.exp().sum()
        loss_fn = SampledLoss(model, count=10, seed=3)
        # the loss is log(sum) - score: take the sum back out of it
        sums = torch.stack(
            [
                (loss_fn(outputs, target) + score[target[0, 0]]).exp()
                for _ in range(3000)
            ]
        )
    error = sums.std() / len(sums) ** 0.5
    assert abs(float(sums.mean() - full)) < 5 * float(error)
    assert sums.std() > 0  # another draw each time


def test_few_words_cost_few_scores(monkeypatch):
    model, numbers = small(), batch()
    sizes = []
    true = nn.functional.linear

    def spy(x, weight, bias=None):
        sizes.append(len(weight))
        return true(x, weight, bias)

    outputs = model.encoder(numbers[:, :-1])
    monkeypatch.setattr(nn.functional, "linear", spy)
    SampledLoss(model, count=5)(outputs, numbers[:, 1:])
    assert sizes == [len(numbers[:, 1:].unique()) + 5]


def test_same_seed_same_loss_and_no_global_state():
    model, numbers = small(), batch()
    outputs = model.encoder(numbers[:, :-1])
    before = torch.get_rng_state()
    first, second, other = (
        SampledLoss(model, count=5, seed=s)(outputs, numbers[:, 1:]).item()
        for s in (1, 1, 2)
    )
    assert first == second != other
    assert torch.equal(before, torch.get_rng_state())


def test_every_word_in_the_batch():
    model = small(size=4)
    numbers = torch.tensor([[0, 1, 2, 3, 0]])
    outputs = model.encoder(numbers[:, :-1])
    loss = SampledLoss(model)(outputs, numbers[:, 1:])
    model.reset()
    full = next_word_loss(model(numbers[:, :-1]), numbers[:, 1:])
    assert loss.item() == pytest.approx(full.item(), abs=1e-6)


def test_bad_input():
    model, numbers = small(), batch()
    with pytest.raises(ValueError, match="count must be at least 1, got 0"):
        SampledLoss(model, count=0)
    with pytest.raises(ValueError, match="outputs of the encoder"):
        SampledLoss(model)(torch.zeros(2, 3), numbers)
    with pytest.raises(ValueError, match=r"\(3, 5, 8\) and \(3, 6\)"):
        SampledLoss(model)(model.encoder(numbers[:, :-1]), numbers)
