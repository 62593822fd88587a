"""Fine-tune the late blocks of a body, with every habit of it a switch.

A `TuningPlan` says which habits are on; `fine_tune` follows it. Plans that
differ in one switch, run from the same seed, show what that switch is worth.
The early blocks of the body stay frozen, and their maps are computed once.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.training.callbacks import Callback
from sevenlessons.training.freezing import unfreeze
from sevenlessons.training.learner import Learner
from sevenlessons.training.norm_statistics import remeasure_statistics
from sevenlessons.training.rates import parameter_groups
from sevenlessons.training.schedules import LRScheduler, one_cycle
from sevenlessons.training.thawing import Thaw

from .backbones import Backbone
from .heads import last_layer, make_head
from .recipes import seeded
from .transfer import FixedScales, FrozenBatchNorm, TransferModel
from .tuning_plan import TuningPlan
from .views import RandomView

__all__ = ["body_norms", "fine_tune", "new_model"]


def body_norms(model: TransferModel) -> list[nn.BatchNorm2d]:
    """Return the batch norms of the body, early to late.

    Examples
    --------
    >>> from sevenlessons.vision.backbones import load_backbone
    >>> body = load_backbone("mobilenet_v2", pretrained=False)
    >>> len(body_norms(TransferModel(body, nn.Identity())))
    52

    """
    modules = model.backbone.modules()
    return [m for m in modules if isinstance(m, nn.BatchNorm2d)]


def new_model(
    late: Backbone, num_classes: int, plan: TuningPlan, *, seed: int = 0
) -> TransferModel:
    """Return a copy of the late blocks under a new head, as the plan says.

    Parameters
    ----------
    late
        Blocks that may learn, from `split_backbone`; left as they are.
    num_classes
        Scores a picture.
    plan
        Says which head, how many layer groups, and whether the scales of
        the body's batch norms may learn.
    seed
        Of the head's first weights.

    Examples
    --------
    >>> from sevenlessons.vision.backbones import load_backbone
    >>> body = load_backbone("mobilenet_v2", pretrained=False)
    >>> from sevenlessons.vision.tuning_plan import TuningPlan
    >>> model = new_model(body, 5, TuningPlan((1e-4, 1e-3)))
    >>> model.eval()(torch.zeros(1, 3, 64, 64)).shape
    torch.Size([1, 5])

    """
    build = make_head if plan.large_head else last_layer
    head = build(late.out_channels, num_classes, seed=seed)
    model = TransferModel(copy.deepcopy(late), head, num_groups=len(plan.lrs))
    # quicker on a CPU; the numbers are the same
    return model.to(memory_format=torch.channels_last)


def fine_tune(
    late: Backbone,
    maps: Tensor,
    target: Tensor,
    num_classes: int,
    plan: TuningPlan,
    *,
    stored: Tensor | None = None,
    batch_size: int = 32,
    weight_decay: float = 0.05,
    callbacks: Sequence[Callback] = (),
    seed: int = 0,
) -> TransferModel:
    """Train late blocks and a new head as the plan says; return both.

    AdamW, one cycle of the rates, each epoch a random view of each photo.

    Parameters
    ----------
    late
        Blocks that may learn; a copy of them is trained.
    maps
        What the early blocks make of each view of each photo, from
        `view_features` with ``pool="none"``, shape ``(N, V, C, h, w)``. The
        training runs on their device.
    target
        Class numbers, shape ``(N,)``.
    num_classes
        Scores a picture.
    plan
        Which switches are on.
    stored
        What `late` makes of `maps`, shape ``(N, V, C, h, w)``: needed for a
        plan with `head_epochs`; on the device of `maps`.
    batch_size, weight_decay
        Photos a step; decoupled decay of the weights.
    callbacks
        Passed to the `Learner` of the epochs in which the body learns.
    seed
        Decides the head's first weights, the order, the views and dropout.

    Raises
    ------
    ValueError
        If `maps` has another shape, or `stored` is missing.

    Examples
    --------
    >>> from sevenlessons.vision.backbones import load_backbone
    >>> from sevenlessons.vision.backbones import split_backbone
    >>> body = load_backbone("mobilenet_v2", pretrained=False)
    >>> late = split_backbone(body, 17)[1]
    >>> maps, target = torch.randn(4, 2, 160, 2, 2), torch.tensor([0, 1] * 2)
    >>> from sevenlessons.vision.tuning_plan import TuningPlan
    >>> plan = TuningPlan((1e-4, 1e-3), epochs=1)
    >>> fine_tune(late, maps, target, 2, plan, batch_size=4).training
    True

    """
    if maps.ndim != 5 or len(maps) != len(target):
        raise ValueError(
            "expected maps of shape (N, V, C, h, w) and one target a photo, "
            f"got {tuple(maps.shape)} and {tuple(target.shape)}; see "
            'view_features(..., pool="none")'
        )
    if plan.head_epochs and stored is None:
        raise ValueError(
            "a plan with head_epochs needs stored, what the late blocks make "
            "of maps; see cached_features"
        )
    device = maps.device
    model = new_model(late, num_classes, plan, seed=seed).to(device)

    def fit(
        learning: nn.Module,
        inputs: Tensor,
        groups: list[dict[str, object]],
        epochs: int,
        extra: Sequence[Callback] = (),
    ) -> TensorLoader:
        loader = TensorLoader(
            inputs,
            target.to(device),
            batch_size=batch_size,
            shuffle=True,
            drop_last=len(target) > batch_size,
            seed=seed,
            transform=RandomView(),
        )
        cycle = one_cycle([group["lr"] for group in groups])  # type: ignore[misc]
        optimizer = torch.optim.AdamW(groups, fused=True)
        scheduler = LRScheduler(cycle, epochs * len(loader))
        with seeded(seed):  # for dropout
            Learner(
                learning,
                loader,
                None,
                cross_entropy,
                optimizer,
                callbacks=[*extra, scheduler],
                device=device,
            ).fit(epochs)
        return loader

    groups = parameter_groups(model, plan.lrs, weight_decay=weight_decay)
    if plan.head_epochs and stored is not None:
        loader = fit(model.head, stored, groups[-1:], plan.head_epochs)
        if plan.remeasured:
            with seeded(seed):
                remeasure_statistics(model.head, loader)
    if plan.epochs:
        unfreeze(model)
        policies: list[Callback] = []
        if plan.thaw:
            policies.append(Thaw(plan.thaw))
        if plan.fixed_scales:
            policies.append(FixedScales())
        if plan.fixed_statistics:
            policies.append(FrozenBatchNorm(whole_backbone=True))
        loader = fit(model, maps, groups, plan.epochs, [*policies, *callbacks])
        if plan.remeasured:
            for norm in body_norms(model):
                norm.train(not plan.fixed_statistics)
            with seeded(seed):
                remeasure_statistics(model, loader)
            model.train()
    return model
