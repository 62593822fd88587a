"""Checks of optimizers: Nesterov, averages, Adam with and without memory."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.scratch.averages import moving_average

__all__ = [
    "check_adam_step",
    "check_corrected_average",
    "check_lost_state",
    "check_nesterov_step",
]


def _numbers(trial: Trial, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=trial.generator, dtype=torch.float64)


@exercise(
    "lesson5/nesterov_step",
    takes="weight, grad, velocity, lr, momentum",
    asks="Return the new weight and the new velocity of Nesterov's momentum, "
    "as PyTorch takes it.",
)
def check_nesterov_step(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check single steps of several shapes, then a hundred in a row."""
    hints = {
        "the first step": "The first velocity is the gradient, and the step "
        "already looks ahead.",
        "a later step": "The velocity keeps `momentum` of itself and gains "
        "the whole gradient. The step goes along the gradient plus "
        "`momentum` times the new velocity.",
        "a matrix": "Any shape must do.",
    }
    for words, shape in zip(hints, [(4,), (3,), (2, 5)], strict=True):
        weight, grad, velocity = (_numbers(trial, *shape) for _ in range(3))
        if words == "the first step":
            velocity = torch.zeros_like(velocity)
        lr = trial.random.uniform(0.05, 0.3)
        momentum = trial.random.uniform(0.3, 0.9)
        ahead = momentum * velocity + grad
        expected = weight - lr * (grad + momentum * ahead), ahead
        if not trial.equal(
            words,
            answer,
            [weight, grad, velocity, lr, momentum],
            expected,
            tolerance=1e-9,
            hint=hints[words],
        ):
            return
    _check_a_hundred(trial, answer)


def _check_a_hundred(trial: Trial, answer: Callable[..., Any]) -> None:
    """Walk down a valley with the answer's steps and with PyTorch's."""
    curvature = torch.tensor([0.1, 1.0, 3.0], dtype=torch.float64)
    weight = _numbers(trial, 3)
    velocity = torch.zeros_like(weight)
    theirs = weight.clone().requires_grad_()
    lr, momentum = 0.1, trial.random.choice([0.5, 0.8, 0.9])
    optimizer = torch.optim.SGD(
        [theirs], lr=lr, momentum=momentum, nesterov=True
    )
    words = "a hundred steps are those of PyTorch"
    for step in range(100):
        given = [weight, curvature * weight, velocity, lr, momentum]
        weight, velocity = trial.call(words, answer, given)
        theirs.grad = curvature * theirs.detach()
        optimizer.step()
        if not torch.allclose(weight, theirs.detach(), atol=1e-9):
            trial.expect(words, False, f"the walks part at step {step + 1}.")
            return
    trial.expect(words, True)


@exercise(
    "lesson5/corrected_average",
    takes="values, beta",
    asks="Return the moving average after each value, with bias correction.",
)
def check_corrected_average(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check what never changes, a single value, no memory, random ones."""
    level = trial.random.uniform(2, 5)
    cases = [
        (
            "values that never change",
            torch.full((6,), level, dtype=torch.float64),
            0.9,
            "Then the corrected average is that value, from the first on: "
            "divide by 1 - beta ** t, with t counted from 1.",
        ),
        (
            "random values",
            _numbers(trial, trial.random.randint(8, 14)) + 1,
            trial.random.uniform(0.5, 0.95),
            "Keep the average itself uncorrected; divide only what you "
            "return.",
        ),
        ("a single value", _numbers(trial, 1) + 3, 0.7, ""),
        (
            "beta 0",
            _numbers(trial, 4),
            0.0,
            "Nothing is remembered: each average is its value.",
        ),
    ]
    for words, values, beta, hint in cases:
        expected = moving_average(values, beta, corrected=True)
        if not trial.equal(
            words,
            answer,
            [values, beta],
            expected,
            tolerance=1e-9,
            hint=hint,
        ):
            return


@exercise(
    "lesson5/adam_step",
    takes="weight, grad, first, second, t, lr, betas, eps",
    asks="Return the new weight and the two new averages, uncorrected, of one "
    "step of Adam.",
)
def check_adam_step(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check single steps against PyTorch, then twenty in a row."""
    hints = {
        "the first step": "The averages keep `betas` of themselves. Divide "
        "each by 1 - beta ** t before it is used, with t = 1 in this step; "
        "take the root of the second, and add `eps` last.",
        "a later step": "The root is taken of the corrected average; `eps` "
        "is added to the root.",
        "a matrix": "Any shape must do.",
    }
    for words, shape in zip(hints, [(4,), (3,), (2, 5)], strict=True):
        weight, grad, first, second = (
            _numbers(trial, *shape) for _ in range(4)
        )
        t, second = trial.random.randint(3, 30), second**2
        if words == "the first step":
            t, first, second = 1, first * 0, second * 0
        before: list[Any] = [weight, grad, first, second, t]
        given = [*before, *_adams_settings(trial)]
        if not trial.equal(
            words,
            answer,
            given,
            _torchs_adam(*given),
            tolerance=1e-9,
            hint=hints[words],
        ):
            return
    _check_twenty(trial, answer)


def _adams_settings(trial: Trial) -> tuple[float, tuple[float, float], float]:
    """Draw a rate, betas, and an eps that is not lost in rounding."""
    drawn = trial.random.uniform
    return (
        drawn(0.05, 0.3),
        (drawn(0.5, 0.95), drawn(0.9, 0.99)),
        drawn(0.01, 0.1),
    )


def _torchs_adam(
    weight: Tensor,
    grad: Tensor,
    first: Tensor,
    second: Tensor,
    t: int,
    *settings: Any,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return one step of PyTorch's Adam that has seen t - 1 others."""
    moved = weight.clone().requires_grad_()
    moved.grad = grad.clone()
    lr, betas, eps = settings
    optimizer = torch.optim.Adam([moved], lr=lr, betas=betas, eps=eps)
    state = optimizer.state[moved]
    state["step"] = torch.tensor(float(t - 1))
    state["exp_avg"], state["exp_avg_sq"] = first.clone(), second.clone()
    optimizer.step()
    return moved.detach(), state["exp_avg"], state["exp_avg_sq"]


def _check_twenty(trial: Trial, answer: Callable[..., Any]) -> None:
    """Walk down a valley with the answer's steps and with PyTorch's."""
    curvature = torch.tensor([0.1, 1.0, 3.0], dtype=torch.float64)
    weight = _numbers(trial, 3) + 1
    theirs = weight.clone().requires_grad_()
    lr, betas, eps = _adams_settings(trial)
    optimizer = torch.optim.Adam([theirs], lr=lr, betas=betas, eps=eps)
    first = second = torch.zeros_like(weight)
    words = "twenty steps are those of PyTorch"
    for t in range(1, 21):
        given = [weight, curvature * weight, first, second, t, lr, betas, eps]
        weight, first, second = trial.call(words, answer, given)
        theirs.grad = curvature * theirs.detach()
        optimizer.step()
        if not torch.allclose(weight, theirs.detach(), atol=1e-9):
            trial.expect(words, False, f"the walks part at step {t}.")
            return
    trial.expect(words, True)


@exercise(
    "lesson5/lost_state",
    takes="weight, grads, lr",
    asks="Return the weight after all gradients, with an Adam that is built "
    "anew for each, without an optimizer.",
)
def check_lost_state(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check against an Adam that is in fact rebuilt."""
    for words, shape, count in (
        ("a single gradient", (4,), 1),
        ("many gradients of very different size", (5,), 9),
        ("a matrix, with zeros among the gradients", (2, 3), 6),
    ):
        weight, lr = _numbers(trial, *shape), trial.random.uniform(0.01, 0.1)
        grads = []
        for _ in range(count):
            grad = _numbers(trial, *shape)
            grad = grad + 0.5 * grad.sign()  # far above eps
            grads.append(grad * 10.0 ** trial.random.randint(-1, 4))
        if "zeros" in words:
            for grad in grads:
                grad.flatten()[trial.random.randrange(grad.numel())] = 0.0
        moved = weight.clone().requires_grad_()
        for grad in grads:
            moved.grad = grad
            torch.optim.Adam([moved], lr=lr).step()
        if not trial.equal(
            words,
            answer,
            [weight, grads, lr],
            moved.detach(),
            tolerance=1e-6,
            hint="In its first step Adam divides the gradient by its own "
            "size. What is left, and what of a gradient of zero?",
        ):
            return
