"""Checks of page 2.2: a wrong class list, "not sure", two pictures."""

import hashlib
import json
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.page.wording import describe

__all__ = ["check_class_list", "check_not_sure", "check_two_photos"]

NAMES = "ant bee cat dog eel fox gnu hen ibis jay kiwi lynx".split()


def _network(trial: Trial, inside: int, scores: int) -> nn.Sequential:
    """Return a small network with weights from the trial's generator."""
    network = nn.Sequential(
        nn.Linear(inside, inside), nn.ReLU(), nn.Linear(inside, scores)
    )
    for tensor in network.state_dict().values():
        tensor.copy_(torch.randn(tensor.shape, generator=trial.generator))
    return network


def _copy(state: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in state.items()}


def _equal(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    return one.keys() == other.keys() and all(
        torch.equal(one[name], other[name]) for name in one
    )


@exercise(
    "lesson2/class_list",
    takes="model, weights, classes",
    asks="Load the weights if there is one name a score; otherwise raise a "
    "ValueError that says both numbers, and leave the model alone.",
)
def check_class_list(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check a loader: a fitting list loads, another one changes nothing."""
    for _ in range(3):
        inside = trial.random.randint(3, 9)
        scores = trial.random.randint(2, 6)
        model, giver = (_network(trial, inside, scores) for _ in range(2))
        weights = _copy(giver.state_dict())
        names = trial.random.sample(NAMES, scores)
        words, given = "a list that fits", [model, weights, names]
        got = trial.call(words, answer, given, may_change=True)
        words = "a list that fits is loaded, and the model returned"
        if got is not model or not _equal(model.state_dict(), weights):
            trial.stop(
                words,
                f"With {scores} names for {scores} scores the weights should "
                "be in the model that was given, and the model is returned; "
                f"you returned {describe(got)}.",
            )
    trial.expect(words, True)
    for more in (1, -1, trial.random.randint(2, 5)):
        words = "a name too many" if more > 0 else "a name too few"
        inside, scores = trial.random.randint(3, 9), trial.random.randint(3, 6)
        model, giver = (_network(trial, inside, scores) for _ in range(2))
        names = trial.random.sample(NAMES, scores + more)
        if not _is_refused(trial, words, answer, model, giver, names):
            return


def _is_refused(
    trial: Trial,
    words: str,
    answer: Callable[..., Any],
    model: nn.Sequential,
    giver: nn.Sequential,
    names: list[str],
) -> bool:
    """Expect a ValueError with both numbers, and an untouched model."""
    scores = model[-1].out_features
    before = _copy(model.state_dict())
    case = f"{len(names)} names for {scores} scores"
    given = [model, _copy(giver.state_dict()), names]
    try:
        answer(model, _copy(giver.state_dict()), list(names))
    except ValueError as error:
        said = set(re.findall(r"\d+", str(error)))
    except Exception as error:
        return trial.expect(
            f"{words} is refused",
            False,
            f"With {case} a ValueError is asked for, not "
            f"{type(error).__name__}: {error}.",
            given=given,
        )
    else:
        return trial.expect(
            f"{words} is refused",
            False,
            f"With {case} nothing was raised.",
            given=given,
        )
    return trial.expect(
        f"{words}: the message says both numbers",
        {str(len(names)), str(scores)} <= said,
        f"With {case} the message should hold both {len(names)} and {scores}.",
    ) and trial.expect(
        f"{words}: nothing was loaded",
        _equal(model.state_dict(), before),
        f"With {case} the model has other weights afterwards. Look at the "
        "list before you load.",
        given=given,
    )


@exercise(
    "lesson2/not_sure",
    takes="probabilities, target, error",
    asks="Return the lowest threshold with which at most a share `error` of "
    "the answered photos is wrong.",
)
def check_not_sure(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check a threshold: coverage and error are counted again."""
    for allowed, words in (
        (0.05, "at most one error in twenty"),
        (0.2, "at most one error in five"),
        (0.0, "no error at all"),
        (0.9, "so lax that all are answered"),
    ):
        for _ in range(4):
            probabilities, target = _photos(trial)
            levels = [0.0, *sorted(probabilities.max(1).values.tolist())]
            best = next(
                (
                    level
                    for level in levels
                    if _error(probabilities, target, level) <= allowed
                ),
                None,
            )
            if best is None:
                continue
            args = [probabilities, target, allowed]
            got = _number(trial, words, trial.call(words, answer, args))
            answered = int((probabilities.max(1).values >= got).sum())
            most = int((probabilities.max(1).values >= best).sum())
            error = _error(probabilities, target, got)
            if answered != most:
                trial.stop(
                    words,
                    f"With your threshold {got:.4g}, {answered} of "
                    f"{len(target)} photos are answered and {error:.3f} of "
                    f"the answers are wrong. Allowed is {allowed:g}, and "
                    f"{most} can be answered with it.",
                )
        trial.expect(words, True)


def _photos(trial: Trial) -> tuple[Tensor, Tensor]:
    """Return probabilities that are right more often the surer they are."""
    count, kinds = trial.random.randint(60, 120), trial.random.randint(3, 6)
    scores = 3 * torch.randn(count, kinds, generator=trial.generator)
    probabilities = scores.softmax(1)
    target = torch.multinomial(probabilities, 1, generator=trial.generator)
    said = probabilities.argmax(1)
    first = probabilities.max(1).values.argsort(descending=True)[:30]
    # Right but for the sixth: who stops at that error answers too few.
    target[first, 0] = (said[first] + (torch.arange(30) == 5)) % kinds
    return probabilities, target[:, 0]


def _error(probabilities: Tensor, target: Tensor, level: float) -> float:
    surest, said = probabilities.max(1)
    answered = surest >= level
    wrong = (answered & (said != target)).sum()
    return int(wrong) / max(int(answered.sum()), 1)


def _number(trial: Trial, words: str, got: Any) -> float:
    try:
        return float(got)
    except (TypeError, ValueError, RuntimeError):
        trial.stop(words, f"One number is asked for, not {describe(got)}.")


def _seer(names: list[str], threshold: float) -> SimpleNamespace:
    """Return a predictor that judges by the bytes, the same each time."""

    def predict(photo: bytes) -> SimpleNamespace:
        digits = hashlib.sha256(photo).digest()[: len(names)]
        total = sum(digits) + len(digits)
        ranked = sorted(zip(digits, names, strict=True), reverse=True)
        shares = {name: (digit + 1) / total for digit, name in ranked}
        best, p = next(iter(shares.items()))
        told = {"probability": p, "probabilities": shares}
        return SimpleNamespace(label=best if p >= threshold else None, **told)

    return SimpleNamespace(classes=names, predict=predict)


@exercise(
    "lesson2/two_photos",
    takes="predictor, first, second",
    asks="Return {'answers': [...]} with label, probability and "
    "probabilities of both pictures, in their order.",
)
def check_two_photos(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check an endpoint: both answered, order kept, each sums to 1."""
    for words, threshold in (
        ("two pictures, the first surer", 0.0),
        ("two pictures, the second surer", 0.0),
        ("the same picture twice", 0.0),
        ("pictures that the predictor is not sure of", 1.1),
    ):
        seer = _seer(trial.random.sample(NAMES, 4), threshold)
        photos = [trial.random.randbytes(20) for _ in range(2)]
        photos.sort(key=lambda photo: seer.predict(photo).probability)
        photos = photos[::-1] if "first surer" in words else photos
        photos = [photos[0]] * 2 if "twice" in words else photos
        got = trial.call(words, answer, [seer, *photos])
        told = _answers(trial, words, got)
        one, two = (sum(x["probabilities"].values()) for x in told)
        good = max(abs(one - 1), abs(two - 1)) < 1e-6
        aim, said = "each sums to 1", f"They sum to {one:.4g} and {two:.4g}."
        if not trial.expect(f"{words}: {aim}", good, said):
            return
        right = told == [vars(seer.predict(photo)) for photo in photos]
        hint = "These are not the predictor's answers in the pictures' order."
        if not trial.expect(words, right, hint):
            return


def _answers(trial: Trial, words: str, got: Any) -> list[dict[str, Any]]:
    """Return the two answers as JSON would carry them, or stop."""
    try:
        first, second = json.loads(json.dumps(got))["answers"]
        for one in (first, second):
            sum([*one["probabilities"].values(), one["probability"]])
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        wanted = (
            "A dictionary for JSON is asked for: 'answers', a list of two, "
            "each with label, probability and probabilities, a dictionary"
        )
        trial.stop(words, f"{wanted}. You returned {describe(got)}: {error}")
    return [first, second]
