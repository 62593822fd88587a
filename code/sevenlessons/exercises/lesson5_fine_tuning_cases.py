"""Cases for the checks of fine-tuning: planted norms, planted depths."""

from collections.abc import Callable, Iterable, Sequence

import torch
from torch import Tensor, nn

from sevenlessons.page.trial import Trial

__all__ = [
    "choose_from",
    "cut_cases",
    "drifting_by_trial",
    "planted_depths",
    "planted_norms",
    "random_layer",
    "scores_by_folds",
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


def planted_depths(
    trial: Trial, fault: str | None = None, *, lonely: bool = False
) -> Cut:
    """Return planted features whose classes lie further apart with depth.

    With a `fault`, a name from `CUT_FAULTS`, that faulty rule chooses another
    depth than the right one; without, one depth is clearly best. A `lonely`
    class has its rows in one fold only: who judges that fold never saw it.
    """
    while True:
        count, classes = 90, trial.random.randint(3, 5)
        target = torch.randint(classes, (count,), generator=trial.generator)
        if lonely:
            last = (target == classes - 1).nonzero().flatten()
            target[last[8:]] = 0
        centers = torch.randn(classes, 6, generator=trial.generator)
        pulls = [0.2, 0.5, 1.6] if fault is None else [0.3, 0.75, 0.8, 0.85]
        depths = trial.random.sample(range(1, 20), len(pulls))
        rising = dict(zip(sorted(depths), pulls, strict=True))
        features = {  # not in order: the first is not the earliest
            depth: rising[depth] * centers[target]
            + torch.randn(count, 6, generator=trial.generator)
            for depth in depths
        }
        order = torch.randperm(count, generator=trial.generator)
        if lonely:
            order = order[(target[order] != classes - 1).argsort(stable=True)]
        parts = list(order.split([12, 18, 15, 20, 25]))
        trial.random.shuffle(parts)
        folds = [
            (torch.cat([p for p in parts if p is not part]), part)
            for part in parts
        ]
        scores = scores_by_folds(features, target, folds)
        means = sorted(float(one.mean()) for one in scores.values())
        chosen = choose_from(scores)
        if means[-1] - means[-2] > 0.02 and (
            chosen == max(scores, key=lambda d: float(scores[d].mean()))
            if fault is None
            else chosen != CUT_FAULTS[fault](scores)
        ):
            return features, target, folds


def scores_by_folds(
    features: dict[int, Tensor],
    target: Tensor,
    folds: Sequence[tuple[Tensor, Tensor]],
) -> dict[int, Tensor]:
    """Return for each depth the accuracy in each fold, nearest class mean."""
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
    return scores


def choose_from(
    scores: dict[int, Tensor],
    *,
    errors: float = 1.0,
    correction: int = 1,
    root: bool = True,
    own: bool = False,
    pick: Callable[[Iterable[int]], int] = min,
) -> int:
    """Return the earliest depth near the best; the options are faults."""
    means = {depth: one.mean().item() for depth, one in scores.items()}
    best = max(means, key=lambda depth: means[depth])

    def error(depth: int) -> float:
        one = scores[depth if own else best]
        spread = one.std(correction=correction).item()
        return errors * spread / (len(one) ** 0.5 if root else 1.0)

    return pick(d for d in means if means[d] >= means[best] - error(d))


CUT_FAULTS: dict[str, Callable[[dict[int, Tensor]], int]] = {
    "no standard error": lambda s: choose_from(s, errors=0.0),
    "two standard errors": lambda s: choose_from(s, errors=2.0),
    "a standard deviation with n": lambda s: choose_from(s, correction=0),
    "no root of the number of folds": lambda s: choose_from(s, root=False),
    "the error of each depth": lambda s: choose_from(s, own=True),
    "the first that is given": lambda s: choose_from(
        s, pick=lambda depths: next(iter(depths))
    ),
}


def cut_cases(trial: Trial) -> list[tuple[str, Cut]]:
    """Return the cases of a check, in words and planted depths."""
    return [
        ("one depth is clearly best", planted_depths(trial)),
        (
            "a class that only one fold has",
            planted_depths(trial, lonely=True),
        ),
        *(
            (
                f"depths nearly alike, not by {fault}",
                planted_depths(trial, fault),
            )
            for fault in CUT_FAULTS
        ),
    ]


def random_layer(trial: Trial) -> nn.Linear:
    """Return a linear layer, its weights drawn by the trial."""
    layer = nn.Linear(3, 3)
    with torch.no_grad():
        for p in layer.parameters():
            p.copy_(torch.randn(p.shape, generator=trial.generator))
    return layer
