import pytest
import torch
from torch import nn

from sevenlessons.text.awd_lstm import AWDLSTM, AWDDropouts, LanguageModel
from sevenlessons.text.regularize import (
    ActivationRegularization,
    activation_penalty,
    change_penalty,
)
from sevenlessons.training.callbacks import Callback
from sevenlessons.training.learner import Learner


def test_formulas():
    outputs = torch.randn(3, 5, 4, dtype=torch.float64).float()
    squares = jumps = 0.0
    for text in outputs:
        for t in range(5):
            squares += float((text[t] ** 2).sum())
            if t:
                jumps += float(((text[t] - text[t - 1]) ** 2).sum())
    assert activation_penalty(outputs).item() == pytest.approx(squares / 60)
    assert change_penalty(outputs).item() == pytest.approx(jumps / 48)
    assert change_penalty(outputs[:, :1]).item() == 0


class Seen(Callback):
    def __init__(self):
        self.losses = []

    def on_loss(self, learner):
        self.losses.append(learner.loss.item())


def fitted(dropouts, *callbacks, model=None):
    torch.manual_seed(0)
    numbers = torch.randint(30, (4, 7))
    encoder = AWDLSTM(30, 6, 9, 2, dropouts=dropouts)
    model = LanguageModel(encoder) if model is None else model

    def loss(scores, target):
        return nn.functional.cross_entropy(scores.mT, target)

    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    batch = numbers[:, :-1], numbers[:, 1:]
    learner = Learner(
        model, [batch], [batch], loss, optimizer, callbacks=callbacks
    )
    return learner, numbers


@pytest.mark.parametrize(("alpha", "beta"), [(2, 1), (2, 0), (0, 1)])
def test_loss_that_is_stepped_on(alpha, beta):
    before, after = Seen(), Seen()
    learner, numbers = fitted(
        AWDDropouts().scaled(0),
        before,
        ActivationRegularization(alpha, beta),
        after,
    )
    with torch.no_grad():
        outputs = learner.model.encoder(numbers[:, :-1])
    learner.model.reset()
    learner.fit(1)
    added = alpha * activation_penalty(outputs) + beta * change_penalty(
        outputs
    )
    assert after.losses[0] - before.losses[0] == pytest.approx(
        added.item(), rel=1e-4
    )


def test_size_is_taken_after_and_change_before_dropout():
    penalty = ActivationRegularization(1.0, 1.0)
    learner, numbers = fitted(AWDDropouts(0.5, 0, 0, 0, 0))
    penalty.on_fit_begin(learner)
    learner.model.train()(numbers)
    dropped, raw = penalty._dropped, penalty._raw
    assert (dropped == 0).any() and not (raw == 0).any()
    kept = dropped != 0
    torch.testing.assert_close(dropped[kept], 2 * raw[kept])


def test_validation_is_not_penalized_and_hooks_go():
    learner, _ = fitted(AWDDropouts(), ActivationRegularization())
    learner.fit(1)
    plain = learner.evaluate(learner.valid_loader)["loss"]
    assert learner.history.epochs[-1]["valid_loss"] == pytest.approx(plain)
    encoder = learner.model.encoder
    assert not encoder._forward_hooks
    assert not encoder.layers[-1]._forward_hooks


def test_refuses():
    with pytest.raises(ValueError, match="must not be negative, got -1 and"):
        ActivationRegularization(-1)
    learner, _ = fitted(
        AWDDropouts(), ActivationRegularization(), model=nn.Linear(2, 2)
    )
    with pytest.raises(ValueError, match="with an AWDLSTM inside, got Linear"):
        learner.fit(1)


@pytest.mark.parametrize("shape", [(3, 5, 4), (2, 2, 3), (1, 6, 1)])
def test_gradients_of_the_formulas(shape):
    texts, steps, width = shape
    outputs = torch.randn(shape, requires_grad=True)
    o = outputs.detach()
    size = 2 * o / o.numel()
    change = torch.zeros(shape)
    for t in range(1, steps):
        jump = 2 * (o[:, t] - o[:, t - 1]) / (texts * (steps - 1) * width)
        change[:, t] += jump
        change[:, t - 1] -= jump
    for penalty, expected in (
        (activation_penalty, size),
        (change_penalty, change),
    ):
        (found,) = torch.autograd.grad(penalty(outputs), outputs)
        torch.testing.assert_close(found, expected)


def test_the_gradient_that_is_stepped_on_is_that_of_loss_and_penalties():
    penalty = ActivationRegularization(2.0, 1.0)
    learner, numbers = fitted(AWDDropouts().scaled(0), penalty)
    reference, _ = fitted(AWDDropouts().scaled(0))
    model = reference.model
    model.load_state_dict(learner.model.state_dict())
    outputs = model.train().encoder(numbers[:, :-1])
    model.reset()
    loss = nn.functional.cross_entropy(
        model(numbers[:, :-1]).mT, numbers[:, 1:]
    )
    loss = loss + 2 * activation_penalty(outputs) + change_penalty(outputs)
    expected = torch.autograd.grad(loss, list(model.parameters()))
    before = [p.detach().clone() for p in learner.model.parameters()]
    learner.fit(1)  # one step of SGD with a rate of 0.01
    for p, old, grad in zip(
        learner.model.parameters(), before, expected, strict=True
    ):
        torch.testing.assert_close(
            (old - p.detach()) / 0.01, grad, rtol=1e-3, atol=1e-5
        )
