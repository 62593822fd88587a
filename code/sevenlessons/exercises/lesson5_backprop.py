"""Checks of backpropagation: sigmoid, linear, a wrong sign, a tanh fit."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.scratch.linear import linear_backward

__all__ = [
    "check_linear_backward",
    "check_sigmoid_backward",
    "check_tanh_fit",
    "check_wrong_layer",
]

_TwoWay = tuple[Callable[[Tensor], Tensor], Callable[[Tensor, Tensor], Tensor]]


def _numbers(trial: Trial, *shape: int) -> Tensor:
    return torch.randn(shape, generator=trial.generator, dtype=torch.float64)


@exercise(
    "lesson5/sigmoid_backward",
    takes="grad, x",
    asks="Return the gradient that a sigmoid hands on.",
)
def check_sigmoid_backward(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check against autograd: small, large, and of several shapes."""
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
            words, answer, [grad, x], tracked.grad, tolerance=1e-9, hint=hint
        ):
            return


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


def _layers(trial: Trial, wrong: int, kind: str) -> list[_TwoWay]:
    """Return five layers; the backward of one has a mistake."""
    layers: list[_TwoWay] = []
    for place in range(5):
        bad = kind if place == wrong else ""
        if place % 2:
            layers.append((torch.tanh, _tanh_backward(bad)))
        else:
            weight = _numbers(trial, 4, 4) / 2
            layers.append(_linear_layer(weight, bad))
    return layers


def _tanh_backward(bad: str) -> Callable[[Tensor, Tensor], Tensor]:
    def backward(grad: Tensor, x: Tensor) -> Tensor:
        right = grad * (1 - x.tanh() ** 2)
        if bad == "scale":
            return 2 * right
        if bad == "one":
            right = right.clone()
            right[..., -1] *= -1
            return right
        return -right if bad == "sign" else right

    return backward


def _linear_layer(weight: Tensor, bad: str) -> _TwoWay:
    def forward(x: Tensor) -> Tensor:
        return x @ weight.T

    def backward(grad: Tensor, x: Tensor) -> Tensor:
        right = grad @ weight
        if bad == "scale":
            return 2 * right
        if bad == "one":
            right[..., -1] *= -1
            return right
        return -right if bad == "sign" else right

    return forward, backward


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
        layers = _layers(trial, wrong, kind)
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
        kinds = {type(module) for module in network.modules()}
        if not trial.expect(
            "the network has a tanh",
            nn.Tanh in kinds,
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
        target = curve(between)
        error = ((predicted - target) ** 2).mean() / target.var()
        if not trial.expect(
            f"curve {number}: error between the points",
            bool(error < 0.01),
            f"The mean squared error is {error.item():.3f} of the variance; "
            "it must be below 0.01. More hidden units, more steps, or Adam "
            "with a rate of 0.01 help.",
        ):
            return
