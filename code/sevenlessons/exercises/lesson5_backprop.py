"""Checks of backpropagation: sigmoid, linear, a wrong sign, a tanh fit."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import torch
from torch import Tensor, nn

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.scratch.finite_differences import central_difference
from sevenlessons.scratch.linear import linear_backward

from .lesson5_backprop_cases import bend_without_tanh, flawed_layers

__all__ = [
    "check_linear_backward",
    "check_sigmoid_backward",
    "check_tanh_fit",
    "check_wrong_layer",
]


def _numbers(trial: Trial, *shape: int) -> Tensor:
    return torch.randn(shape, generator=trial.generator, dtype=torch.float64)


def _untracked(answer: Callable[..., Any]) -> Callable[..., Any]:
    """Return the answer with autograd switched off, and a word about it."""

    @wraps(answer)
    def call(*args: Any) -> Any:
        with torch.no_grad():
            try:
                return answer(*args)
            except RuntimeError as error:
                if "does not require grad" not in str(error):
                    raise
                raise RuntimeError(
                    "autograd is switched off here; write the slope of the "
                    "sigmoid as a formula"
                ) from error

    return call


@exercise(
    "lesson5/sigmoid_backward",
    takes="grad, x",
    asks="Return the gradient that a sigmoid hands on.",
)
def check_sigmoid_backward(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check against autograd and against trying, far out too."""
    untracked = _untracked(answer)
    cases = [
        ("a row of numbers", _numbers(trial, 6), "The slope is s (1 - s)."),
        (
            "a batch",
            2 * _numbers(trial, 4, 3),
            "Multiply with the gradient that arrives, number by number.",
        ),
        (
            "far out on both sides",
            torch.tensor([-1e4, -800.0, 800.0, 1e4], dtype=torch.float64),
            "exp of a large number is infinite, and infinite times 0 is no "
            "number. Let torch.sigmoid take care of it.",
        ),
    ]
    for words, x, hint in cases:
        grad = 3 * _numbers(trial, *x.shape)
        tracked = x.clone().requires_grad_()
        torch.sigmoid(tracked).backward(grad)
        if not trial.equal(
            words,
            untracked,
            [grad, x],
            tracked.grad,
            tolerance=1e-9,
            hint=hint,
        ):
            return
    x, grad = _numbers(trial, 2, 5), _numbers(trial, 2, 5)
    trial.equal(
        "a gradient check, by central differences",
        untracked,
        [grad, x],
        central_difference(lambda x: (grad * x.sigmoid()).sum(), x, 1e-5),
        tolerance=1e-7,
        hint="The slope is s (1 - s), times the gradient that arrives.",
    )


@exercise(
    "lesson5/linear_backward",
    takes="grad, x, weight",
    asks="Return the gradients of x, weight and bias.",
)
def check_linear_backward(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check one row, batches, and batches of batches."""
    draw = trial.random.randint
    cases = [
        ((1,), "The gradient of the weight has a row for each output."),
        (
            (draw(3, 5),),
            "Weight and bias were used by every row: add up what all rows "
            "say.",
        ),
        (
            (draw(2, 3), draw(4, 5)),
            "All axes before the last are rows; flatten them first.",
        ),
        ((0,), "No row, no gradient: zeros."),
    ]
    for leading, hint in cases:
        inside, outside = trial.random.sample(range(2, 7), 2)
        x = _numbers(trial, *leading, inside)
        weight = _numbers(trial, outside, inside)
        grad = _numbers(trial, *leading, outside)
        if not trial.equal(
            f"x of shape {tuple(x.shape)}",
            answer,
            [grad, x, weight],
            linear_backward(grad, x, weight),
            tolerance=1e-9,
            hint=hint,
        ):
            return


@exercise(
    "lesson5/wrong_layer",
    takes="layers, x",
    asks="Return the number of the layer whose backward is wrong.",
)
def check_wrong_layer(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check that the wrong one is found wherever it stands."""
    places = [*range(5), *range(5)]
    trial.random.shuffle(places)
    for number, wrong in enumerate(places):
        kind = ("sign", "one", "scale")[number % 3]
        layers = flawed_layers(wrong, kind, trial.generator)
        x = _numbers(trial, 3, 4)
        if not trial.equal(
            f"layers, part {number + 1}",
            answer,
            [layers, x],
            wrong,
            hint="Walk forward and keep what goes into each layer. Pull any "
            "gradient back through one layer alone, and compare each of its "
            "numbers with a central difference of that layer.",
        ):
            return


@exercise(
    "lesson5/tanh_fit",
    takes="x, y",
    asks="Return a trained torch network with tanh that fits y at x.",
)
def check_tanh_fit(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check new points between the old ones, on two new curves."""
    for number in (1, 2):
        phase, speed = trial.random.uniform(0, 6), trial.random.uniform(3, 5)
        tilt = trial.random.uniform(-1, 1)

        def curve(
            x: Tensor,
            phase: float = phase,
            speed: float = speed,
            tilt: float = tilt,
        ) -> Tensor:
            return (speed * x + phase).sin() + tilt * x

        x = torch.linspace(-1, 1, 100)[:, None]
        network = trial.call(f"curve {number}", answer, [x, curve(x)])
        if not isinstance(network, nn.Module):
            trial.stop(
                "your function returns a network",
                "Expected a torch.nn.Module, got "
                f"{type(network).__name__}. Return the trained network, not "
                "what it predicts.",
            )
        if not trial.expect(
            "the network has a tanh",
            any(isinstance(part, nn.Tanh) for part in network.modules()),
            "Put nn.Tanh() between two linear layers.",
        ):
            return
        between = x[:-1] + 0.01
        with torch.no_grad():
            predicted = network(between)
        if not trial.expect(
            f"curve {number}: one number a point",
            predicted.shape == between.shape,
            f"For x of shape {tuple(between.shape)} the network gave "
            f"{tuple(predicted.shape)}.",
        ):
            return
        with torch.no_grad():
            bend = bend_without_tanh(network, between)
        if not trial.expect(
            "only its tanh bends the line",
            bend < 1e-3,
            "With every nn.Tanh() taken out the network should draw a "
            "straight line; yours still bends. Let linear layers and "
            "nn.Tanh() be all there is.",
        ):
            return
        target = curve(between)
        error = ((predicted - target) ** 2).mean() / target.var()
        if not trial.expect(
            f"curve {number}: error between the points",
            bool(error < 0.02),
            f"The mean squared error is {error.item():.3f} of the variance; "
            "it must be below 0.02. More hidden units, more steps, or Adam "
            "with a rate of 0.01 help.",
        ):
            return
