"""What ``train segmentation`` leaves behind: the model first.

Hours of training must not be lost because a picture could not be drawn: the
model is written before anything is measured, and what fails later is told.
"""

import argparse
import gc
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from sevenlessons.data.mask_items import MaskItems
from sevenlessons.deploy.segmenter_files import save_segmenter

from .segmentation_data import MaskData
from .segmentation_report import (
    FEW,
    Scores,
    measure,
    score_table,
    write_overlays,
    write_scores,
)

__all__ = ["write_results"]

_CHOSEN = (
    "The epoch was chosen on these very pictures, so the numbers are a little "
    "too good; judge the model on others."
)


def write_results(
    folder: Path, data: MaskData, trained: Any, options: argparse.Namespace
) -> int:
    """Write the model, then its scores beside the baselines', then pictures.

    Parameters
    ----------
    folder
        New and empty.
    data
        What it was trained on.
    trained
        A `TrainedSegmenter`.
    options
        Of the command.

    Returns
    -------
    int
        0 if all of it worked. If not, the reason was printed, and the model
        is there all the same: 130 for Ctrl+C, else 1.

    """
    facts = {
        "seed": options.seed,
        "train_pairs": len(data.train),
        "valid_pairs": len(data.valid),
        "notes": list(data.notes),
        "stopped": trained.stopped,
        "mean_iou": trained.best["valid_mean_iou"],
        "chosen": _CHOSEN,
    }
    if facts["mean_iou"] != facts["mean_iou"]:  # nan
        facts["mean_iou"] = None
    try:
        save_segmenter(trained.segmenter, folder, facts=facts)
    except KeyboardInterrupt:  # it is a matter of a second: finish it
        save_segmenter(trained.segmenter, folder, facts=facts)
    found: dict[str, Any] = {}
    return _tried(
        "its scores",
        lambda: found.update(_scores(folder, data, trained, options, facts)),
    ) or _tried(
        "the pictures with masks",
        lambda: write_overlays(
            folder,
            **found,
            names=[_readable(pair.name) for pair in data.valid.pairs],
            classes=data.classes,
            void=data.void,
        ),
    )


def _tried(what: str, work: Callable[[], Any]) -> int:
    """Do it; tell of whatever happens, and go on."""
    try:
        work()
    except KeyboardInterrupt:
        print(f"stopped: the model is written, {what} are not")
        return 130
    except Exception as error:
        kind = type(error).__name__
        print(f"the model is written, {what} are not: {str(error) or kind}")
        return 1
    return 0


def _scores(
    folder: Path,
    data: MaskData,
    trained: Any,
    options: argparse.Namespace,
    facts: dict[str, Any],
) -> dict[str, Tensor]:
    """Measure on all pairs that judge; return what can be drawn."""
    gc.collect()  # the pictures of the training
    segmenter = trained.segmenter
    sets = {"validation": data.valid, "test": data.test}
    found: dict[str, Tensor] = {}
    told: dict[str, Any] = {"test": {}}
    for what, items in sets.items():
        if items is None:
            continue
        images, truth = items.resized(segmenter.size).stacked()
        predicted = _answers(segmenter, images, options.batch_size)
        scores = _beside(data, segmenter, images, predicted, truth)
        size = "{} x {}".format(*segmenter.size)
        print(f"\n{len(truth)} {what} pictures, {size} pixels:")
        _tell(scores, data)
        if what == "test":
            print("These pictures chose nothing: this is what to expect.")
            told["test"] = scores
            continue
        print(_CHOSEN)
        _advise(scores, data, options)
        told["scores"] = scores
        found = {"images": images, "predicted": predicted, "truth": truth}
    write_scores(
        folder / "metrics.json",
        facts
        | {
            "mean_iou": told["scores"]["U-Net"]["mean_iou"],
            "classes": list(data.classes),
            "void": data.void,
            "size": list(segmenter.size),
            "encoder": options.encoder,
            "valid": [pair.name for pair in data.valid.pairs],
            **told,
            "epochs": list(trained.rows),
        },
    )
    return found


def _answers(segmenter: Any, images: Tensor, batch_size: int) -> Tensor:
    """Return the answers in as few bytes as they need."""
    kind = torch.uint8 if len(segmenter.classes) <= 256 else torch.int64
    parts = [
        segmenter.answers(part, batch_size).to(kind)
        for part in images.split(batch_size)
    ]
    return torch.cat(parts)


def _beside(
    data: MaskData,
    segmenter: Any,
    images: Tensor,
    predicted: Tensor,
    truth: Tensor,
) -> dict[str, Scores]:
    """Return the scores of the model and of three baselines."""
    baselines = importlib.import_module("sevenlessons.vision.mask_baselines")
    count, void = len(data.classes), data.void
    learned: MaskItems = data.train.resized(segmenter.size)
    known = baselines.baseline_answers(*learned.stacked(), images, count, void)
    return {
        name: measure(answer, truth, count, void)
        for name, answer in {"U-Net": predicted, **known}.items()
    }


def _tell(scores: dict[str, Scores], data: MaskData) -> None:
    """Print the table, the interval and each class."""
    print(score_table(scores))
    interval = scores["U-Net"]["mean_iou_interval"]
    if interval is None:
        print(f"Fewer than {FEW} pictures give no interval.")
    else:
        low, high = interval
        print(f"95 % interval of its mean IoU: {low:.4f} to {high:.4f}")
    print("\nIoU of each class:")
    for name, value in zip(data.classes, scores["U-Net"]["iou"], strict=True):
        if value == value:  # nan: neither there nor answered
            print(f"  {value:.4f}  {name}")


def _advise(
    scores: dict[str, Scores], data: MaskData, options: argparse.Namespace
) -> None:
    best = max(scores, key=lambda name: scores[name]["mean_iou"])
    if best == "U-Net":
        return
    steps = -(-len(data.train) // options.batch_size)
    few = f" {steps} steps an epoch are few." if steps < 20 else ""
    print(
        f"The U-Net does not beat {best!r} yet.{few} More --epochs, a smaller "
        "--batch-size, more pairs, or a larger --size may help."
    )


def _readable(name: str) -> str:
    """Return a name that can be written as text, whatever its bytes."""
    return name.encode("utf-8", "replace").decode("utf-8")
