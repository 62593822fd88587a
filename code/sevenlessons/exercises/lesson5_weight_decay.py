"""Checks of weight decay: one step, a memory without it, who decays."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.scratch.weight_decay import share_left

__all__ = [
    "check_decay_strength",
    "check_decayed_names",
    "check_decoupled_step",
    "check_penalty_as_decay",
]


def _numbers(trial: Trial, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=trial.generator, dtype=torch.float64)


@exercise(
    "lesson5/penalty_as_decay",
    takes="weight, grad, lr, penalty",
    asks="Return the weight after a step of plain SGD on "
    "loss + penalty * sum of squares; grad is the gradient of the loss alone.",
)
def check_penalty_as_decay(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check single steps, then 50 of them on a bowl."""
    for words, lr, penalty, hint in [
        ("no penalty", 0.1, 0.0, "Then it is the plain step."),
        (
            "one step",
            0.1,
            0.3,
            "Differentiate penalty * w**2: what is its gradient? The step "
            "multiplies it by the rate.",
        ),
        (
            "a large rate",
            0.5,
            0.8,
            "The share comes off the weight before the step: the gradient "
            "itself is not shrunk.",
        ),
    ]:
        weight, grad = _numbers(trial, 4), _numbers(trial, 4)
        expected = weight - lr * (grad + 2 * penalty * weight)
        given = [weight, grad, lr, penalty]
        if not trial.equal(
            words, answer, given, expected, tolerance=1e-9, hint=hint
        ):
            return
    inputs, target = _numbers(trial, 12, 3), _numbers(trial, 12)
    lr = trial.random.uniform(0.02, 0.05)
    penalty = trial.random.uniform(0.2, 0.6)
    mine = _numbers(trial, 3)
    theirs = mine.clone().requires_grad_()
    optimizer = torch.optim.SGD([theirs], lr=lr)
    for _ in range(50):
        grad = 2 * inputs.T @ (inputs @ mine - target) / len(target)
        mine = trial.call("50 steps", answer, [mine, grad, lr, penalty])
        optimizer.zero_grad()
        loss = ((inputs @ theirs - target) ** 2).mean()
        (loss + penalty * (theirs**2).sum()).backward()
        optimizer.step()
    trial.expect(
        "50 steps end where SGD with the penalty in the loss does",
        bool(torch.allclose(mine, theirs.detach(), atol=1e-9)),
        "After 50 steps the weights are not those of SGD on the whole loss.",
    )


@exercise(
    "lesson5/decoupled_step",
    takes="weight, grad, velocity, lr, momentum, weight_decay",
    asks="Return the new weight and the new velocity of SGD with momentum, "
    "with decay in the step and not in the velocity.",
)
def check_decoupled_step(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check steps with and without momentum, decay and gradient."""
    cases = [
        (
            "momentum alone",
            (0.1, 0.9, 0.0),
            1.0,
            "The velocity is momentum * velocity + grad, as in torch, and "
            "the step is lr times the new velocity.",
        ),
        (
            "decay alone",
            (0.1, 0.0, 0.5),
            0.0,
            "The weight loses lr * weight_decay of itself.",
        ),
        (
            "both",
            (0.2, 0.8, 0.6),
            1.0,
            "The velocity must not know of the decay, and the decay takes "
            "its share of the weight as it was before the step.",
        ),
        ("a gradient of zero and an old velocity", (0.1, 0.9, 0.3), 0.0, ""),
    ]
    for words, (lr, momentum, strength), scale, hint in cases:
        size = trial.random.randint(2, 5)
        weight, grad, velocity = (_numbers(trial, size) for _ in range(3))
        grad = scale * grad
        if words == "decay alone":
            velocity = torch.zeros_like(velocity)
        moved = momentum * velocity + grad
        expected = (1 - lr * strength) * weight - lr * moved, moved
        given = [weight, grad, velocity, lr, momentum, strength]
        if not trial.equal(
            words, answer, given, expected, tolerance=1e-9, hint=hint
        ):
            return


@exercise(
    "lesson5/decayed_names",
    takes="model",
    asks="Return the names of the parameters that should decay: those that "
    "learn and have two or more axes, each once, in their order.",
)
def check_decayed_names(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check networks with norms, kernels, frozen and shared parameters."""
    for words, model, hint in _networks(trial):
        expected = [
            name
            for name, p in model.named_parameters()
            if p.ndim >= 2 and p.requires_grad
        ]
        if not trial.equal(words, answer, [model], expected, hint=hint):
            return


def _networks(trial: Trial) -> list[tuple[str, nn.Module, str]]:
    wide = trial.random.randint(3, 6)
    plain = nn.Sequential(nn.Linear(4, wide), nn.ReLU(), nn.Linear(wide, 2))
    normed = nn.Sequential(
        nn.Conv2d(1, wide, 3), nn.BatchNorm2d(wide), nn.Linear(wide, 2)
    )
    frozen = nn.Sequential(nn.Linear(4, wide), nn.Linear(wide, 2))
    frozen[0].requires_grad_(False)
    named = nn.Module()
    named.matrix = nn.Parameter(torch.zeros(2, wide))
    named.scale = nn.Parameter(torch.ones(wide))
    named.weight = nn.Parameter(torch.ones(()))
    named.bias = nn.Parameter(torch.zeros(wide, wide))
    tied = nn.Module()
    tied.table = nn.Embedding(wide, 3)
    tied.out = nn.Linear(3, wide)
    tied.out.weight = tied.table.weight
    return [
        ("two linear layers", plain, "`model.named_parameters()` has both."),
        (
            "a convolution and a batch norm",
            normed,
            "The scale of a norm is called weight too, and has one axis.",
        ),
        ("a frozen layer", frozen, "Leave out what does not learn."),
        (
            "names that mislead",
            named,
            "Look at the axes (`p.ndim`), not at the name.",
        ),
        ("a table that is used twice", tied, "Each comes once."),
    ]


@exercise(
    "lesson5/decay_strength",
    takes="lrs, share",
    asks="Return the weight decay that leaves this share of a weight after "
    "all steps of a schedule, if nothing else moves it.",
)
def check_decay_strength(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check what is left under the strength that was returned."""
    draw = trial.random.uniform
    cases = [
        ("one step", [draw(0.1, 0.5)], 0.5),
        ("a constant rate", [draw(0.01, 0.1)] * 200, draw(0.2, 0.9)),
        ("a falling rate", [0.3 * 0.9**k for k in range(60)], draw(0.1, 0.5)),
        ("few large steps", [0.5, 0.9, draw(0.1, 0.4)], 0.05),
        ("nothing is lost", [0.1, 0.2], 1.0),
    ]
    for words, lrs, share in cases:
        strength = trial.call(words, answer, [lrs, share])
        try:
            found = float(strength)
        except (TypeError, ValueError):
            found = float("nan")
        sound = 0 <= found <= (1 + 1e-9) / max(lrs)
        left = share_left(lrs, found) if sound else float("nan")
        if not trial.expect(
            words,
            abs(left - share) < 1e-6,
            f"you returned {strength!r}; that leaves {left:.6g} instead of "
            f"{share:.6g}. A step leaves 1 - lr * strength of what was "
            "there, and the strength is at most 1 over the largest rate: "
            "search between.",
        ):
            return
