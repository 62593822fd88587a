"""Train a U-Net on pairs of pictures and masks: the whole recipe.

First the decoder alone, then everything with small rates for early layers;
first in half size, where a step costs a quarter, then in full size. The rate
rises for most of each phase and falls at its end: a long warm-up. What was
best on the validation pairs is kept, also if you stop the training.
"""

from __future__ import annotations

import copy
import gc
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.data.mask_items import MaskItems
from sevenlessons.training.callbacks import Callback, GradientClipping
from sevenlessons.training.freezing import freeze, unfreeze
from sevenlessons.training.learner import Learner
from sevenlessons.training.metrics import Metric
from sevenlessons.training.nan_guard import StopOnNaN
from sevenlessons.training.overlap import IoU
from sevenlessons.training.pixels import PixelAccuracy, pixel_cross_entropy
from sevenlessons.training.rates import parameter_groups
from sevenlessons.training.schedules import LRScheduler, one_cycle

from .paired import Paired
from .recipes import seeded
from .segmentation_phases import Phase, TrainingSettings
from .segmenter import Segmenter, never_void
from .transfer import FrozenBatchNorm
from .unet import UNet

__all__ = ["TrainedSegmenter", "train_segmenter"]


@dataclass(frozen=True)
class TrainedSegmenter:
    """What a training left behind.

    Parameters
    ----------
    segmenter
        The network of the best epoch, at the size of its phase.
    best
        The row of that epoch.
    rows
        One row an epoch: what was measured.
    stopped
        Why it ended early, in words; empty if it did not.

    """

    segmenter: Segmenter
    best: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]]
    stopped: str


class _NeverVoid(Metric):
    """A metric of answers among which void is not."""

    def __init__(self, metric: Metric, void: int | None) -> None:
        self.metric, self.void = metric, void
        super().__init__()

    def reset(self) -> None:
        self.metric.reset()

    def update(self, prediction: Tensor, target: Tensor) -> None:
        self.metric.update(never_void(prediction, self.void), target)

    def compute(self) -> float:
        return self.metric.compute()


class _KeepBest(Callback):
    """Remember the weights of a phase's best epoch, and tell of each."""

    def __init__(self, phase: Phase, tell: Callable[..., None]) -> None:
        self.phase, self.tell = phase, tell
        self.weights: dict[str, Tensor] = {}
        self.best: dict[str, Any] = {}
        self.rows: list[dict[str, Any]] = []
        self.began = time.monotonic()

    def on_epoch_end(self, learner: Learner) -> None:
        row: dict[str, Any] = dict(learner.history.epochs[-1])
        row |= {"phase": self.phase.name, "size": list(self.phase.size)}
        row["seconds"] = time.monotonic() - self.began
        self.began = time.monotonic()
        if not self.weights or _iou(row) > _iou(self.best):
            state = learner.model.state_dict()
            self.weights = {k: v.cpu().clone() for k, v in state.items()}
            self.best = row
        self.rows.append(row)
        self.tell(row)


def _iou(row: Mapping[str, Any]) -> float:
    """Return what the best epoch is chosen by; nan is the worst."""
    value = float(row["valid_mean_iou"])
    return -math.inf if math.isnan(value) else value


def train_segmenter(
    model: UNet,
    train: MaskItems,
    valid: MaskItems,
    *,
    classes: Sequence[str],
    phases: Sequence[Phase],
    settings: TrainingSettings | None = None,
    on_epoch: Callable[[Mapping[str, Any]], None] = lambda row: None,
) -> TrainedSegmenter:
    """Train `model` in phases; return the network of the best epoch.

    The best epoch is the one with the highest mean IoU on `valid` in the
    last phase that finished an epoch. A phase goes on from the best weights
    of the one before.

    Parameters
    ----------
    model
        Changed in place.
    train, valid
        To learn from, and to judge by.
    classes
        The name of each score.
    phases
        From `plan_phases`, or your own.
    settings
        Rates, batches and so on.
    on_epoch
        Called with each epoch's row.

    Raises
    ------
    KeyboardInterrupt
        If the training is stopped before its first epoch is finished. Later
        it ends instead, and `stopped` says so.
    FloatingPointError
        If the loss is nan before an epoch is finished; likewise.

    """
    settings = settings or TrainingSettings()
    kept: _KeepBest | None = None
    rows: list[dict[str, Any]] = []
    stopped = ""
    learner: Learner | None = None
    stacks: list[tuple[Tensor, Tensor]] = []
    for number, phase in enumerate(phases):
        keep = _KeepBest(phase, on_epoch)
        seed = settings.seed + number
        try:
            if number == 0 or phase.size != phases[number - 1].size:
                learner, stacks = None, []  # all pictures fit in once
                gc.collect()
                sized = [part.resized(phase.size) for part in (train, valid)]
                stacks = [part.stacked() for part in sized]
            learner = _learner(model, phase, stacks, settings, seed, keep)
            with seeded(seed):
                learner.fit(phase.epochs)
        except KeyboardInterrupt:
            stopped = "stopped from the keyboard"
        except FloatingPointError as error:  # the loss is nan
            if not kept and not keep.weights:
                raise
            stopped = str(error)
        rows += keep.rows
        kept = keep if keep.weights else kept
        if kept is None:
            raise KeyboardInterrupt("stopped before an epoch was finished")
        model.load_state_dict(kept.weights)
        if stopped:
            break
    if kept is None:
        raise ValueError("phases must name at least one phase, got none")
    network = copy.deepcopy(model).cpu()
    segmenter = Segmenter(network, classes, kept.phase.size, settings.void)
    return TrainedSegmenter(segmenter, kept.best, rows, stopped)


def _learner(
    model: UNet,
    phase: Phase,
    stacks: Sequence[tuple[Tensor, Tensor]],
    settings: TrainingSettings,
    seed: int,
    keep: _KeepBest,
) -> Learner:
    """Return the learner of one phase, with pictures of its size."""
    train, valid = stacks
    size, void = settings.batch_size, settings.void
    loader = TensorLoader(
        *train,
        batch_size=size,
        shuffle=True,
        # a batch of one cannot be normalized well
        drop_last=len(train[0]) % size == 1 and len(train[0]) > size,
        seed=seed,
        paired=Paired(settings.transforms, kind="mask"),
    )
    rates: float | list[float] = settings.lr
    if phase.frozen:
        freeze(model)
    else:
        unfreeze(model)
        rates = settings.rates(model.num_groups)
    lrs = [rates] * model.num_groups if isinstance(rates, float) else rates
    optimizer = torch.optim.AdamW(
        parameter_groups(model, lrs, weight_decay=settings.weight_decay)
    )
    cycle = one_cycle(lrs, pct_start=settings.pct_start)
    return Learner(
        model,
        loader,
        TensorLoader(*valid, batch_size=size),
        partial(pixel_cross_entropy, ignore_index=void),
        optimizer,
        metrics={
            "accuracy": _NeverVoid(PixelAccuracy(void), void),
            "mean_iou": _NeverVoid(IoU(ignore_index=void), void),
        },
        callbacks=[
            LRScheduler(cycle, phase.epochs * len(loader)),
            FrozenBatchNorm(whole_backbone=True),
            GradientClipping(1.0),
            StopOnNaN(),
            keep,
        ],
        device=settings.device,
    )
