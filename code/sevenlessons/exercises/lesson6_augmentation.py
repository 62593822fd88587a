"""Checks of augmentation: mirrored borders, joined moves, light, harm."""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sevenlessons.page.compare import difference
from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial

__all__ = [
    "check_brighten",
    "check_hurting_move",
    "check_joined_moves",
    "check_reflection_padding",
]


@exercise(
    "lesson6/reflection_padding",
    takes="images, n",
    asks="Return the pictures with n more pixels on each side, mirrored; the "
    "outermost pixels come once.",
)
def check_reflection_padding(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check wide and high pictures, no border at all, and the widest."""
    for words, shape, n in [
        ("one row more", (1, 1, 3, 3), 1),
        ("two, in a wide picture", (2, 3, 4, 7), 2),
        ("in a high picture", (3, 1, 6, 4), 2),
        ("no border", (2, 2, 3, 5), 0),
        ("the widest border", (1, 2, 4, 6), 3),
    ]:
        images = torch.randn(shape, generator=trial.generator)
        expected = F.pad(images, (n, n, n, n), mode="reflect")
        if not trial.equal(
            words,
            answer,
            [images, n],
            expected,
            hint="Next to the outermost pixel lies the last but one again; "
            "rows and columns alike.",
        ):
            return


def _matrices(trial: Trial, count: int) -> Tensor:
    """Return matrices of moves that can be undone, with a last row."""
    drawn = torch.randn(
        count, 3, 3, generator=trial.generator, dtype=torch.float64
    )
    return drawn.clamp(-1, 1) / 5 + torch.eye(3, dtype=torch.float64)


@exercise(
    "lesson6/joined_moves",
    takes="first, second",
    asks="Return the matrices of first and then second, and their undoing.",
)
def check_joined_moves(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check moves whose order matters, of one picture and of several."""
    eye = torch.eye(3, dtype=torch.float64)[None]
    shift, half = eye.clone(), eye.clone()
    shift[0, 0, 2] = trial.random.uniform(0.2, 0.8)
    half[0, 0, 0] = half[0, 1, 1] = 0.5
    for words, first, second, hint in [
        (
            "a shift and then a zoom",
            shift,
            half,
            "The new pixel asks the second move first: where the second move "
            "looks, the first has put something. Try it with a place.",
        ),
        ("a zoom and then a shift", half, shift, ""),
        (
            "five pictures, seen from the side too",
            _matrices(trial, 5),
            _matrices(trial, 5),
            "Each picture has a matrix of its own; the undoing is the "
            "inverse of the whole matrix.",
        ),
    ]:
        both = first @ second
        if not trial.equal(
            words,
            answer,
            [first, second],
            (both, torch.linalg.inv(both)),
            tolerance=1e-9,
            hint=hint,
        ):
            return


@exercise(
    "lesson6/brighten",
    takes="images, factors",
    asks="Return bytes, each picture multiplied by its factor, rounded and "
    "kept between 0 and 255.",
)
def check_brighten(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check bytes beyond white, rounding, and as many rows as pictures."""
    ramp = torch.arange(256, dtype=torch.uint8).view(1, 1, 16, 16)
    square = torch.randint(
        256, (4, 3, 4, 4), generator=trial.generator, dtype=torch.uint8
    )
    factors = torch.rand(4, generator=trial.generator) + 0.3
    factors[0], factors[1] = 0.4, 1.6
    for words, images, by, hint in [
        (
            "darker",
            ramp,
            torch.tensor([0.37]),
            "Round to the nearest; to cut off the digits is another thing.",
        ),
        (
            "beyond white",
            ramp,
            torch.tensor([2.1]),
            "Bytes that pass 255 begin again at 0: go through floats, and "
            "cut off before you go back.",
        ),
        (
            "pictures as wide as there are pictures",
            square,
            factors,
            "One factor belongs to one picture, not to a column.",
        ),
        ("black", ramp, torch.tensor([0.0]), ""),
    ]:
        lit = images.double() * by.view(-1, 1, 1, 1)
        near = (lit.frac() - 0.5).abs() < 1e-4  # either side is right
        images = images.masked_fill(near, 0)
        lit = images.double() * by.view(-1, 1, 1, 1)
        expected = lit.round().clamp(0, 255).to(torch.uint8)
        if not trial.equal(words, answer, [images, by], expected, hint=hint):
            return


def _replaced(others: Tensor, images: Tensor) -> Tensor:
    """Return other pictures, whatever comes."""
    return others.clone()


class _Judge(nn.Module):
    """Judges pictures by one matrix; spoils them while it trains."""

    def __init__(self, weights: Tensor) -> None:
        super().__init__()
        self.weights = weights
        self.spoil = nn.Dropout(0.9)

    def forward(self, images: Tensor) -> Tensor:
        return self.spoil(images.flatten(1)) @ self.weights


@exercise(
    "lesson6/hurting_move",
    takes="model, images, target, moves",
    asks="Return the name of the move that costs most accuracy, and what "
    "each one costs.",
)
def check_hurting_move(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check names in any order, a move that helps, and the mode after."""
    harmless = ("a help", "a little", "nothing")  # the help weighs most
    for training, of in [
        (False, None),
        (True, None),
        (True, harmless),
        (False, harmless),
    ]:
        weights = torch.randn(16, 3, generator=trial.generator)
        images = torch.randn(60, 1, 4, 4, generator=trial.generator)
        target = (images.flatten(1) @ weights).argmax(1)
        wrong = torch.arange(60) % 5 == 0  # not all right as they are
        target[wrong] = (target[wrong] + 1) % 3
        fixed = images.clone()
        fixed[wrong] = weights.T[target[wrong]].view(-1, 1, 4, 4) * 9
        moves: dict[str, Callable[[Tensor], Tensor]] = {
            "nothing": lambda x: x.clone(),
            "a help": partial(_replaced, fixed),
            "a little": lambda x: torch.cat([x[:54], -x[54:]]),
            "opposite": lambda x: -x,
            "half": lambda x: torch.cat([x[:30], -x[30:]]),
        }
        names = trial.random.sample(sorted(of or moves), len(of or moves))
        moves = {name: moves[name] for name in names}
        model = _Judge(weights).train(training)
        expected = _costs(model, images, target, moves)
        words = "a model that comes " + (
            "in training mode" if training else "in evaluation mode"
        )
        if of:
            words += "; one move helps more than any other hurts"
        got = trial.call(
            words, answer, [model, images, target, moves], may_change=True
        )
        wrong_here = difference(got, expected, 1e-6)
        if not trial.expect(
            words,
            not wrong_here,
            f"{wrong_here} A cost is the accuracy before less the accuracy "
            "after; a move that helps has a negative one. Measure in "
            "evaluation mode.",
        ):
            return
        if not trial.expect(
            "the mode in which it came",
            model.training == training,
            "afterwards the model was in the other mode. Note "
            "`model.training` before, and set it back.",
        ):
            return


def _costs(
    model: _Judge,
    images: Tensor,
    target: Tensor,
    moves: dict[str, Callable[[Tensor], Tensor]],
) -> tuple[str, dict[str, float]]:
    """Return the worst move and what each costs."""

    def accuracy(pictures: Tensor) -> float:
        guess = (pictures.flatten(1) @ model.weights).argmax(1)
        return (guess == target).double().mean().item()

    plain = accuracy(images)
    costs = {
        name: plain - accuracy(move(images)) for name, move in moves.items()
    }
    return max(costs, key=lambda name: costs[name]), costs
