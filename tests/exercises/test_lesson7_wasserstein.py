"""Right and wrong answers of the page of heaps."""

import itertools

import torch

DISTANCE = "lesson7/line_distance"
PENALTY = "lesson7/slope_penalty"
FAIR = "lesson7/fair_estimate"


def by_repeating(one, other):
    n, m = len(one), len(other)
    one = one.repeat_interleave(m).sort().values
    other = other.repeat_interleave(n).sort().values
    return (one - other).abs().mean().item()


def by_area(one, other):
    places = torch.cat([one, other]).sort().values
    area = 0.0
    for left, right in itertools.pairwise(places):
        gap = (one <= left).double().mean() - (other <= left).double().mean()
        area += (gap.abs() * (right - left)).item()
    return area


def cut(one, other):
    n = min(len(one), len(other))
    sorted_ones = one.sort().values[:n], other.sort().values[:n]
    return (sorted_ones[0] - sorted_ones[1]).abs().mean().item()


def squared(one, other):
    n, m = len(one), len(other)
    one = one.repeat_interleave(m).sort().values
    other = other.repeat_interleave(n).sort().values
    return (one - other).square().mean().sqrt().item()


def slopes(critic, real, made, shares, swap=False, one=False):
    part = shares.view(-1, *[1] * (real.dim() - 1))
    if swap:
        real, made = made, real
    if one:
        part = part[0]
    points = (part * real + (1 - part) * made).detach().requires_grad_()
    return torch.autograd.grad(
        critic(points).sum(), points, create_graph=True
    )[0]


def penalty(*args, **options):
    slope = slopes(*args, **options).flatten(1).norm(dim=1)
    return (slope - 1).square().mean()


def by_rows(critic, real, made, shares):
    found = []
    for k in range(len(real)):
        found.append(
            penalty(critic, real[k : k + 1], made[k : k + 1], shares[k])
        )
    return torch.stack(found).mean()


def last_axis(*args):
    return (slopes(*args).norm(dim=-1) - 1).square().mean()


def no_root(*args):
    slope = slopes(*args).flatten(1).square().sum(1)
    return (slope - 1).square().mean()


def of_mean(*args):
    return (slopes(*args).flatten(1).norm(dim=1).mean() - 1).square()


def capped(*args):
    slope = slopes(*args).flatten(1).norm(dim=1)
    return (slope - 1).mean()


def fair(real, made, places, scores, order=True, size=True, pick=torch.max):
    if order:
        rows = places.argsort()
        places, scores = places[rows], scores[rows]
    slope = scores.diff() / places.diff()
    slope = slope.abs() if size else slope
    return ((real.mean() - made.mean()) / pick(slope)).item()


def fair_by_loop(real, made, places, scores):
    pairs = sorted(zip(places.tolist(), scores.tolist(), strict=True))
    steepest = max(
        abs((b[1] - a[1]) / (b[0] - a[0]))
        for a, b in itertools.pairwise(pairs)
    )
    return (real.mean().item() - made.mean().item()) / steepest


def whole_range(real, made, places, scores):
    rise = scores.max() - scores.min()
    run = places.max() - places.min()
    return ((real.mean() - made.mean()) / (rise / run)).item()


RIGHT = {
    DISTANCE: [by_repeating, by_area],
    PENALTY: [penalty, by_rows],
    FAIR: [fair, fair_by_loop],
}
WRONG = {
    DISTANCE: [
        (lambda a, b: abs(a.mean() - b.mean()).item(), "each grain counts"),
        (cut, "repeat them until"),
        (squared, "NOT"),
        (lambda a, b: (a.mean() - b.mean()).item(), "NOT"),
        (lambda a, b: 3.0, "NOT"),
        (lambda a, b: 0.0, "NOT"),
    ],
    PENALTY: [
        (lambda *a: penalty(*a, swap=True), "a share a sample"),
        (lambda *a: penalty(*a, one=True), "a share a sample"),
        (last_axis, "over all its pixels"),
        (no_root, "length of its weight"),
        (of_mean, "a share a sample"),
        (capped, "length of its weight"),
        (lambda *a: penalty(*a).detach(), "create_graph=True"),
        (lambda *a: torch.zeros(()), "length of its weight"),
    ],
    FAIR: [
        (lambda *a: fair(*a, order=False), "Sort the places"),
        (lambda *a: fair(*a, size=False), "take its size"),
        (lambda *a: fair(*a, pick=torch.mean), "NOT"),
        (whole_range, "NOT"),
        (lambda r, m, p, s: (r.mean() - m.mean()).item(), "NOT"),
        (lambda r, m, p, s: -fair(r, m, p, s), "NOT"),
    ],
}
