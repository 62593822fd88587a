"""Right and wrong answers of the text classifier's page."""

import torch

POOL = "lesson4/pool"
LOCKED = "lesson4/locked_dropout"
RATES = "lesson4/group_rates"


def pool(outputs, lengths):
    steps = torch.arange(outputs.shape[1])
    real = (steps < lengths[:, None])[..., None]
    last = outputs[torch.arange(len(outputs)), lengths - 1]
    largest = outputs.masked_fill(~real, float("-inf")).amax(dim=1)
    mean = (outputs * real).sum(dim=1) / lengths[:, None]
    return torch.cat([last, largest, mean], dim=1)


def pool_by_loop(outputs, lengths):
    parts = [row[:n] for row, n in zip(outputs, lengths, strict=True)]
    return torch.stack(
        [torch.cat([p[-1], p.max(0).values, p.mean(0)]) for p in parts]
    )


def pool_padded_mean(outputs, lengths):
    right = pool(outputs, lengths)
    width = outputs.shape[2]
    return torch.cat([right[:, : 2 * width], outputs.mean(dim=1)], dim=1)


def pool_padded_last(outputs, lengths):
    right = pool(outputs, lengths)
    return torch.cat([outputs[:, -1], right[:, outputs.shape[2] :]], dim=1)


def pool_zeros_largest(outputs, lengths):
    steps = torch.arange(outputs.shape[1])
    real = (steps < lengths[:, None])[..., None]
    right, width = pool(outputs, lengths), outputs.shape[2]
    largest = (outputs * real).amax(dim=1)
    return torch.cat([right[:, :width], largest, right[:, 2 * width :]], 1)


def pool_other_order(outputs, lengths):
    last, largest, mean = pool(outputs, lengths).chunk(3, dim=1)
    return torch.cat([largest, mean, last], dim=1)


def locked(x, p):
    mask = torch.empty(len(x), 1, x.shape[2]).bernoulli_(1 - p)
    return x * mask / (1 - p)


def locked_by_rand(x, p):
    mask = (torch.rand(len(x), 1, x.shape[2]) >= p).float()
    return x * mask.expand_as(x) / (1 - p)


def locked_once(x, p):
    generator = torch.Generator().manual_seed(0)
    kept = torch.rand(len(x), 1, x.shape[2], generator=generator) >= p
    return x * kept / (1 - p)


def rates(lr, num_groups, first, factor):
    start = first % num_groups
    last = num_groups - 1
    return [
        0.0 if i < start else lr / factor ** (last - i)
        for i in range(num_groups)
    ]


def rates_backwards(lr, num_groups, first, factor):
    found = [lr]
    for _ in range(num_groups - 1):
        found.insert(0, found[0] / factor)
    start = first if first >= 0 else first + num_groups
    return [0.0] * start + found[start:]


def rates_from_the_end_only(lr, num_groups, first, factor):
    right = rates(lr, num_groups, 0, factor)
    return [0.0 if i < first else r for i, r in enumerate(right)]


RIGHT = {
    POOL: [pool, pool_by_loop],
    LOCKED: [locked, locked_by_rand],
    RATES: [rates, rates_backwards],
}
WRONG = {
    POOL: [
        (pool_padded_mean, "nor part of"),
        (pool_padded_last, "nor the last"),
        (pool_zeros_largest, "Padding must not be the largest"),
        (pool_other_order, "Order: last, largest, mean"),
        (lambda o, n: pool(o, torch.full_like(n, o.shape[1])), "Padding must"),
        (lambda o, n: pool(o, (n - 1).clamp(min=1)), "Order: last"),
        (lambda o, n: torch.zeros(len(o), 3 * o.shape[2]), "NOT no padding"),
        (lambda o, n: pool(o, n)[:, : o.shape[2]], "NOT no padding"),
    ],
    LOCKED: [
        (lambda x, p: torch.nn.functional.dropout(x, p), "one mask of shape"),
        (lambda x, p: locked(x, p) * (1 - p), "1 - p"),
        (lambda x, p: x * locked(torch.ones_like(x[:1]), p), "own columns"),
        (lambda x, p: locked(x, 1 - p) if p else x, "of the columns"),
        (lambda x, p: x, "own columns"),
        (lambda x, p: torch.zeros_like(x), "NOT p = 0 leaves everything"),
        (locked_once, "Draw anew each time"),
        (
            lambda x, p: x * locked(torch.ones(len(x), 1, 1), p),
            "own columns",
        ),
    ],
    RATES: [
        (lambda lr, n, f, k: rates(lr, n, 0, k), "A frozen group has rate 0"),
        (lambda lr, n, f, k: rates(lr, n, f, k)[::-1], "has lr itself"),
        (rates_from_the_end_only, "first = -1 is the last group"),
        (lambda lr, n, f, k: rates(lr / k, n, f, k), "has lr itself"),
        (lambda lr, n, f, k: rates(lr, n, f, 2.6), "NOT everything learns"),
        (lambda lr, n, f, k: [0.1 / 9, 0.1 / 3, 0.1], "A frozen group has"),
        (
            lambda lr, n, f, k: [
                0.0 if i < f % n else lr / (k * (n - 1 - i) or 1)
                for i in range(n)
            ],
            "has lr itself",
        ),
    ],
}
