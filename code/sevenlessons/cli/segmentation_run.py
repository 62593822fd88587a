"""``train segmentation``: prepare, train, measure, write.

The room `vision` is loaded by name, as everything here is only loaded when
somebody trains.
"""

import argparse
import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from sevenlessons.deploy.new_folder import check_free, new_folder
from sevenlessons.deploy.segmenter_files import save_segmenter
from sevenlessons.page.settings import pick_device

from .machine import available_memory
from .segmentation_data import MaskData, prepare
from .segmentation_report import (
    measure,
    score_table,
    write_overlays,
    write_scores,
)

__all__ = ["train"]


def train(options: argparse.Namespace) -> int:
    """Train as the options of ``train segmentation`` say.

    Returns
    -------
    int
        0, or 130 if Ctrl+C ended the training early.

    Raises
    ------
    ValueError, OSError
        If options or data are wrong: before anything is trained.

    """
    check_free(options.out)
    _check_numbers(options)
    device = options.device or pick_device()
    data = prepare(options)
    _tell_data(data)
    _check_memory(data)
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
    with new_folder(options.out) as folder:  # refuses what cannot be written
        trained = recipe.train_segmenter(
            model,
            data.train,
            data.valid,
            classes=data.classes,
            phases=plan,
            settings=settings,
            on_epoch=_Progress(),
        )
        if trained.stopped:
            print(
                f"{trained.stopped}: writing the best model so far", flush=True
            )
        _write(folder, data, trained, options)
    print(f"wrote {options.out}; open {options.out / 'overlays.html'}")
    return 130 if "keyboard" in trained.stopped else 0


def _check_numbers(options: argparse.Namespace) -> None:
    if options.epochs < 1:
        raise ValueError(f"--epochs must be at least 1, got {options.epochs}")
    if options.batch_size < 1:
        raise ValueError(
            f"--batch-size must be at least 1, got {options.batch_size}"
        )
    if not 0 < options.lr <= 1:
        raise ValueError(
            f"--lr must be above 0 and at most 1, got {options.lr}"
        )
    if options.device:
        try:
            torch.empty(0, device=options.device)
        except (RuntimeError, AssertionError) as error:
            raise ValueError(
                f"--device {options.device} cannot be used here "
                f"({str(error).splitlines()[0]}); leave it out, or take cpu"
            ) from error


def _check_memory(data: MaskData) -> None:
    """Refuse pictures that would not fit: all are kept in memory."""
    height, width = data.train.size or (0, 0)
    needed = 4 * height * width * (len(data.train) + len(data.valid))
    there = available_memory()
    if there is not None and 2 * needed > there:
        raise ValueError(
            f"all pictures together take {needed / 1e9:.1f} GB, and "
            f"{there / 1e9:.1f} GB of memory are free, of which half is "
            "needed for the training; lower --size"
        )


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
    """Prints a line an epoch."""

    def __init__(self) -> None:
        self.phase = ""
        self.epoch = 0

    def __call__(self, row: Mapping[str, Any]) -> None:
        if row["phase"] != self.phase:
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


def _write(
    folder: Path, data: MaskData, trained: Any, options: argparse.Namespace
) -> None:
    """Measure the kept model beside the baselines, and write everything."""
    segmenter = trained.segmenter
    images, truth = data.valid.resized(segmenter.size).stacked()
    predicted = segmenter.answers(images, options.batch_size)
    count, void = len(data.classes), data.void
    seen = data.train.resized(segmenter.size).stacked()
    known = _load("mask_baselines").baseline_answers
    answers = {"U-Net": predicted, **known(*seen, images, count, void)}
    scores = {
        name: measure(answer, truth, count, void)
        for name, answer in answers.items()
    }
    low, high = scores["U-Net"]["mean_iou_interval"]
    print(f"\n{len(truth)} validation pictures, {_pixels(segmenter.size)}:")
    print(score_table(scores))
    if len(truth) > 1:
        print(f"95 % interval of its mean IoU: {low:.4f} to {high:.4f}")
    else:
        print("One picture alone gives no interval; judge by more of them.")
    print("\nIoU of each class:")
    for name, value in zip(data.classes, scores["U-Net"]["iou"], strict=True):
        if value == value:  # nan: neither there nor answered
            print(f"  {value:.4f}  {name}")
    best = max(scores, key=lambda name: scores[name]["mean_iou"])
    if best != "U-Net":
        print(
            f"The U-Net does not beat {best!r} yet: more epochs, more pairs, "
            "or a larger --size may help."
        )
    facts = {
        "seed": options.seed,
        "train_pairs": len(data.train),
        "valid_pairs": len(data.valid),
        "notes": list(data.notes),
        "stopped": trained.stopped,
        "mean_iou": scores["U-Net"]["mean_iou"],
    }
    save_segmenter(segmenter, folder, facts=facts)
    write_scores(
        folder / "metrics.json",
        facts
        | {
            "classes": list(data.classes),
            "void": void,
            "size": list(segmenter.size),
            "encoder": options.encoder,
            "valid": [pair.name for pair in data.valid.pairs],
            "scores": scores,
            "epochs": list(trained.rows),
        },
    )
    write_overlays(
        folder,
        images,
        predicted,
        truth,
        names=[pair.name for pair in data.valid.pairs],
        classes=data.classes,
        void=void,
    )


def _pixels(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]} pixels"
