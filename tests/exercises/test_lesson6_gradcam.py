"""Right and wrong answers about Grad-CAM."""

import torch

from sevenlessons.page.intervals import wilson

MAP = "lesson6/gradcam_map"
RATE = "lesson6/hit_rate"
FIND = "lesson6/find_watermark"


def cam(maps, gradient, weigh=None, relu=True, early=False):
    weights = (weigh or (lambda g: g.mean((2, 3), keepdim=True)))(gradient)
    parts = weights * maps
    if early:
        parts = parts.relu()
    heat = parts.sum(1)
    return heat.relu() if relu else heat


def by_loop(maps, gradient):
    out = torch.zeros_like(maps[:, 0])
    for n in range(len(maps)):
        for k in range(maps.shape[1]):
            out[n] += gradient[n, k].mean() * maps[n, k]
    return torch.maximum(out, torch.zeros_like(out))


def rate(points, boxes, last=False, first=True, turn=False, level=0.95):
    if turn:
        points = points.flip(1)
    low = points >= boxes[:, :2] if first else points > boxes[:, :2]
    high = points <= boxes[:, 2:] if last else points < boxes[:, 2:]
    hits = int((low & high).all(1).sum())
    return hits / len(boxes), *wilson(hits, len(boxes), confidence=level)


def rate_by_loop(points, boxes):
    hits = sum(
        top <= row < bottom and left <= column < right
        for (row, column), (top, left, bottom, right) in zip(
            points.tolist(), boxes.tolist(), strict=True
        )
    )
    return [hits / len(boxes), *wilson(hits, len(boxes))]


def plain_interval(points, boxes):
    share = rate(points, boxes)[0]
    reach = 1.96 * (share * (1 - share) / len(boxes)) ** 0.5
    return share, share - reach, share + reach


def any_side(points, boxes):
    inside = (points >= boxes[:, :2]) & (points < boxes[:, 2:])
    hits = int(inside.any(1).sum())
    return hits / len(boxes), *wilson(hits, len(boxes))


def find(maps, others, scale=True, compare=True, best=torch.argmax):
    if scale:
        maps = maps / maps.sum((1, 2), keepdim=True)
        others = others / others.sum((1, 2), keepdim=True)
    heat = maps.mean(0) - (others.mean(0) if compare else 0)
    place = int(best(heat))
    return divmod(place, maps.shape[2])


def find_slowly(maps, others):
    own = sum(one / one.sum() for one in maps) / len(maps)
    usual = sum(one / one.sum() for one in others) / len(others)
    gap = own - usual
    rows, columns = gap.shape
    cells = [(r, c) for r in range(rows) for c in range(columns)]
    return max(cells, key=lambda cell: gap[cell].item())


def without(maps, middle=None, drop=1):
    """Scale, never look at the others, leave out the brightest cells."""
    heat = (maps / maps.sum((1, 2), keepdim=True)).mean(0)
    if middle:
        heat[heat.shape[0] // 2, heat.shape[1] // 2] = 0
        drop = 0
    place = int(heat.flatten().argsort(descending=True)[drop])
    return divmod(place, maps.shape[2])


def by_medians(maps, others, scale=False):
    if scale:
        maps, others = (
            part / part.sum((1, 2), keepdim=True) for part in (maps, others)
        )
    gap = maps.median(0).values - others.median(0).values
    return divmod(int(gap.argmax()), maps.shape[2])


RIGHT = {
    MAP: [cam, by_loop],
    RATE: [rate, rate_by_loop],
    FIND: [find, find_slowly, lambda m, o: by_medians(m, o, scale=True)],
}
WRONG = {
    MAP: [
        (lambda m, g: cam(m, g, relu=False), "drop what is negative"),
        (lambda m, g: cam(m, g, early=True), "only then drop"),
        (lambda m, g: cam(m, g, weigh=lambda g: g), "mean of its gradient"),
        (
            lambda m, g: cam(
                m, g, weigh=lambda g: g.sum((2, 3), keepdim=True)
            ),
            "mean of its gradient",
        ),
        (
            lambda m, g: cam(
                m, g, weigh=lambda g: g.relu().mean((2, 3), keepdim=True)
            ),
            "mean of its gradient",
        ),
        (
            lambda m, g: cam(
                m, g, weigh=lambda g: g.mean((0, 2, 3), keepdim=True)
            ),
            "of each picture on its own",
        ),
        (lambda m, g: cam(m, g).abs().mean(0), "NOT"),
        (lambda m, g: cam(g, m), "NOT"),
        (lambda m, g: m.mean(1), "NOT"),
        (lambda m, g: cam(m, g, relu=False).abs(), "NOT"),
        (lambda m, g: torch.zeros_like(m[:, 0]), "NOT"),
        (lambda m, g: cam(m, g) / m.shape[1], "NOT"),
    ],
    RATE: [
        (lambda p, b: rate(p, b, last=True), "bottom and right do not"),
        (lambda p, b: rate(p, b, first=False), "Top and left belong"),
        (lambda p, b: rate(p, b, turn=True), "NOT"),
        (lambda p, b: rate(p, b, level=0.9), "NOT"),
        (plain_interval, "NOT"),
        (any_side, "NOT"),
        (lambda p, b: rate(p, b[:1].repeat(len(b), 1)), "its own box"),
        (lambda p, b: rate(p, b)[0], "NOT"),
        (lambda p, b: (1.0, 0.0, 1.0), "NOT"),
        (lambda p, b: (0.5, 0.1, 0.9), "NOT"),
    ],
    FIND: [
        (lambda m, o: find(m, o, scale=False), "sum of one"),
        (lambda m, o: find(m, o, compare=False), "subtract the others"),
        (lambda m, o: find(m, o, best=torch.argmin), "NOT"),
        (lambda m, o: find(m, o)[::-1], "NOT"),
        (lambda m, o: (0, 0), "NOT"),
        (lambda m, o: divmod(int(m.mean(0).argmax()), m.shape[2]), "NOT"),
        (lambda m, o: find(m[:1], o), "NOT"),
        (lambda m, o: without(m, middle=True), "subtract the others"),
        (lambda m, o: without(m), "subtract the others"),
        (lambda m, o: without(m, drop=2), "subtract the others"),
        (by_medians, "sum of one"),
    ],
}
