"""Right and wrong answers of the augmentation page."""

import torch
import torch.nn.functional as F

PAD = "lesson6/reflection_padding"
JOIN = "lesson6/joined_moves"
LIGHT = "lesson6/brighten"
HURT = "lesson6/hurting_move"


def pad(images, n):
    def places(size):
        last = size - 1
        return last - (last - torch.arange(-n, size + n).abs()).abs()

    height, width = images.shape[2:]
    return images[:, :, places(height)][..., places(width)]


def pad_by_parts(images, n):
    if n == 0:
        return images.clone()
    top, bottom = images[:, :, 1 : n + 1], images[:, :, -n - 1 : -1]
    images = torch.cat([top.flip(2), images, bottom.flip(2)], 2)
    left, right = images[..., 1 : n + 1], images[..., -n - 1 : -1]
    return torch.cat([left.flip(3), images, right.flip(3)], 3)


def edge_twice(images, n):
    def places(size):
        i = torch.arange(-n, size + n)
        i = torch.where(i < 0, -i - 1, i)
        return torch.where(i >= size, 2 * size - 1 - i, i)

    height, width = images.shape[2:]
    return images[:, :, places(height)][..., places(width)]


def not_turned(images, n):
    top, bottom = images[:, :, 1 : n + 1], images[:, :, -n - 1 : -1]
    images = torch.cat([top, images, bottom], 2)
    left, right = images[..., 1 : n + 1], images[..., -n - 1 : -1]
    return torch.cat([left, images, right], 3)


def join(first, second):
    both = first @ second
    return both, torch.linalg.inv(both)


def join_by_inverses(first, second):
    back = torch.linalg.inv(second) @ torch.linalg.inv(first)
    return torch.linalg.inv(back), back


def brighten(images, factors):
    lit = images.float() * factors.view(-1, 1, 1, 1)
    return lit.round().clamp(0, 255).to(torch.uint8)


def one_by_one(images, factors):
    new = [
        (image.double() * by + 0.5).floor().clamp(0, 255)
        for image, by in zip(images, factors, strict=True)
    ]
    return torch.stack(new).to(torch.uint8)


def hurting(
    model,
    images,
    target,
    moves,
    mode=False,
    back=None,
    sign=1,
    pick=max,
    divide=False,
    changed=False,
):
    def accuracy(pictures):
        guess = model(pictures).argmax(1)
        return (guess == target).double().mean().item()

    training = model.training
    model.train(mode)
    with torch.no_grad():
        plain = accuracy(images)
        after = {n: accuracy(move(images)) for n, move in moves.items()}
    if back != "never":
        model.train(training if back is None else back)
    costs = {n: sign * (plain - share) for n, share in after.items()}
    if divide:
        costs = {n: cost / plain for n, cost in costs.items()}
    if changed:
        costs = {n: 1 - share for n, share in after.items()}
    return pick(costs, key=costs.get), costs


def clamped(*args):
    name, costs = hurting(*args)
    return name, {n: max(cost, 0.0) for n, cost in costs.items()}


def largest_change(*args):
    _, costs = hurting(*args)
    return max(costs, key=lambda name: abs(costs[name])), costs


def first_name(model, images, target, moves):
    _, costs = hurting(model, images, target, moves)
    return "opposite", dict.fromkeys(costs, 0.0)


RIGHT = {
    PAD: [pad, pad_by_parts, lambda x, n: F.pad(x, (n,) * 4, mode="reflect")],
    JOIN: [join, join_by_inverses],
    LIGHT: [brighten, one_by_one],
    HURT: [hurting],
}
WRONG = {
    PAD: [
        (edge_twice, "last but one"),
        (not_turned, "last but one"),
        (
            lambda x, n: F.pad(x, (n,) * 4, mode="replicate"),
            "last but one",
        ),
        (lambda x, n: F.pad(x, (n,) * 4), "last but one"),
        (lambda x, n: F.pad(x, (n,) * 4, mode="circular"), "last but one"),
        (lambda x, n: F.pad(x, (n, n, 0, 0), mode="reflect"), "NOT"),
        (lambda x, n: F.pad(x, (0, 0, n, n), mode="reflect"), "NOT"),
        (lambda x, n: F.pad(x, (1, 1, 1, 1), mode="reflect"), "NOT"),
        (lambda x, n: pad(x[:1], n), "NOT"),
        (lambda x, n: x, "NOT"),
    ],
    JOIN: [
        (lambda a, b: join(b, a), "asks the second move first"),
        (lambda a, b: (a @ b, a @ b), "NOT"),
        (lambda a, b: (a @ b, (a @ b).mT), "NOT"),
        (
            lambda a, b: (a @ b, torch.linalg.inv(a) @ torch.linalg.inv(b)),
            "NOT",
        ),
        (lambda a, b: (a + b, torch.linalg.inv(a + b)), "NOT"),
        (lambda a, b: (a * b, torch.linalg.inv(a * b)), "NOT"),
        (lambda a, b: join(a[:1], b[:1]), "a matrix of its own"),
        (lambda a, b: a @ b, "NOT"),
    ],
    LIGHT: [
        (
            lambda x, f: (
                (x.float() * f.view(-1, 1, 1, 1)).clamp(0, 255).to(torch.uint8)
            ),
            "Round to the nearest",
        ),
        (
            lambda x, f: (
                (x.float() * f.view(-1, 1, 1, 1))
                .round()
                .remainder(256)
                .to(torch.uint8)
            ),
            "begin again at 0",
        ),
        (
            lambda x, f: (x.float() * f).round().clamp(0, 255).to(torch.uint8),
            "not to a column",
        ),
        (lambda x, f: brighten(x, f.mean().expand(len(x))), "one picture"),
        (lambda x, f: brighten(x, f).float(), "NOT"),
        (lambda x, f: brighten(x, 2 - f), "NOT"),
        (
            lambda x, f: (
                (x.float() * f.view(-1, 1, 1, 1))
                .ceil()
                .clamp(0, 255)
                .to(torch.uint8)
            ),
            "Round to the nearest",
        ),
        (lambda x, f: x, "NOT"),
    ],
    HURT: [
        (lambda *a: hurting(*a, mode=True), "evaluation mode"),
        (lambda *a: hurting(*a, back="never"), "set it back"),
        (lambda *a: hurting(*a, back=True), "set it back"),
        (lambda *a: hurting(*a, sign=-1), "less the accuracy after"),
        (lambda *a: hurting(*a, pick=min), "less the accuracy"),
        (lambda *a: hurting(*a, divide=True), "less the accuracy"),
        (lambda *a: hurting(*a, changed=True), "less the accuracy"),
        (clamped, "negative"),
        (largest_change, "negative"),
        (first_name, "less the accuracy"),
        (lambda *a: hurting(*a)[0], "NOT"),
        (lambda *a: hurting(*a)[1], "NOT"),
    ],
}
