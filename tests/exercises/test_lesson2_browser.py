"""Right and wrong answers of page "without a server"."""

import math

import torch

CENTER = "lesson2/center_shift"
SOFTMAX = "lesson2/safe_softmax"
PAYLOAD = "lesson2/payload_bytes"


def center_shift(image):
    ink = image.double()
    moves = []
    for other in (1, 0):
        mass = ink.sum(dim=other)
        places = torch.arange(len(mass)) + 0.5
        center = (mass * places).sum() / mass.sum()
        moves.append(round((len(mass) / 2 - center).item()))
    return tuple(moves)


def middle_of_the_box(image):
    rows, columns = image.nonzero().double().unbind(1)
    return [
        round(side / 2 - (places.min().item() + places.max().item() + 1) / 2)
        for side, places in zip(image.shape, (rows, columns), strict=True)
    ]


def far_corner(image):
    down, right = center_shift(image)
    return right, down


def softmax(scores):
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    return [power / sum(powers) for power in powers]


def payload(shapes, bits):
    return sum(math.ceil(math.prod(shape) * bits / 8) for shape in shapes)


RIGHT = {
    CENTER: [center_shift],
    SOFTMAX: [
        softmax,
        lambda scores: torch.tensor(scores, dtype=torch.double).softmax(0),
    ],
    PAYLOAD: [payload],
}
WRONG = {
    CENTER: [
        (lambda image: (0, 0), "Weigh each row by its ink"),
        (far_corner, "Weigh each row by its ink"),
        (
            lambda image: [-shift for shift in center_shift(image)],
            "so (",
        ),
        (lambda image: 3, "Two numbers, (down, right)"),
    ],
    SOFTMAX: [
        (
            lambda scores: [
                math.exp(min(s, 700))
                / sum(math.exp(min(t, 700)) for t in scores)
                for s in scores
            ],
            "take the largest score away",
        ),
        (lambda scores: [1 / len(scores)] * len(scores), "Divide each power"),
        (lambda scores: [s / sum(scores) for s in scores], "Divide each"),
        (lambda scores: 1.0, "A list of numbers is asked for"),
    ],
    PAYLOAD: [
        (lambda shapes, bits: 4000, "you returned 4000"),
        (
            lambda shapes, bits: sum(math.prod(s) for s in shapes) * bits,
            "NOT 32 bits a weight",
        ),
        (
            lambda shapes, bits: sum(math.prod(s) for s in shapes) * bits // 8,
            "NOT an odd count of 4 bits",
        ),
        (
            lambda shapes, bits: sum(math.prod(s) * 4 for s in shapes),
            "NOT 16 bits a weight",
        ),
    ],
}
