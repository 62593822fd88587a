import pytest
import torch
from torch import nn

from sevenlessons.vision.point_training import (
    mean_distance,
    out_of_fold_points,
    train_points,
)
from sevenlessons.vision.pointing import PointNet, light_stack
from sevenlessons.vision.points import pixel_error


def glows(count, seed):
    """Return dark pictures with one glow each, and where it is."""
    generator = torch.Generator().manual_seed(seed)
    points = torch.rand(count, 2, generator=generator) * 1.6 - 0.8
    x = (torch.arange(64) * 2 + 1) / 64 - 1
    far = (x[None, None] - points[:, 0, None, None]) ** 2
    far = far + (x[None, :, None] - points[:, 1, None, None]) ** 2
    light = (-far / 0.02).exp()
    noise = torch.rand(count, 64, 64, generator=generator) * 0.3
    return (light + noise)[:, None].expand(-1, 3, -1, -1) / 1.3, points


def test_it_learns_to_point():
    images, points = glows(150, 0)
    stack = light_stack(images)[:, None]
    net = PointNet(5)
    learner = train_points(net, stack, points[:, None], epochs=15, lr=0.03)
    losses = [epoch["train_loss"] for epoch in learner.history.epochs]
    assert losses[-1] < losses[0] / 10
    others, truth = glows(50, 1)
    with torch.no_grad():
        found = net.eval()(light_stack(others))
    assert pixel_error(found, truth, (64, 64)).mean() < 3


def test_same_seed_same_network():
    images, points = glows(20, 2)
    stack = light_stack(images)[:, None]
    answers = []
    for seed in (0, 0, 1):
        net = PointNet(5)
        train_points(net, stack, points[:, None], epochs=2, seed=seed)
        answers.append(net.eval()(stack[:, 0]))
    assert torch.equal(answers[0], answers[1])
    assert not torch.equal(answers[0], answers[2])


def test_each_fold_is_answered_by_a_model_that_never_saw_it():
    """Inputs that say nothing: each answer is the other side's mean."""
    inputs = torch.zeros(40, 1, 1)
    points = torch.full((40, 1, 2), 0.5)
    points[20:] = -0.5
    first, second = torch.arange(20), torch.arange(20, 40)

    def new_model(seed):
        torch.manual_seed(seed)
        return nn.Linear(1, 2)

    answers = out_of_fold_points(
        new_model,
        inputs,
        points,
        inputs.expand(-1, 3, -1),
        [(first, second), (second, first)],
        epochs=200,
        lr=0.05,
    )
    assert answers.shape == (40, 3, 2)
    assert (answers[20:] > 0.3).all()
    assert (answers[:20] < -0.3).all()


def test_validation_and_other_losses():
    inputs, points = torch.randn(30, 2, 4), torch.zeros(30, 2, 2)
    learner = train_points(
        nn.Linear(4, 2),
        inputs,
        points,
        loss_fn=mean_distance,
        epochs=1,
        valid=(inputs[:, 0], points[:, 0]),
    )
    assert learner.history.epochs[0]["valid_loss"] > 0


def test_folds_that_leak_are_refused():
    inputs, points = torch.zeros(4, 1, 1), torch.zeros(4, 1, 2)
    rows = torch.arange(4)
    with pytest.raises(ValueError, match="fold 0 judges rows that it learn"):
        out_of_fold_points(
            lambda s: nn.Linear(1, 2), inputs, points, inputs, [(rows, rows)]
        )
    with pytest.raises(ValueError, match="each of the 4 rows exactly once"):
        out_of_fold_points(
            lambda s: nn.Linear(1, 2),
            inputs,
            points,
            inputs,
            [(rows[:2], rows[2:])],
        )
