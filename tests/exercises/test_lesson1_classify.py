"""Right and wrong answers of the page on classification."""

import torch

from sevenlessons.page.intervals import wilson


def top2_accuracy(logits, target):
    best = logits.topk(2).indices
    return (best == target[:, None]).any(dim=1).double().mean().item()


def most_confused(matrix, minimum):
    pairs = [
        (i, j, int(matrix[i, j]))
        for i in range(len(matrix))
        for j in range(len(matrix))
        if i != j and matrix[i, j] >= minimum
    ]
    return sorted(pairs, key=lambda pair: -pair[2])


def leaky_groups(train, valid):
    return sorted(set(train) & set(valid))


def top1_accuracy(logits, target):
    return (logits.argmax(dim=1) == target).double().mean().item()


def in_two_lowest(logits, target):
    return top2_accuracy(-logits, target)


def keeps_the_diagonal(matrix, minimum):
    return sorted(
        (
            (i, j, int(count))
            for i, row in enumerate(matrix)
            for j, count in enumerate(row)
            if count >= minimum
        ),
        key=lambda pair: -pair[2],
    )


def strictly_more(matrix, minimum):
    return most_confused(matrix, minimum + 1)


def run(hits=70, photos=88):
    actual = torch.arange(photos) % 5
    predicted = actual.clone()
    predicted[hits:] = (predicted[hits:] + 1) % 5
    return {
        "predicted": predicted,
        "actual": actual,
        "interval": wilson(hits, photos),
    }


RIGHT = {
    "lesson1/top2_accuracy": [top2_accuracy],
    "lesson1/most_confused": [most_confused],
    "lesson1/leaky_groups": [leaky_groups],
    "lesson1/another_seed": [run(), run(60, 80)],
}
WRONG = {
    "lesson1/top2_accuracy": [
        (top1_accuracy, "That is the ordinary accuracy"),
        (in_two_lowest, "Take the two largest scores"),
        (lambda logits, target: 0.5, "which is not right"),
    ],
    "lesson1/most_confused": [
        (keeps_the_diagonal, "4 values are asked for"),
        (strictly_more, "2 values are asked for"),
        (lambda m, n: most_confused(m.T, n), "columns the prediction"),
        (lambda m, n: most_confused(m, n)[::-1], "largest first"),
    ],
    "lesson1/leaky_groups": [
        (lambda train, valid: sorted(set(train)), "3 values are asked for"),
        (
            lambda train, valid: sorted(g for g in valid if g in set(train)),
            "3 values are asked for",
        ),
        (
            lambda train, valid: sorted(set(train) & set(valid))[::-1],
            "in sorted order",
        ),
    ],
    "lesson1/another_seed": [
        ((0.7, 0.9), "Expected keys"),
        (run() | {"interval": (0.71, 0.88)}, "does not come out"),
        (run() | {"predicted": run()["actual"]}, "88 of 88 are right"),
        (run(10, 20), "use the whole validation side"),
        (run() | {"interval": 0.8}, "could not be read"),
    ],
}
