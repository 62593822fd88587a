"""Right and wrong answers of views, mixup, CutMix and the mean of logs."""

import pytest
import torch

from sevenlessons.page.exercises import try_answer

VIEWS = "lesson6/corner_views"
MIXUP = "lesson6/mixup_batch"
PASTE = "lesson6/paste_box"
LOGS = "lesson6/mean_of_logs"


def corner_views(
    images, size, center, order=(0, 1, 2, 3, 4), share=4, back=False
):
    height, width = images.shape[2:]
    down, across = height - size, width - size
    places = [
        (0, 0),
        (0, across),
        (down, 0),
        (down, across),
        (down // 2, across // 2),
    ]
    crops = [
        images[..., y : y + size, x : x + size]
        for y, x in (places[i] for i in order)
    ]
    weights = [(1 - center) / share] * 4 + [center]
    weights = weights[::-1] if back else weights
    return torch.stack(crops), torch.tensor(weights)


def from_the_end(images, size, center):
    y = (images.shape[2] - size) // 2
    x = (images.shape[3] - size) // 2
    crops = [
        images[..., :size, :size],
        images[..., :size, -size:],
        images[..., -size:, :size],
        images[..., -size:, -size:],
        images[..., y : y + size, x : x + size],
    ]
    corner = (1 - center) / 4
    return torch.stack(crops), torch.tensor(
        [corner, corner, corner, corner, center], dtype=torch.float64
    )


def mixup_batch(images, target, partner, shares, axis=0, own=True, rows=True):
    shape = [1] * 4
    shape[axis] = -1
    part = shares.view(shape)
    if not own:
        part, shares = 1 - part, 1 - shares
    mixed = part * images + (1 - part) * images[partner]
    if not rows:
        return mixed, target
    part = shares[:, None]
    return mixed, part * target + (1 - part) * target[partner]


def by_loop(images, target, partner, shares):
    mixed, rows = [], []
    for i, share in enumerate(shares):
        j = partner[i]
        mixed.append(share * images[i] + (1 - share) * images[j])
        rows.append(share * target[i] + (1 - share) * target[j])
    return torch.stack(mixed), torch.stack(rows)


def one_share(images, target, partner, shares):
    return mixup_batch(
        images, target, partner, shares.mean().expand(len(images))
    )


def largest_first(images, target, partner, shares):
    shares = torch.maximum(shares, 1 - shares)
    return mixup_batch(images, target, partner, shares)


def targets_unmixed_right(images, target, partner, shares):
    mixed, _ = mixup_batch(images, target, partner, shares)
    _, rows = mixup_batch(images, target, partner, 1 - shares)
    return mixed, rows


def paste_box(
    images,
    target,
    partner,
    boxes,
    clip=True,
    counted=True,
    turned=False,
    clean=True,
    after=0,
):
    height, width = images.shape[2:]
    pasted, rows = images.clone(), target.clone()
    for i, (t, left, b, r) in enumerate(boxes.tolist()):
        area = (b - t) * (r - left)
        if clip:
            t, b = max(t, 0), min(b + after, height)
            left, r = max(left, 0), min(r + after, width)
        area = (b - t) * (r - left) if counted else area
        source = images if clean else pasted
        if turned:
            t, left, b, r = left, t, r, b
        pasted[i, :, t:b, left:r] = source[partner[i], :, t:b, left:r]
        rest = 1 - area / (height * width)
        rows[i] = rest * target[i] + (1 - rest) * target[partner[i]]
    return pasted, rows


def by_mask(images, target, partner, boxes):
    y = torch.arange(images.shape[2])[None, :, None]
    x = torch.arange(images.shape[3])[None, None, :]
    t, left, b, r = (edge[:, None, None] for edge in boxes.T)
    inside = (t <= y) & (y < b) & (left <= x) & (x < r)
    part = inside.double().mean((1, 2))[:, None]
    pasted = torch.where(inside[:, None], images[partner], images)
    return pasted, (1 - part) * target + part * target[partner]


def shares_of_the_partner(images, target, partner, boxes):
    pasted, _ = by_mask(images, target, partner, boxes)
    _, rows = by_mask(images, target[partner], partner.argsort(), boxes)
    return pasted, rows


def mean_of_logs(probabilities):
    return probabilities.log().mean(1).softmax(1)


def by_product(probabilities):
    product = probabilities.prod(1) ** (1 / probabilities.shape[1])
    return product / product.sum(1, keepdim=True)


def no_root(probabilities):
    product = probabilities.prod(1)
    return product / product.sum(1, keepdim=True)


def clamped(probabilities):
    return probabilities.clamp(min=1e-6).log().mean(1).softmax(1)


RIGHT = {
    VIEWS: [corner_views, from_the_end],
    MIXUP: [mixup_batch, by_loop],
    PASTE: [paste_box, by_mask],
    LOGS: [mean_of_logs, by_product],
}
WRONG = {
    VIEWS: [
        (lambda i, s, c: corner_views(i, s, c, (4, 0, 1, 2, 3)), "order"),
        (lambda i, s, c: corner_views(i, s, c, (0, 2, 1, 3, 4)), "order"),
        (lambda i, s, c: corner_views(i, s, c, (0, 1, 3, 2, 4)), "order"),
        (lambda i, s, c: corner_views(i, s, c, share=1), "counts `center`"),
        (lambda i, s, c: corner_views(i, s, c, back=True), "counts `center`"),
        (lambda i, s, c: corner_views(i, s, 0.2), "counts `center`"),
        (lambda i, s, c: corner_views(i, s, c)[0], "return two tensors"),
    ],
    MIXUP: [
        (one_share, "shares[i]"),
        (largest_first, "shares[i]"),
        (targets_unmixed_right, "same shares"),
        (lambda i, t, p, s: mixup_batch(i, t, p, s, own=False), "shares[i]"),
        (lambda i, t, p, s: mixup_batch(i, t, p, s, rows=False), "same"),
        (lambda i, t, p, s: mixup_batch(i, t, p.argsort(), s), "shares[i]"),
        (lambda i, t, p, s: mixup_batch(i, t, p, 1.0 * (s > 0.25)), "NOT"),
        (lambda i, t, p, s: mixup_batch(i, t, p, s, axis=1), "NOT"),
        (lambda i, t, p, s: mixup_batch(i, t, p, s)[0], "two tensors"),
    ],
    PASTE: [
        (
            lambda i, t, p, b: paste_box(i, t, p, b, counted=False),
            "Count the pixels",
        ),
        (
            lambda i, t, p, b: paste_box(i, t, p, b, clip=False),
            "top, left, bottom, right",
        ),
        (
            lambda i, t, p, b: paste_box(i, t, p, b, turned=True),
            "top, left, bottom, right",
        ),
        (
            lambda i, t, p, b: paste_box(i, t, p, b, clean=False),
            "as they were",
        ),
        (
            lambda i, t, p, b: paste_box(i, t, p, b, after=1),
            "first row and column after",
        ),
        (shares_of_the_partner, "Count the pixels"),
        (lambda i, t, p, b: (paste_box(i, t, p, b)[0], t), "Count"),
        (lambda i, t, p, b: (i, paste_box(i, t, p, b)[1]), "top, left"),
    ],
    LOGS: [
        (lambda p: p.mean(1), "logarithms"),
        (lambda p: p.log().mean(1).exp(), "divided by its sum"),
        (lambda p: p.log().mean(1), "back with exp"),
        (lambda p: p.log().mean(2).softmax(1), "NOT"),
        (no_root, "mean over the views"),
        (clamped, "veto"),
        (lambda p: p.median(1).values, "logarithms"),
    ],
}


@pytest.mark.parametrize("seed", range(30))
def test_thirty_seeds_tell_right_from_wrong(seed):
    for key, answers in RIGHT.items():
        for answer in answers:
            assert try_answer(key, answer, seed=seed), (key, answer)
    for key, cases in WRONG.items():
        for answer, _ in cases:
            assert not try_answer(key, answer, seed=seed), (key, answer)
