"""Right and wrong answers of the page on learning rates."""

import math

import torch

from sevenlessons.training.finder import LRFinderResult

RESTART = "lesson3/restart_rate"
CHOSEN = "lesson3/chosen_rate"
SNAPSHOTS = "lesson3/snapshot_average"
DECAY = "lesson3/decay_alone"


def half_cosine(high, low, share):
    return low + (high - low) / 2 * (1 + math.cos(math.pi * share))


def restart(step, high, low, first):
    length = first
    while step >= length:
        step, length = step - length, 2 * length
    return half_cosine(high, low, step / length)


def restart_closed(step, high, low, first):
    cycle = int(math.log2(step / first + 1) + 1e-12)
    begun = first * (2**cycle - 1)
    return half_cosine(high, low, (step - begun) / (first * 2**cycle))


def same_length(step, high, low, first):
    return half_cosine(high, low, step % first / first)


def restart_late(step, high, low, first):
    length = first
    while step > length:
        step, length = step - length, 2 * length
    return half_cosine(high, low, step / length)


def restart_to_the_end(step, high, low, first):
    length = first
    while step >= length:
        step, length = step - length, 2 * length
    return half_cosine(high, low, step / (length - 1))


def smoothed(losses, keep=0.9):
    mean, out = 0.0, []
    for count, loss in enumerate(losses, start=1):
        mean = keep * mean + (1 - keep) * loss
        out.append(mean / (1 - keep**count))
    return out


def tenth_of_the_lowest(lrs, losses):
    curve = smoothed(losses)
    return lrs[curve.index(min(curve))] / 10


def steepest_before_the_lowest(lrs, losses):
    curve = smoothed(losses)
    lowest = curve.index(min(curve))
    falls = [curve[i + 1] - curve[i] for i in range(lowest)]
    return lrs[falls.index(min(falls))]


def average(scores, target):
    chosen = scores.softmax(dim=-1).mean(dim=0).argmax(dim=1)
    return chosen, (chosen == target).float().mean()


def average_of_lists(scores, target):
    chosen = torch.stack([one.softmax(dim=1) for one in scores]).sum(0)
    chosen = chosen.argmax(dim=1)
    return chosen.tolist(), float((chosen == target).double().mean())


def average_of_scores(scores, target):
    chosen = scores.mean(dim=0).argmax(dim=1)
    return chosen, (chosen == target).float().mean()


def vote(scores, target):
    chosen = scores.argmax(dim=-1).mode(dim=0).values
    return chosen, (chosen == target).float().mean()


def mean_share(scores, target):
    share = (scores.argmax(dim=-1) == target).float().mean()
    return average(scores, target)[0], share


def left(lrs, decay):
    share = 1.0
    for lr in lrs:
        share *= 1 - lr * decay
    return share


RIGHT = {
    RESTART: [restart, restart_closed],
    CHOSEN: [
        tenth_of_the_lowest,
        steepest_before_the_lowest,
        lambda lrs, losses: LRFinderResult(lrs, losses).rise_tenth,
        lambda lrs, losses: LRFinderResult(lrs, losses).steepest,
        lambda lrs, losses: LRFinderResult(lrs, losses).valley,
    ],
    SNAPSHOTS: [average, average_of_lists],
    DECAY: [left, lambda lrs, decay: math.prod(1 - r * decay for r in lrs)],
}
WRONG = {
    RESTART: [
        (same_length, "The second cycle has 2 first steps"),
        (restart_late, "A new cycle begins at `high` again"),
        (restart_to_the_end, "not yet at `low`"),
        (
            lambda step, high, low, first: restart(step, low, high, first),
            "It starts at `high`",
        ),
        (lambda step, high, low, first: high, "NOT within the first cycle"),
    ],
    CHOSEN: [
        (
            lambda lrs, losses: lrs[losses.index(min(losses))],
            "lowest point of the curve is no choice",
        ),
        (
            lambda lrs, losses: lrs[
                smoothed(losses).index(min(smoothed(losses)))
            ],
            "lowest point of the curve is no choice",
        ),
        (lambda lrs, losses: lrs[0], "creep"),
        (lambda lrs, losses: lrs[-1], "too large"),
        (lambda lrs, losses: 0.01, "NOT curve"),
        (lambda lrs, losses: lrs[0] * 1000, "NOT curve"),
        (lambda lrs, losses: lrs[-1] / 30, "too large"),
        (lambda lrs, losses: lrs[min(70, len(lrs) - 1)], "NOT curve"),
        (lambda lrs, losses: lrs[len(lrs) // 2], "NOT curve"),
        (
            lambda lrs, losses: lrs[
                min(
                    range(len(lrs) - 1),
                    key=lambda i: losses[i + 1] - losses[i],
                )
            ],
            "NOT curve",
        ),
        (lambda lrs, losses: "fast", "One rate is asked for"),
    ],
    SNAPSHOTS: [
        (average_of_scores, "then the mean of the probabilities"),
        (vote, "then the mean of the probabilities"),
        (mean_share, "are right, you say"),
        (lambda scores, target: average(scores, target)[0], "are asked for"),
        (
            lambda scores, target: average(scores[-1:], target),
            "First the softmax of each snapshot",
        ),
        (lambda scores, target: (target, 1.0), "differ"),
        (lambda scores, target: ("all", 1.0), "differ"),
        (
            lambda scores, target: (average(scores, target)[0], "most"),
            "are right, you say",
        ),
    ],
    DECAY: [
        (lambda lrs, decay: 1 - sum(lrs) * decay, "NOT a constant rate"),
        (lambda lrs, decay: (1 - decay) ** len(lrs), "NOT one step"),
        (
            lambda lrs, decay: math.exp(-decay * sum(lrs)),
            "keeps the share 1 - lr * decay",
        ),
        (lambda lrs, decay: 0.5, "NOT one step"),
    ],
}
