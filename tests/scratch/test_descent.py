import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sevenlessons.scratch.descent import (
    gradient_descent,
    make_line,
    mse,
    mse_gradient,
)

START = torch.tensor([-1.0, 1.0], dtype=torch.float64)


def torch_path(inputs, target, start, steps, **options):
    weights = start.clone().requires_grad_()
    optimizer = torch.optim.SGD([weights], **options)
    path = [start]
    for _ in range(steps):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(inputs @ weights, target).backward()
        optimizer.step()
        path.append(weights.detach().clone())
    return torch.stack(path)


@given(
    n=st.integers(2, 60),
    p=st.integers(1, 5),
    lr=st.floats(0.001, 0.3),
    momentum=st.sampled_from([0.0, 0.5, 0.9]),
    seed=st.integers(0, 99),
)
@settings(max_examples=40, deadline=None)
def test_each_step_equals_torch(n, p, lr, momentum, seed):
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(n, p, generator=generator, dtype=torch.float64)
    target = torch.randn(n, generator=generator, dtype=torch.float64)
    start = torch.randn(p, generator=generator, dtype=torch.float64)
    options = {"lr": lr, "momentum": momentum}
    ours = gradient_descent(inputs, target, start, steps=50, **options)
    reference = torch_path(inputs, target, start, 50, **options)
    # float64: 50 steps, each may round 1e-16 and pass it on; where the walk
    # diverges the numbers are large, hence relative to the largest
    scale = reference.abs().max()
    assert (ours - reference).abs().max() <= 1e-11 * scale


def test_gradient_equals_autograd_and_finite_differences():
    inputs, target = make_line(30)
    weights = START.clone().requires_grad_()
    mse(inputs @ weights, target).backward()
    ours = mse_gradient(inputs, target, START)
    # float64, sums of 30 terms of size 5
    assert (ours - weights.grad).abs().max() < 1e-13

    def loss(w):
        return mse(inputs @ w, target)

    assert torch.autograd.gradcheck(loss, weights)


def test_gradcheck_of_the_gradient_itself():
    inputs, target = make_line(7)
    weights = START.clone().requires_grad_()
    assert torch.autograd.gradcheck(
        lambda w: mse_gradient(inputs, target, w), weights
    )


def test_points_scatter_around_the_line():
    inputs, target = make_line(20_000, slope=-1, intercept=5, noise=0.5)
    x = inputs[:, 0]
    assert x.min() >= -1 and x.max() <= 1 and (inputs[:, 1] == 1).all()
    rest = target - (5 - x)
    # 20,000 draws: standard errors 0.0035 and 0.0025
    assert abs(rest.mean()) < 0.02 and abs(rest.std() - 0.5) < 0.02
    # x evenly from -1 to 1 has the variance 1/3
    assert abs((x**2).mean() - 1 / 3) < 0.01


def test_expected_loss_at_the_start():
    inputs, target = make_line(200_000)
    loss = mse(inputs @ START, target)
    # (4x + 1)^2 has the mean 16/3 + 1; standard error 0.015
    assert abs(loss - (16 / 3 + 1 + 0.25**2)) < 0.06


def test_seeds_repeat_and_start_is_left_alone():
    start = START.clone()
    paths = []
    for _ in range(2):
        inputs, target = make_line(10, seed=3)
        paths.append(gradient_descent(inputs, target, start, lr=0.1, steps=5))
    assert torch.equal(*paths) and torch.equal(start, START)
    assert paths[0].shape == (6, 2) and torch.equal(paths[0][0], START)
    assert not torch.equal(inputs, make_line(10, seed=4)[0])


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: make_line(1), "at least 2 points, got 1"),
        (lambda: make_line(9, noise=-1), "noise is a spread"),
        (lambda: mse(torch.zeros(3, 1), torch.zeros(3)), r"\(3, 1\), target"),
        (lambda: walk(lr=0), "expected lr > 0"),
        (lambda: walk(momentum=1), r"momentum in \[0, 1\)"),
        (lambda: walk(steps=-1), "steps=-1"),
    ],
)
def test_messages(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def walk(lr=0.1, momentum=0.0, steps=3):
    inputs, target = make_line(10)
    options = {"lr": lr, "momentum": momentum, "steps": steps}
    return gradient_descent(inputs, target, START, **options)
