"""Right and wrong answers of the page on several labels."""

import torch
from sklearn.metrics import average_precision_score, fbeta_score

from sevenlessons.training.average_precision import average_precision
from sevenlessons.training.label_thresholds import (
    best_threshold,
    row_f_beta,
)

F_BETA = "lesson3/f_beta"
SWEEP = "lesson3/best_threshold"
COMPOSE = "lesson3/compose_views"
HARDEST = "lesson3/hardest_label"


def f_beta(answers, target, beta):
    scores = []
    for yes, there in zip(answers.tolist(), target.tolist(), strict=True):
        both = sum(a * b for a, b in zip(yes, there, strict=True))
        total = beta**2 * sum(there) + sum(yes)
        scores.append((1 + beta**2) * both / total if total else 1.0)
    return sum(scores) / len(scores)


def by_scikit_learn(answers, target, beta):
    return fbeta_score(
        target, answers, beta=beta, average="samples", zero_division=1
    )


def beta_swapped(answers, target, beta):
    return f_beta(target, answers, beta)


def empty_is_zero(answers, target, beta):
    return row_f_beta(answers, target, beta=beta, zero_division=0.0).mean()


def all_together(answers, target, beta):
    both = (answers * target).sum()
    total = beta**2 * target.sum() + answers.sum()
    return (1 + beta**2) * both / total


def sweep(probabilities, target):
    best, found = -1.0, 0.0
    for cut in [0.0, *probabilities.flatten().unique().tolist()]:
        score = row_f_beta(probabilities > cut, target).mean().item()
        if score > best:
            best, found = score, cut
    return found


def grid(probabilities, target):
    cuts = torch.linspace(0.05, 0.95, 19).tolist()
    scores = [row_f_beta(probabilities > c, target).mean() for c in cuts]
    return cuts[int(torch.stack(scores).argmax())]


def compose(first, second):
    if second < 4:
        return first - first % 4 + (first + second) % 4
    turns = (second - first) % 4
    return turns + (4 if first < 4 else 0)


def turns_only_add(first, second):
    mirrored = (first >= 4) != (second >= 4)
    return (first + second) % 4 + 4 * mirrored


def hardest(scores, target, resamples=500, share=0.025):
    values = average_precision(scores, target)
    column = int(values.argmin())
    generator = torch.Generator().manual_seed(1)
    n = len(scores)
    rows = torch.randint(n, (resamples, n), generator=generator)
    drawn = average_precision(
        scores[:, column][rows].T, target[:, column][rows].T
    )
    low, high = drawn.quantile(torch.tensor([share, 1 - share]).double())
    return column, low, high


def hardest_by_scikit_learn(scores, target):
    values = [
        average_precision_score(target[:, k], scores[:, k])
        for k in range(scores.shape[1])
    ]
    column = values.index(min(values))
    generator = torch.Generator().manual_seed(2)
    drawn = []
    for _ in range(300):
        rows = torch.randint(len(scores), (len(scores),), generator=generator)
        drawn.append(
            average_precision_score(target[rows, column], scores[rows, column])
        )
    drawn.sort()
    return [column, drawn[7], drawn[-8]]


def rarest(scores, target):
    column = int(target.sum(dim=0).argmin())
    return column, 0.2, 0.8


RIGHT = {
    F_BETA: [f_beta, by_scikit_learn],
    SWEEP: [sweep, best_threshold],
    COMPOSE: [compose],
    HARDEST: [hardest, hardest_by_scikit_learn],
}
WRONG = {
    F_BETA: [
        (beta_swapped, "missing one costs more"),
        (all_together, "then the mean of the scores"),
        (empty_is_zero, "such a photo counts 1"),
        (lambda answers, target, beta: 0.5, "NOT one photo, beta 1"),
    ],
    SWEEP: [
        (lambda probabilities, target: 0.5, "another threshold gives"),
        (grid, "another threshold gives"),
        (lambda probabilities, target: "low", "One number is asked for"),
        (lambda probabilities, target: 0.0, "another threshold gives"),
    ],
    COMPOSE: [
        (turns_only_add, "is a turn to the right"),
        (lambda first, second: (first + second) % 8, "Four quarter turns"),
        (lambda first, second: 0, "which is another view"),
        (lambda first, second: "left", "One number is asked for"),
    ],
    HARDEST: [
        (
            lambda scores, target: (
                (int(average_precision(scores, target).argmax()), 0.1, 0.9)
            ),
            "the lowest average precision",
        ),
        (
            lambda scores, target: hardest(scores, target, share=0.3),
            "cut off 2.5 %",
        ),
        (
            lambda scores, target: (hardest(scores, target)[0], 0.0, 1.0),
            "Your interval is",
        ),
        (lambda scores, target: 3, "Three numbers are asked for"),
    ],
}
