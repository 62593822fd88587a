"""Right and wrong answers of the page on fine-tuning."""

import itertools


def spread_rates(low, high, groups):
    if groups == 1:
        return [high]
    ratio = (high / low) ** (1 / (groups - 1))
    return [low * ratio**i for i in range(groups)]


def steepest_rate(lrs, losses):
    falls = [b - a for a, b in itertools.pairwise(losses)]
    return lrs[falls.index(min(falls))]


def gentle_rates(head_lr):
    return head_lr / 100, head_lr / 10


def equal_steps(low, high, groups):
    if groups == 1:
        return [high]
    return [low + (high - low) * i / (groups - 1) for i in range(groups)]


RIGHT = {
    "lesson1/spread_rates": [spread_rates],
    "lesson1/steepest_rate": [steepest_rate],
    "lesson1/gentle_rates": [gentle_rates],
}
WRONG = {
    "lesson1/spread_rates": [
        (equal_steps, "Equal factors, not equal steps"),
        (lambda *args: spread_rates(*args)[::-1], "Equal factors"),
        (
            lambda low, high, n: [
                low * (high / low) ** (i / n) for i in range(1, n + 1)
            ],
            "Equal factors",
        ),
    ],
    "lesson1/steepest_rate": [
        (lambda lrs, losses: lrs[losses.index(min(losses))], "of 20 are off"),
        (lambda lrs, losses: 1e-3, "of 20 are off"),
        (lambda lrs, losses: "steep", "Got 'steep'"),
        (lambda lrs, losses: float("nan"), "20 of 20 are off"),
    ],
    "lesson1/gentle_rates": [
        (lambda lr: (lr, lr), "It rose in"),
        (lambda lr: (lr * 4, lr), "It rose in"),
        (lambda lr: lr / 10, "return (body_lr, head_lr)"),
        (lambda lr: (0.0, lr / 10), "trains nothing"),
        (lambda lr: (1e-9, 1e-9), "too small to change"),
    ],
}
