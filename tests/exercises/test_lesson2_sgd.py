"""Right and wrong answers of the page on SGD."""

import random

import torch

MOMENTUM = "lesson2/momentum"
RATE = "lesson2/largest_rate"
PARABOLA = "lesson2/parabola"
ORDER = "lesson2/batch_order"


def momentum(gradient, weights, lr, momentum, steps):
    velocity = torch.zeros_like(weights)
    for _ in range(steps):
        velocity = momentum * velocity + gradient(weights)
        weights = weights - lr * velocity
    return weights


def momentum_of_steps(gradient, weights, lr, momentum, steps):
    step = 0.0
    for _ in range(steps):
        step = momentum * step - lr * gradient(weights)
        weights = weights + step
    return weights


def plain(gradient, weights, lr, momentum, steps):
    for _ in range(steps):
        weights = weights - lr * gradient(weights)
    return weights


def averaged(gradient, weights, lr, momentum, steps):
    velocity = gradient(weights)
    for _ in range(steps):
        velocity = momentum * velocity + (1 - momentum) * gradient(weights)
        weights = weights - lr * velocity
    return weights


def in_place(gradient, weights, lr, momentum, steps):
    velocity = torch.zeros_like(weights)
    for _ in range(steps):
        velocity = momentum * velocity + gradient(weights)
        weights -= lr * velocity
    return weights


def rate(inputs):
    return 2 / torch.linalg.eigvalsh(2 * inputs.T @ inputs / len(inputs))[-1]


def by_singular_value(inputs):
    return len(inputs) / torch.linalg.matrix_norm(inputs, 2).item() ** 2


def parabola(x, y, lr=None, steps=500):
    columns = torch.stack([x**2, x, torch.ones_like(x)], dim=1)
    lr = lr or 0.9 * float(rate(columns))
    curvature, pull = columns.T @ columns / len(x), columns.T @ y / len(x)
    weights = torch.zeros(3, dtype=x.dtype)
    for _ in range(steps):
        weights = weights - lr * 2 * (curvature @ weights - pull)
    return weights


def order(n, batch_size, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    return [
        [
            rows.tolist()
            for rows in torch.randperm(n, generator=generator).split(
                batch_size
            )
        ]
        for _ in range(epochs)
    ]


def order_by_python(n, batch_size, epochs, seed):
    source, found = random.Random(seed), []
    for _ in range(epochs):
        rows = list(range(n))
        source.shuffle(rows)
        found.append(
            [rows[i : i + batch_size] for i in range(0, n, batch_size)]
        )
    return found


RIGHT = {
    MOMENTUM: [momentum, momentum_of_steps],
    RATE: [rate, by_singular_value],
    PARABOLA: [parabola, lambda x, y: parabola(x, y).tolist()],
    ORDER: [order, order_by_python],
}
WRONG = {
    MOMENTUM: [
        (plain, "NOT two steps"),
        (averaged, "with the full weight of the gradient"),
        (in_place, "work on a copy"),
        (
            lambda g, w, lr, m, steps: momentum(g, w, lr, m, steps + 1),
            "NOT one step",
        ),
        (lambda g, w, lr, m, steps: w, "NOT one step follows"),
    ],
    RATE: [
        (lambda inputs: rate(inputs) / 2, "too small"),
        (lambda inputs: rate(inputs) * 1.05, "too large"),
        (lambda inputs: 1.0, "2 over the largest eigenvalue"),
        (lambda inputs: "small", "One number is asked for"),
        (lambda inputs: -1.0, "A rate is positive"),
        (
            lambda inputs: 2 / torch.linalg.eigvalsh(inputs.T @ inputs)[-1],
            "too small",
        ),
    ],
    PARABOLA: [
        (lambda x, y: parabola(x, y, steps=20), "the lowest loss is at"),
        (lambda x, y: parabola(x, y, lr=0.3), "take it from the data"),
        (lambda x, y: parabola(x, y).flip(0), "in the order a, b, c"),
        (lambda x, y: parabola(x, y)[:2], "Three numbers a, b, c"),
        (lambda x, y: "bent", "Three numbers a, b, c"),
        (lambda x, y: [0.0, 0.0, 0.0], "the lowest loss is at"),
    ],
    ORDER: [
        (
            lambda n, b, epochs, seed: order(n, b, 1, seed) * epochs,
            "Make one generator before",
        ),
        (
            lambda n, b, epochs, seed: (
                [[list(range(n))[i : i + b] for i in range(0, n, b)]] * epochs
            ),
            "not shuffled",
        ),
        (
            lambda n, b, epochs, seed: [
                [torch.randint(n, (b,)).tolist() for _ in range(-(-n // b))]
                for _ in range(epochs)
            ],
            "some row is missing",
        ),
        (lambda n, b, epochs, seed: order(n, b, epochs, 0), "seed decides"),
        (lambda n, b, epochs, seed: order(n, b, 2, seed), "were asked for"),
        (
            lambda n, b, epochs, seed: order(n, b + 1, epochs, seed),
            "Your batches hold",
        ),
        (lambda n, b, epochs, seed: "none", "A list of epochs"),
    ],
}
