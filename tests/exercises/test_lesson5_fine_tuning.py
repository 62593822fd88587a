"""Right and wrong answers of the page on fine-tuning."""

import copy

import torch
from torch import nn

THREE = "lesson5/three_groups"
THAW = "lesson5/thaw_for"
DRIFT = "lesson5/drifting_norms"
CUT = "lesson5/choose_cut"


def three(blocks):
    middle = len(blocks) // 2
    return blocks[:middle], blocks[middle:-1], blocks[-1:]


def three_by_ceiling(blocks):
    *body, head = blocks
    middle = -(-len(body) // 2)
    return [body[:middle], body[middle:], [head]]


def popped(blocks):
    head = blocks.pop()
    middle = (len(blocks) + 1) // 2
    return [blocks[:middle], blocks[middle:], [head]]


def floor_half(blocks):
    *body, head = blocks
    middle = len(body) // 2
    return [body[:middle], body[middle:], [head]]


def thirds(blocks):
    n = len(blocks)
    a, b = -(-n // 3), -(-2 * n // 3)
    return [blocks[:a], blocks[a:b], blocks[b:]]


def thaw(groups, epoch, more=1, forget=True, start=1):
    for place, group in enumerate(groups):
        learns = place >= len(groups) - start - more * epoch
        for parameter in group.parameters():
            parameter.requires_grad = learns
            if forget and not learns:
                parameter.grad = None
    return groups


def thaw_by_slices(groups, epoch):
    for group in groups:
        group.requires_grad_(False)
        group.zero_grad(set_to_none=True)
    for group in groups[max(0, len(groups) - 1 - epoch) :]:
        group.requires_grad_(True)
    return groups


def from_the_front(groups, epoch):
    thaw(groups[::-1], epoch)
    return groups


def one_only(groups, epoch):
    for place, group in enumerate(groups):
        group.requires_grad_(place == max(0, len(groups) - 1 - epoch))
        group.zero_grad()
    return groups


def negative_slice(groups, epoch):
    for group in groups:
        group.requires_grad_(False)
    for group in groups[-1 - epoch :]:
        group.requires_grad_(True)
    return groups


def only_weights(groups, epoch):
    thaw(groups, epoch)
    for group in groups:
        group.bias.requires_grad = False
    return groups


def never_again(groups, epoch):
    for group in groups[max(0, len(groups) - 1 - epoch) :]:
        group.requires_grad_(True)
    return groups


NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)


def drift(model, training=True, tracked=True, frozen=True, kinds=NORMS):
    return [
        name
        for name, m in model.named_modules()
        if isinstance(m, kinds)
        and (m.training or not training)
        and (getattr(m, "running_mean", None) is not None or not tracked)
        and (not any(p.requires_grad for p in m.parameters()) or not frozen)
    ]


def drift_by_trial(model):
    tried = copy.deepcopy(model)
    with torch.no_grad():
        tried(torch.randn(8, 3, 2, 2))
    names = []
    for name, m in model.named_modules():
        if getattr(m, "running_mean", None) is None:
            continue
        same = torch.equal(
            m.running_mean, tried.get_submodule(name).running_mean
        )
        if not same and not any(p.requires_grad for p in m.parameters()):
            names.append(name)
    return set(names)


def drift_with_affine(model):
    return [n for n in drift(model) if model.get_submodule(n).affine]


def drift_any_frozen(model):
    return [
        name
        for name, m in model.named_modules()
        if isinstance(m, NORMS)
        and m.training
        and m.track_running_stats
        and not all(p.requires_grad for p in m.parameters())
    ]


def drift_by_model_mode(model):
    return drift(model, training=False) if model.training else []


def cut(
    features,
    target,
    folds,
    errors=1.0,
    root=True,
    pick=min,
    rows="learn",
    spread=True,
    pooled=False,
    own=False,
    classes=None,
):
    scores = {}
    for depth, x in features.items():
        found = []
        for learn, judge in folds:
            at = learn if rows == "learn" else judge
            if rows == "all":
                at = torch.cat([learn, judge])
            kinds = target[at].unique()
            if classes == "all":  # a class without rows has NaN for a mean
                kinds = target.unique()
            centers = torch.stack(
                [x[at][target[at] == k].mean(0) for k in kinds]
            )
            guess = kinds[torch.cdist(x[judge], centers).argmin(1)]
            found.append((guess == target[judge]).double())
        scores[depth] = (
            torch.cat(found).mean()[None].repeat(len(folds))
            if pooled
            else torch.stack([one.mean() for one in found])
        )
    means = {d: s.mean().item() for d, s in scores.items()}
    best = max(means, key=means.get)
    near = []
    for depth in means:
        error = scores[depth if own else best].std(correction=int(spread))
        error = errors * error.item() / (len(folds) ** 0.5 if root else 1)
        if means[depth] >= means[best] - error:
            near.append(depth)
    return pick(near), means


def cut_by_loop(features, target, folds):
    means, errors = {}, {}
    for depth in features:
        shares = []
        for learn, judge in folds:
            centers = {
                int(k): features[depth][learn[target[learn] == k]].mean(0)
                for k in target[learn].unique()
            }
            right = 0
            for row in judge.tolist():
                near = min(
                    centers,
                    key=lambda k: float(
                        (centers[k] - features[depth][row]).norm()
                    ),
                )
                right += near == int(target[row])
            shares.append(right / len(judge))
        one = torch.tensor(shares, dtype=torch.float64)
        means[depth] = float(one.mean())
        errors[depth] = float(one.std()) / len(folds) ** 0.5
    best = max(means, key=lambda d: means[d])
    for depth in sorted(features):
        if means[depth] >= means[best] - errors[best]:
            return depth, means


RIGHT = {
    THREE: [three, three_by_ceiling],
    THAW: [thaw, thaw_by_slices],
    DRIFT: [drift, drift_by_trial],
    CUT: [cut, cut_by_loop],
}
WRONG = {
    THREE: [
        (floor_half, "one more"),
        (thirds, "the last group to itself"),
        (popped, "has changed"),
        (lambda b: [b[:-1], b[-1:]], "Each block belongs"),
        (lambda b: three(b)[::-1], "in order"),
        (lambda b: [*three(b)[:2], b[-1]], "three lists"),
        (lambda b: [b, b, b], "Each block belongs"),
        (lambda b: [[], [], []], "Each block belongs"),
        (lambda b: [1, 2, 3], "three lists"),
    ],
    THAW: [
        (lambda g, e: thaw(g, e, forget=False), "set `grad` to None"),
        (lambda g, e: thaw(g, e, start=0), "tensors that changed"),
        (lambda g, e: thaw(g, e, start=2), "tensors that changed"),
        (lambda g, e: thaw(g, e, more=2), "tensors that changed"),
        (lambda g, e: thaw(g, e, more=0), "tensors that changed"),
        (from_the_front, "tensors that changed"),
        (one_only, "tensors that changed"),
        (negative_slice, "set `grad` to None"),
        (only_weights, "both tensors learn"),
        (never_again, "tensors that changed"),
        (lambda g, e: g, "tensors that changed"),
    ],
    DRIFT: [
        (lambda m: drift(m, training=False), "by running a batch"),
        (lambda m: drift(m, tracked=False), "by running a batch"),
        (lambda m: drift(m, frozen=False), "none of its parameters"),
        (lambda m: drift(m, kinds=nn.BatchNorm2d), "by running a batch"),
        (lambda m: drift(m, kinds=nn.BatchNorm1d), "by running a batch"),
        (lambda m: drift(m, kinds=nn.Module, tracked=False), "NOT"),
        (drift_with_affine, "without parameters"),
        (drift_any_frozen, "none of its parameters"),
        (drift_by_model_mode, "in training mode itself"),
        (lambda m: [], "by running a batch"),
        (lambda m: "body.frozen", "not one text"),
    ],
    CUT: [
        (lambda *a: cut(*a, errors=0.0), "within one standard error"),
        (lambda *a: cut(*a, errors=2.0), "within one standard error"),
        (lambda *a: cut(*a, spread=False), "within one standard error"),
        (lambda *a: cut(*a, root=False), "within one standard error"),
        (lambda *a: cut(*a, own=True), "within one standard error"),
        (lambda *a: cut(*a, pick=lambda d: d[0]), "within one standard"),
        (lambda *a: cut(*a, classes="all"), "a class that only one fold"),
        (lambda *a: cut(*a, pick=max), "NOT"),
        (lambda *a: cut(*a, rows="all"), "learning rows alone"),
        (lambda *a: cut(*a, rows="judge"), "learning rows alone"),
        (lambda *a: cut(*a, pooled=True), "each fold counts the same"),
        (lambda *a: cut(*a)[0], "two things"),
        (lambda f, t, b: (min(f), cut(f, t, b)[1]), "NOT"),
        (lambda f, t, b: (max(f), cut(f, t, b)[1]), "NOT"),
    ],
}
