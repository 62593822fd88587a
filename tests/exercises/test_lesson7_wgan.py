"""Right and wrong answers of the page of pictures from noise."""

import torch

WALK = "lesson7/noise_walk"
CLASSES = "lesson7/classes_made"
NEAR = "lesson7/nearest_known"


def walk(start, end, steps):
    angle = (start @ end / start.norm() / end.norm()).acos()
    rows = [
        ((1 - s) * angle).sin() * start + (s * angle).sin() * end
        for s in torch.linspace(0, 1, steps, dtype=start.dtype)
    ]
    return torch.stack(rows) / angle.sin()


def walk_by_turning(start, end, steps):
    one = start / start.norm()
    side = end - (end @ one) * one
    side = side / side.norm()
    angle = torch.atan2(end @ side, end @ one)
    turns = torch.linspace(0, 1, steps, dtype=start.dtype)[:, None] * angle
    return start.norm() * (turns.cos() * one + turns.sin() * side)


def straight(start, end, steps):
    shares = torch.linspace(0, 1, steps, dtype=start.dtype)[:, None]
    return (1 - shares) * start + shares * end


def stretched(start, end, steps):
    rows = straight(start, end, steps)
    return rows / rows.norm(dim=1, keepdim=True) * start.norm()


def classes(
    generator, judge, noise, share, mode=False, back=True, above=False
):
    generator.train(mode)
    judge.train(mode)
    with torch.no_grad():
        seen = judge(generator(noise)).argmax(1)
    generator.train(back)
    judge.train(back)
    counts = seen.bincount().double()
    low = share * len(noise)
    return int((counts > low if above else counts >= low - 1e-9).sum())


def half_mode(generator, judge, noise, share):
    generator.eval()
    seen = judge(generator(noise)).argmax(1)
    generator.train()
    counts = seen.bincount(minlength=5)
    return int((counts >= share * len(noise)).sum())


def near(made, known, kind=torch.Tensor.float):
    far = torch.cdist(kind(made).flatten(1), kind(known).flatten(1))
    least, rows = far.min(1)
    return rows, least


def near_by_loop(made, known):
    rows, least = [], []
    for one in made:
        far = (known.float() - one.float()).square().sum((1, 2)).sqrt()
        rows.append(far.argmin())
        least.append(far.min())
    return torch.stack(rows), torch.stack(least)


def wrapped(made, known):
    far = (made[:, None] - known[None]).flatten(2).float().norm(dim=2)
    least, rows = far.min(1)
    return rows, least


def mean_difference(made, known):
    far = (made[:, None].float() - known[None].float()).abs()
    least, rows = far.flatten(2).mean(2).min(1)
    return rows, least


RIGHT = {
    WALK: [walk, walk_by_turning],
    CLASSES: [classes],
    NEAR: [near, near_by_loop],
}
WRONG = {
    WALK: [
        (straight, "too near to zero"),
        (stretched, "same angle"),
        (lambda a, b, n: walk(b, a, n), "NOT"),
        (lambda a, b, n: walk(a, b, n + 1), "NOT"),
        (lambda a, b, n: walk(a, b, n)[:, :1], "NOT"),
    ],
    CLASSES: [
        (lambda *a: classes(*a, above=True), "the border counts"),
        (lambda *a: classes(*a, back=False), "set it back"),
        (half_mode, "evaluation mode"),
        (lambda g, j, z, s: len(z.argmax(1).unique()), "border"),
        (lambda *a: 3, "NOT"),
        (lambda *a: classes(*a[:3], 0.0), "NOT"),
    ],
    NEAR: [
        (wrapped, "Go to floats first"),
        (mean_difference, "NOT"),
        (lambda a, b: near(b, a), "NOT"),
        (lambda a, b: near(a, b)[0], "NOT"),
        (lambda a, b: near(a, b)[::-1], "NOT"),
        (lambda a, b: (near(a, b)[0], near(a, b)[1] ** 2), "NOT"),
    ],
}
