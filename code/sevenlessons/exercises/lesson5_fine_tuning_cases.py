"""Cases for the checks of fine-tuning: planted norms, planted depths."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from sevenlessons.page.trial import Trial

__all__ = [
    "choose_by_folds",
    "drifting_by_trial",
    "planted_depths",
    "planted_norms",
    "random_layer",
]

Cut = tuple[dict[int, Tensor], Tensor, list[tuple[Tensor, Tensor]]]


def planted_norms(trial: Trial) -> nn.Module:
    """Return a model with one batch norm of each kind, in random order."""
    norms = {
        "frozen": nn.BatchNorm2d(3).requires_grad_(False),
        "learning": nn.BatchNorm2d(3),
        "asleep": nn.BatchNorm2d(3).requires_grad_(False),
        "plain": nn.BatchNorm2d(3, affine=False),
        "forgetful": nn.BatchNorm2d(
            3, track_running_stats=False
        ).requires_grad_(False),
        "one_sided": nn.BatchNorm2d(3),
        "group": nn.GroupNorm(1, 3).requires_grad_(False),
    }
    bias = norms["one_sided"].bias
    if isinstance(bias, Tensor):
        bias.requires_grad = False
    names = list(norms)
    trial.random.shuffle(names)
    body = nn.Sequential()
    for name in names:
        if trial.random.random() < 0.5:
            body.add_module(f"conv_{name}", nn.Conv2d(3, 3, 1))
        body.add_module(name, norms[name])
    head = nn.Sequential(
        nn.Flatten(), nn.BatchNorm1d(12).requires_grad_(False)
    )
    model = nn.Sequential()
    model.add_module("body", body)
    model.add_module("head", head)
    return model


def drifting_by_trial(model: nn.Module) -> list[str]:
    """Return names of norms without learning weights that a batch moves."""
    found = []
    buffers = {name: b.clone() for name, b in model.named_buffers()}
    with torch.no_grad():
        model(torch.randn(4, 3, 2, 2))
    after = dict(model.named_buffers())
    for name, module in model.named_modules():
        key = f"{name}.running_mean"
        if key not in after or torch.equal(after[key], buffers[key]):
            continue
        if not any(p.requires_grad for p in module.parameters()):
            found.append(name)
    with torch.no_grad():
        for name, buffer in after.items():
            buffer.copy_(buffers[name])
    return found


def planted_depths(trial: Trial, clear: bool) -> Cut:
    """Return planted features whose classes lie further apart with depth."""
    while True:
        count, classes = 90, trial.random.randint(3, 5)
        target = torch.randint(classes, (count,), generator=trial.generator)
        centers = torch.randn(classes, 6, generator=trial.generator)
        pulls = [0.2, 0.5, 1.6] if clear else [0.3, 0.75, 0.8, 0.85]
        depths = sorted(trial.random.sample(range(1, 20), len(pulls)))
        features = {
            depth: pull * centers[target]
            + torch.randn(count, 6, generator=trial.generator)
            for depth, pull in zip(depths, pulls, strict=True)
        }
        order = torch.randperm(count, generator=trial.generator)
        parts = order.split([12, 18, 15, 20, 25])
        folds = [
            (torch.cat([p for p in parts if p is not part]), part)
            for part in parts
        ]
        _, means = choose_by_folds(features, target, folds)
        scores = sorted(means.values())
        chosen, _ = choose_by_folds(features, target, folds)
        best = max(means, key=lambda d: means[d])
        # the two cases must tell a careless answer from a careful one
        if scores[-1] - scores[-2] > 0.02 and (
            chosen == best if clear else chosen != best
        ):
            break
    shuffled = list(features.items())
    trial.random.shuffle(shuffled)
    return dict(shuffled), target, folds


def choose_by_folds(
    features: dict[int, Tensor],
    target: Tensor,
    folds: Sequence[tuple[Tensor, Tensor]],
) -> tuple[int, dict[int, float]]:
    """Return the earliest depth near the best, and all means."""
    scores = {}
    for depth, rows in features.items():
        found = []
        for learn, judge in folds:
            kinds = target[learn].unique()
            centers = torch.stack(
                [rows[learn][target[learn] == kind].mean(0) for kind in kinds]
            )
            guess = kinds[torch.cdist(rows[judge], centers).argmin(1)]
            found.append((guess == target[judge]).double().mean())
        scores[depth] = torch.stack(found)
    means = {depth: one.mean().item() for depth, one in scores.items()}
    best = max(means, key=lambda depth: means[depth])
    error = scores[best].std().item() / len(folds) ** 0.5
    return min(d for d in means if means[d] >= means[best] - error), means


def random_layer(trial: Trial) -> nn.Linear:
    """Return a linear layer, its weights drawn by the trial."""
    layer = nn.Linear(3, 3)
    with torch.no_grad():
        for p in layer.parameters():
            p.copy_(torch.randn(p.shape, generator=trial.generator))
    return layer
