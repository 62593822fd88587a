"""``train segmentation``: prepare, train, measure, write.

The room `vision` is loaded by name, as everything here is only loaded when
somebody trains.
"""

import argparse
import importlib
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from sevenlessons.deploy.new_folder import check_free, new_folder
from sevenlessons.page.settings import pick_device

from .segmentation_checks import check_memory, check_options
from .segmentation_data import MaskData, prepare
from .segmentation_write import write_results

__all__ = ["train"]


def train(options: argparse.Namespace) -> int:
    """Train as the options of ``train segmentation`` say.

    Returns
    -------
    int
        0; 130 if Ctrl+C ended the training early; 1 if the model is written
        but not all that belongs to it.

    Raises
    ------
    ValueError, OSError
        If options or data are wrong: before anything is trained.

    """
    check_free(options.out)
    check_options(options)
    device = options.device or pick_device()
    data = prepare(options)
    _tell_data(data)
    check_memory(data)
    phases, recipe = (
        _load(f"segmentation_{part}") for part in ("phases", "recipe")
    )
    size = data.train.size or (256, 256)
    plan = phases.plan_phases(size, options.epochs)
    model = _model(options, len(data.classes))
    settings = phases.TrainingSettings(
        void=data.void,
        batch_size=options.batch_size,
        lr=options.lr,
        transforms=[] if options.no_augment else _transforms(),
        seed=options.seed,
        device=device,
    )
    steps = -(-len(data.train) // options.batch_size)
    print(f"{options.epochs} epochs of {steps} steps", flush=True)
    with new_folder(options.out) as folder:  # refuses what cannot be written
        trained = recipe.train_segmenter(
            model,
            data.train,
            data.valid,
            classes=data.classes,
            phases=plan,
            settings=settings,
            on_epoch=_Progress(plan),
        )
        if trained.stopped:
            print(
                f"{trained.stopped}: writing the best model so far", flush=True
            )
        status = write_results(folder, data, trained, options)
    print(f"wrote {options.out}", end="\n" if status else "; ")
    if not status:
        print(f"open {options.out / 'overlays.html'}")
    print("Masks of new pictures, in a folder that you name:")
    model = shlex.quote(str(options.out))
    print(
        "  python -m sevenlessons predict segmentation "
        f"--model {model} --images DIR --out masks"
    )
    if "keyboard" in trained.stopped:
        return 130
    return status


def _load(part: str) -> Any:
    return importlib.import_module(f"sevenlessons.vision.{part}")


def _model(options: argparse.Namespace, num_classes: int) -> Any:
    pretrained = not options.no_pretrained
    body = _load("backbones").load_backbone(
        options.encoder, pretrained=pretrained, seed=options.seed
    )
    return _load("unet").UNet(body, num_classes, seed=options.seed)


def _transforms() -> list[Any]:
    moves, light = _load("augment"), _load("lighting")
    return [
        moves.HorizontalFlip(),
        moves.Rotate(10),
        moves.Zoom(1.1),
        light.Brightness(0.2),
        light.Contrast(0.2),
    ]


def _tell_data(data: MaskData) -> None:
    total = sum(data.counts.values())
    shares = {
        name: data.counts.get(i, 0) / total
        for i, name in enumerate(data.classes)
        if i != data.void
    }
    if data.void is not None:
        shares["void"] = data.counts.get(data.void, 0) / total
    most = sorted(shares.items(), key=lambda pair: -pair[1])
    print(f"{len(data.classes)} classes; share of all pixels:")
    for name, share in most[:12]:
        print(f"  {share:7.2%}  {name}")
    if len(most) > 12:
        print(f"  and {len(most) - 12} rarer ones")
    for note in data.notes:
        print(note)


class _Progress:
    """Prints a line an epoch, and how long a phase will take."""

    def __init__(self, plan: Sequence[Any]) -> None:
        self.phase = ""
        self.epoch = 0
        self.epochs = {phase.name: phase.epochs for phase in plan}

    def __call__(self, row: Mapping[str, Any]) -> None:
        first = row["phase"] != self.phase
        if first:
            self.phase = row["phase"]
            print(f"\n{self.phase}")
            print("epoch  train loss  valid loss  pixels right  IoU     s")
        print(
            f"{self.epoch:5}  {row['train_loss']:10.4f}  "
            f"{row['valid_loss']:10.4f}  {row['valid_accuracy']:12.4f}  "
            f"{row['valid_mean_iou']:.4f}  {row['seconds']:.1f}",
            flush=True,
        )
        self.epoch += 1
        left = (self.epochs.get(self.phase, 1) - 1) * row["seconds"]
        if first and left > 10:
            print(f"about {left:.0f} s more in this phase", flush=True)
