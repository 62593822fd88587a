"""Right and wrong answers of the page on segmentation."""

import torch
from torch.nn import functional as F

IOU = "lesson3/mean_iou"
FLIP = "lesson3/flip_both"
NEIGHBOR = "lesson3/neighbor_masks"
DICE = "lesson3/dice_loss"


def mean_iou(counts):
    both = counts.diagonal()
    union = counts.sum(dim=0) + counts.sum(dim=1) - both
    return (both / union)[union > 0].mean()


def mean_iou_in_a_loop(counts):
    rows, found = counts.tolist(), []
    for k in range(len(rows)):
        there, predicted = sum(rows[k]), sum(row[k] for row in rows)
        if there + predicted:
            found.append(rows[k][k] / (there + predicted - rows[k][k]))
    return sum(found) / len(found) if found else float("nan")


def iou_with_zero(counts):
    both = counts.diagonal()
    union = counts.sum(dim=0) + counts.sum(dim=1) - both
    return (both / union.clamp(min=1)).mean().item()


def iou_of_there(counts):
    both, there = counts.diagonal(), counts.sum(dim=1)
    union = there + counts.sum(dim=0) - both
    return (both / union)[(there > 0) & (counts.sum(dim=0) > 0)].mean()


def dice_instead(counts):
    both = counts.diagonal()
    total = counts.sum(dim=0) + counts.sum(dim=1)
    return (2 * both / total)[total > 0].mean()


def zero_for_nothing(counts):
    return mean_iou(counts) if counts.sum() else 0.0


def flip_both(images, masks, flips):
    images, masks = images.clone(), masks.clone()
    images[flips] = images[flips].flip(-1)
    masks[flips] = masks[flips].flip(-1)
    return images, masks


def flip_where(images, masks, flips):
    return (
        torch.where(flips[:, None, None, None], images.flip(3), images),
        torch.where(flips[:, None, None], masks.flip(2), masks),
    )


def flip_images_alone(images, masks, flips):
    images = images.clone()
    images[flips] = images[flips].flip(-1)
    return images, masks


def flip_heads(images, masks, flips):
    images, masks = images.clone(), masks.clone()
    images[flips] = images[flips].flip(-2)
    masks[flips] = masks[flips].flip(-2)
    return images, masks


def flip_in_place(images, masks, flips):
    images[flips] = images[flips].flip(-1)
    masks[flips] = masks[flips].flip(-1)
    return images, masks


def neighbor_masks(masks, start, stop, gap):
    rows = torch.arange(len(masks))
    known = rows[(rows < start - gap) | (rows >= stop + gap)]
    judged = torch.arange(start, stop)
    far = (judged[:, None] - known[None]).abs()
    return masks[known[far.argmin(dim=1)]]


def neighbor_loop(masks, start, stop, gap):
    found = []
    for i in range(start, stop):
        best = None
        for k in range(len(masks)):
            if start - gap <= k < stop + gap:
                continue
            if best is None or abs(k - i) < abs(best - i):
                best = k
        found.append(masks[best])
    return torch.stack(found)


def dice_loss(scores, target):
    shares = scores.softmax(dim=1)
    parts = []
    for k in target.unique():
        there = (target == k).to(shares.dtype)
        p = shares[:, k]
        parts.append(2 * (p * there).sum() / (p.sum() + there.sum()))
    return 1 - torch.stack(parts).mean()


def dice_loss_of_all(scores, target):
    there = F.one_hot(target, scores.shape[1]).movedim(-1, 1)
    p = scores.softmax(dim=1)
    both = 2 * (p * there).sum(dim=(0, 2, 3))
    sizes = p.sum(dim=(0, 2, 3)) + there.sum(dim=(0, 2, 3))
    return 1 - (both / sizes).mean()


def dice_loss_in_one_call(scores, target):
    there = F.one_hot(target, scores.shape[1]).movedim(-1, 1).to(scores)
    p, axes = scores.softmax(dim=1), (0, 2, 3)
    score = 2 * (p * there).sum(axes) / (p + there).sum(axes)
    return 1 - score[there.sum(axes) > 0].mean()


def dice_loss_smoothed(scores, target, smoothing=1e-6):
    there = F.one_hot(target, scores.shape[1]).movedim(-1, 1).to(scores)
    p, axes = scores.softmax(dim=1), (0, 2, 3)
    both, sizes = (p * there).sum(axes), (p + there).sum(axes)
    score = (2 * both + smoothing) / (sizes + smoothing)
    return 1 - score[there.sum(axes) > 0].mean()


def dice_loss_smoothed_below(scores, target):
    there = F.one_hot(target, scores.shape[1]).movedim(-1, 1).to(scores)
    p, axes = scores.softmax(dim=1), (0, 2, 3)
    both, sizes = (p * there).sum(axes), (p + there).sum(axes)
    return 1 - (2 * both / (sizes + 1e-6))[there.sum(axes) > 0].mean()


def dice_of_answers(scores, target):
    answer = scores.argmax(dim=1)
    parts = [
        2.0
        * ((answer == k) & (target == k)).sum()
        / ((answer == k).sum() + (target == k).sum())
        for k in target.unique()
    ]
    return 1 - torch.stack(parts).mean()


def with_detached_sizes(scores, target):
    p = scores.softmax(dim=1)
    parts = []
    for k in target.unique():
        there = (target == k).double()
        both = 2 * (p[:, k] * there).sum()
        parts.append(both / (p[:, k].sum() + there.sum()).detach())
    return 1 - torch.stack(parts).mean()


RIGHT = {
    IOU: [mean_iou, mean_iou_in_a_loop],
    FLIP: [flip_both, flip_where],
    NEIGHBOR: [neighbor_masks, neighbor_loop],
    DICE: [
        dice_loss,
        dice_loss_in_one_call,
        dice_loss_smoothed,
        dice_loss_smoothed_below,
    ],
}
WRONG = {
    IOU: [
        (iou_with_zero, "counts in no mean"),
        (iou_of_there, "so it counts, with an IoU of 0"),
        (dice_instead, "too large"),
        (zero_for_nothing, "No class is left"),
        (lambda c: c.diagonal().sum() / c.sum(), "not right"),
        (lambda c: 0.5, "NOT two classes"),
    ],
    FLIP: [
        (flip_images_alone, "still lie under their own class"),
        (flip_heads, "left and right is the last axis"),
        (flip_in_place, "work on a copy"),
        (lambda i, m, f: (i.flip(-1), m.flip(-1)), "wrong ones were mirrored"),
        (lambda i, m, f: (i, m), "wrong ones were mirrored"),
        (lambda i, m, f: flip_both(i, m, f)[0], "Return two tensors"),
        (
            lambda i, m, f: (flip_both(i, m, f)[0], m.float()),
            "NOT no flip",
        ),
        (lambda i, m, f: flip_both(i, m, ~f), "wrong ones were mirrored"),
    ],
    NEIGHBOR: [
        (lambda m, a, b, g: m[a:b], "in the slab or in the gap"),
        (
            lambda m, a, b, g: neighbor_masks(m, a, b, 0),
            "in the slab or in the gap",
        ),
        (
            lambda m, a, b, g: neighbor_masks(m, a, b, g + 1),
            "of two that are equally near",
        ),
        (
            lambda m, a, b, g: neighbor_masks(m.flip(0), a, b, g),
            "NOT",
        ),
        (
            lambda m, a, b, g: neighbor_masks(m, a, b, g)[0],
            "One mask for each",
        ),
        (
            lambda m, a, b, g: neighbor_masks(m, a, b, g).float(),
            "whole numbers",
        ),
        (
            lambda m, a, b, g: (
                m[a - g - 1].expand(b - a, -1, -1)
                if a > g
                else m[b + g].expand(b - a, -1, -1)
            ),
            "of two that are equally near",
        ),
    ],
    DICE: [
        (dice_loss_of_all, "that the target does not have"),
        (dice_of_answers, "has no gradient"),
        (lambda s, t: dice_loss_smoothed(s, t, 1.0), "1e-6 at most"),
        (lambda s, t: dice_loss_smoothed(s, t, 1e-2), "1e-6 at most"),
        (with_detached_sizes, "A part of the gradient is cut off"),
        (lambda s, t: 1 - dice_loss(s, t), "not right"),
        (lambda s, t: dice_loss(s, t).detach(), "has no gradient"),
        (lambda s, t: dice_loss(s, t).item(), "A tensor with one number"),
        (lambda s, t: F.cross_entropy(s, t), "NOT random scores"),
        (lambda s, t: torch.tensor(float("nan")), "divided by zero"),
        (lambda s, t: (s * 0).sum(), "NOT random scores"),
    ],
}
