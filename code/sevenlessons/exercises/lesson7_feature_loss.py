"""Checks of restoration: PSNR, Gram matrices, a feature loss, smoothness."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial

__all__ = [
    "check_feature_loss",
    "check_gram",
    "check_psnr",
    "check_total_variation",
]


@exercise(
    "lesson7/psnr",
    takes="first, second, data_range",
    asks="Return the PSNR of each picture in decibels, infinite for equal "
    "ones.",
)
def check_psnr(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check known errors, several pictures, another range, equal ones."""
    gray = torch.full((1, 3, 4, 6), 0.5, dtype=torch.float64)
    step = torch.tensor([0.1, 0.01, -0.2], dtype=torch.float64)
    noise, base = _drawn(trial, 4, 3, 5, 7), _drawn(trial, 4, 3, 5, 7)
    scale = torch.tensor([1.0, 0.1, 0.01, 0.4]).view(4, 1, 1, 1)
    several = base + noise * scale.double()
    for words, first, second, span, hint in [
        (
            "an error of a tenth everywhere, range 1",
            gray,
            gray + 0.1,
            1.0,
            "Ten times the logarithm to base 10 of the squared range over "
            "the mean squared error.",
        ),
        (
            "three pictures, each with an error of its own",
            gray.expand(3, 3, 4, 6),
            gray + step.view(3, 1, 1, 1),
            1.0,
            "One number a picture: average over all but the first axis.",
        ),
        (
            "values from 0 to 255",
            255 * base,
            255 * several,
            255.0,
            "The squared range stands above the error.",
        ),
        ("uneven errors", base, several, 1.0, ""),
        (
            "equal pictures beside others",
            base,
            torch.cat([several[:3], base[3:]]),
            1.0,
            "No error at all is infinitely good: do not add a small number.",
        ),
    ]:
        error = (first - second).square().flatten(1).mean(1)
        expected = 10 * torch.log10(span**2 / error)
        if not trial.equal(
            words,
            answer,
            [first, second, span],
            expected,
            tolerance=1e-6,
            hint=hint,
        ):
            return


@exercise(
    "lesson7/gram",
    takes="maps",
    asks="Return the Gram matrix of each picture's maps, divided by "
    "channels times places.",
)
def check_gram(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check against the loop; one, several and oblong pictures."""
    by_hand = torch.tensor([[1.0, 2.0], [0.0, 3.0]], dtype=torch.float64)
    cases = [
        (
            "two maps of two pixels",
            by_hand.view(1, 2, 1, 2),
            "Multiply map i and map j place by place, add, and divide by "
            "channels times places.",
        ),
        (
            "three pictures, higher than wide",
            _drawn(trial, 3, 4, 5, 2),
            "Each picture has a matrix of its own; no sum over pictures.",
        ),
        ("one map only", _drawn(trial, 2, 1, 3, 3), ""),
        (
            "as many channels as pictures",
            _drawn(trial, 4, 4, 4, 4),
            "The places are summed away, not the channels.",
        ),
    ]
    for words, maps, hint in cases:
        if not trial.equal(
            words, answer, [maps], _grams(maps), tolerance=1e-9, hint=hint
        ):
            return


@exercise(
    "lesson7/feature_loss",
    takes="body",
    asks="Return a module that compares two batches of pictures by the mean "
    "absolute difference of what a frozen copy of `body` says of them.",
)
def check_feature_loss(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check the value, the gradient, the freezing, the modes."""
    torch.manual_seed(trial.random.randrange(10**6))
    body = nn.Sequential(
        nn.Conv2d(3, 5, 3, padding=1),
        nn.BatchNorm2d(5),
        nn.ReLU(),
        nn.Dropout(0.5),
    )
    with torch.no_grad():
        body[1].running_mean.uniform_(-1, 1)  # type: ignore[union-attr,operator]
        body[1].running_var.uniform_(0.5, 2)  # type: ignore[union-attr,operator]
    body.train()
    before = {k: v.clone() for k, v in body.state_dict().items()}
    first, second = torch.rand(2, 4, 3, 6, 8, generator=trial.generator)
    loss_fn = trial.call(
        "a body in training mode", answer, [body], may_change=True
    )
    if not isinstance(loss_fn, nn.Module):
        got = type(loss_fn).__name__
        trial.stop("a module comes back", f"Expected an nn.Module, got {got}.")
    nn.Sequential(loss_fn).train()  # as a model that contains it would
    made = first.clone().requires_grad_()
    loss = trial.call("two batches", loss_fn, [made, second], may_change=True)
    body.eval()
    with torch.no_grad():
        expected = (body(first) - body(second)).abs().mean()
        unchanged = all(
            torch.equal(v, before[k]) for k, v in body.state_dict().items()
        )
    body.train()
    if not trial.expect(
        "the value, after somebody called .train()",
        isinstance(loss, Tensor)
        and loss.shape == ()
        and math.isclose(loss.item(), expected.item(), rel_tol=1e-5),
        f"Expected {expected.item():.5f}, as the body gives it in eval mode. "
        "`train` of the module must not switch the body back: override it.",
    ):
        return
    if loss.requires_grad:
        loss.backward()
    if not trial.expect(
        "a gradient for the picture",
        made.grad is not None and bool(made.grad.any()),
        "The picture got no gradient: only the parameters may be frozen.",
    ):
        return
    if not trial.expect(
        "nothing to learn in the loss",
        not any(p.requires_grad for p in loss_fn.parameters())
        and all(p.grad is None for p in loss_fn.parameters()),
        "A parameter of the loss takes a gradient; call requires_grad_"
        "(False) on the copy.",
    ):
        return
    if not trial.expect(
        "the body itself is left alone",
        unchanged
        and all(p.requires_grad and p.grad is None for p in body.parameters()),
        "The body that was given is changed or frozen now; copy it first "
        "(copy.deepcopy).",
    ):
        return
    with torch.no_grad():
        for parameter in body.parameters():
            parameter.mul_(2)
        later = loss_fn(first, second)
    trial.expect(
        "a copy, not the body",
        math.isclose(float(later), expected.item(), rel_tol=1e-5),
        "The loss changed when the body was trained on; keep a copy.",
    )


@exercise(
    "lesson7/total_variation",
    takes="images",
    asks="Return for each picture the mean absolute difference of neighbors "
    "in a row plus that of neighbors in a column.",
)
def check_total_variation(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check even pictures, stripes, and pictures that are not square."""
    stripes = torch.zeros(1, 1, 3, 4, dtype=torch.float64)
    stripes[..., 1::2] = 1
    even = torch.full((2, 3, 4, 5), 0.7, dtype=torch.float64)
    for words, images, hint in [
        ("even pictures", even, "Where nothing changes, the answer is 0."),
        (
            "upright stripes",
            stripes,
            "Each neighbor in a row differs by 1, none in a column: 1.",
        ),
        (
            "lying stripes",
            stripes.mT.contiguous() * 3,
            "Neighbors in a column count as much as those in a row.",
        ),
        (
            "an oblong picture",
            _drawn(trial, 1, 3, 3, 9),
            "Two means, one for each direction, then their sum: there are "
            "not as many neighbors in a row as in a column.",
        ),
        (
            "several pictures",
            _drawn(trial, 4, 2, 6, 5),
            "One number a picture.",
        ),
    ]:
        across = images.diff(dim=3).abs().flatten(1).mean(1)
        down = images.diff(dim=2).abs().flatten(1).mean(1)
        if not trial.equal(
            words,
            answer,
            [images],
            across + down,
            tolerance=1e-9,
            hint=hint,
        ):
            return


def _drawn(trial: Trial, *shape: int) -> Tensor:
    return torch.randn(shape, generator=trial.generator, dtype=torch.float64)


def _grams(maps: Tensor) -> Tensor:
    """Return the Gram matrices, written as a sum over places."""
    places = maps.shape[1] * maps.shape[2] * maps.shape[3]
    return torch.einsum("nihw,njhw->nij", maps, maps) / places
