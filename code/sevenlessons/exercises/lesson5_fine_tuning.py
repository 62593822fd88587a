"""Checks of fine-tuning: groups, thawing, drifting norms, where to cut."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.page.wording import describe

from .lesson5_fine_tuning_cases import (
    choose_from,
    cut_cases,
    drifting_by_trial,
    planted_norms,
    random_layer,
    scores_by_folds,
)

__all__ = [
    "check_choose_cut",
    "check_drifting_norms",
    "check_thaw_for",
    "check_three_groups",
]


@exercise(
    "lesson5/three_groups",
    takes="blocks",
    asks="Return the first half of the body, the second half and the head as "
    "three lists of modules.",
)
def check_three_groups(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check that the groups are complete, disjoint and in order."""
    even = 2 * trial.random.randint(3, 6)
    for words, count in (
        ("an even body", even),
        ("an odd body: the first half has one more", even + 1),
        ("two blocks and a head", 2),
        ("five blocks and a head", 5),
    ):
        blocks: list[nn.Module] = [nn.Identity() for _ in range(count + 1)]
        given = list(blocks)
        got = trial.call(words, answer, [given], may_change=True)
        if len(given) != len(blocks):
            trial.stop(words, "The list that was given has changed.")
        places = _places(got, blocks)
        if places is None:
            trial.stop(
                words,
                "Return three lists whose members are the blocks that were "
                f"given, got {describe(got)}.",
            )
        middle = (count + 1) // 2
        expected = [
            list(range(middle)),
            list(range(middle, count)),
            [count],
        ]
        if not trial.expect(
            words,
            places == expected,
            f"with {count} blocks and a head, by place, you returned "
            f"{places}. Each block belongs to one group, in order; the head "
            "has the last group to itself, and the first half of an odd body "
            "has one more.",
        ):
            return


def _places(got: Any, blocks: Sequence[nn.Module]) -> list[list[int]] | None:
    """Return the place of each module in `blocks`; None if one is not."""
    numbers = {id(block): place for place, block in enumerate(blocks)}
    try:
        return [[numbers[id(block)] for block in group] for group in got]
    except (TypeError, KeyError):
        return None


@exercise(
    "lesson5/thaw_for",
    takes="groups, epoch",
    asks="Let the head learn in epoch 0 and one group more in each further "
    "epoch; return the groups.",
)
def check_thaw_for(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check which tensors change, epoch by epoch, in two trainings."""
    for count in (trial.random.randint(3, 5), 2):
        groups = [random_layer(trial) for _ in range(count)]
        parameters = [list(group.parameters()) for group in groups]
        optimizer = torch.optim.SGD(
            [p for group in parameters for p in group], lr=0.01
        )
        inputs = torch.randn(16, 3, generator=trial.generator)
        for number, words in enumerate(("the first", "a second")):
            for epoch in range(count + 2):
                here = f"epoch {epoch} of {words} training, {count} groups"
                trial.call(here, answer, [groups, epoch], may_change=True)
                moved = _moved(groups, parameters, optimizer, inputs)
                first = max(count - 1 - epoch, 0)
                expected = [
                    2 if place >= first else 0 for place in range(count)
                ]
                hint = "Of each group both tensors learn, or none."
                if number and epoch == 0:
                    hint = (
                        "A frozen tensor that still holds its last gradient "
                        "is moved by it: set `grad` to None."
                    )
                if not trial.expect(
                    here,
                    moved == expected,
                    f"tensors that changed, by group: {moved}; expected "
                    f"{expected}. {hint}",
                ):
                    return


def _moved(
    groups: Sequence[nn.Module],
    parameters: Sequence[Sequence[Tensor]],
    optimizer: torch.optim.Optimizer,
    inputs: Tensor,
) -> list[int]:
    """Take a step as a careless loop would; return tensors moved a group.

    Gradients of what learns are emptied; those of what is frozen are not
    touched, as after an optimizer that was made for the thawed part alone.
    """
    before = [[p.detach().clone() for p in group] for group in parameters]
    learning = [p for group in parameters for p in group if p.requires_grad]
    for p in learning:
        p.grad = None
    if learning:
        x = inputs
        for group in groups:
            x = group(x).tanh()
        (x - 2).square().sum().backward()  # never zero: |tanh| < 1
        optimizer.step()
    return [
        sum(not torch.equal(p, b) for p, b in zip(now, old, strict=True))
        for now, old in zip(parameters, before, strict=True)
    ]


@exercise(
    "lesson5/drifting_norms",
    takes="model",
    asks="Return the names of the batch norms that do not learn, but whose "
    "running statistics a forward pass would move.",
)
def check_drifting_norms(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check names on planted models: frozen, learning, evaluating."""
    for words, train, hint in (
        ("a model in training mode", True, ""),
        (
            "the same in evaluation mode",
            False,
            "In evaluation mode no batch norm measures anything.",
        ),
        ("another model in training mode", True, ""),
    ):
        model = planted_norms(trial)
        model.train(train)
        if train:
            model.get_submodule("body.asleep").eval()
        expected = sorted(drifting_by_trial(model))
        names = trial.call(words, answer, [model], may_change=True)
        if isinstance(names, str):
            trial.stop(words, "Return a list of names, not one text.")
        if not isinstance(names, list | tuple | set) or not all(
            isinstance(name, str) for name in names
        ):
            trial.stop(
                words, f"Return a list of names, got {describe(names)}."
            )
        found = sorted(names)
        if not trial.expect(
            words,
            found == expected,
            f"you named {found}; by running a batch through a copy we find "
            f"{expected}. {hint} A norm drifts if it is in training mode "
            "itself, keeps statistics, and none of its parameters learns; "
            "one without parameters can drift too.",
        ):
            return


@exercise(
    "lesson5/choose_cut",
    takes="features, target, folds",
    asks="Return the earliest depth within one standard error of the best, "
    "and the mean accuracy of every depth.",
)
def check_choose_cut(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check by cross-validation of our own on planted depths."""
    for words, (features, target, folds) in cut_cases(trial):
        scores = scores_by_folds(features, target, folds)
        means = {depth: one.mean().item() for depth, one in scores.items()}
        chosen = choose_from(scores)
        got = trial.call(words, answer, [features, target, folds])
        parts = _depth_and_means(got, means)
        if parts is None:
            trial.stop(
                words,
                "Return two things, a depth and a dictionary with a mean "
                f"accuracy for each depth, got {describe(got)}.",
            )
        depth, theirs = parts
        apart = max(abs(theirs[d] - means[d]) for d in means)
        if not trial.expect(
            f"{words}: the mean accuracies",
            apart < 1e-6,
            f"you have {describe(theirs)}, cross-validation gives "
            f"{describe(means)}. The means of the classes come from the "
            "learning rows alone; each fold counts the same.",
        ):
            return
        if not trial.expect(
            f"{words}: the cut",
            depth == chosen,
            f"you chose {depth}; the earliest within one standard error of "
            f"the best is {chosen}. The means are {describe(means)}; the "
            "standard error is that of the best depth's folds.",
        ):
            return


def _depth_and_means(
    got: Any, means: Mapping[int, float]
) -> tuple[int, dict[int, float]] | None:
    """Return a depth and a number for each depth; None if it is neither."""
    if not isinstance(got, tuple | list) or len(got) != 2:
        return None
    depth, theirs = got
    if type(depth) is not int or not isinstance(theirs, Mapping):
        return None
    if set(theirs) != set(means):
        return None
    try:
        return depth, {d: float(theirs[d]) for d in means}
    except (TypeError, ValueError, RuntimeError):
        return None
