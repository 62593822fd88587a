"""``python -m sevenlessons train``: a model from pictures of your own.

torch is loaded when it is needed: the other commands work without it.
"""

import argparse
from pathlib import Path

from .tasks import add_segmentation, run_task

__all__ = ["add_train_command", "run_train"]

_DESCRIPTION = """\
Train a U-Net that gives each pixel a class, on any folder of pictures and
any folder of masks. A mask is a gray picture whose values are class numbers.
Pictures and masks are matched by name; what has no partner is an error.
"""
_EPILOG = """\
written to --out, which must not be there yet:
  model.safetensors, segmenter.json   the model; `predict segmentation` opens
  metrics.json                        all numbers, with the baselines'
  overlays.html, overlays/            validation pictures with their masks

The best epoch is chosen on the validation pairs, so its numbers are a little
too good: judge the model on others. The test pairs of a --folder choose
nothing, and are measured at the end.

Ctrl+C ends the training and writes the best model so far. The model is
written first: another Ctrl+C leaves out scores and pictures.

examples:
  python -m sevenlessons train segmentation --images photos --masks masks
  python -m sevenlessons train segmentation --folder CamVid --size 480
  python -m sevenlessons train segmentation --images photos --masks masks \\
      --codes codes.txt --void Void --split last --out streets
"""


def add_train_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    """Add ``train`` to the commands of a parser."""
    task = add_segmentation(
        commands,
        "train",
        "train a model on pictures of your own",
        _DESCRIPTION,
        _EPILOG,
    )
    _add_data(task.add_argument_group("data"))
    _add_training(task.add_argument_group("training"))
    task.set_defaults(run=run_train)


def _add_data(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--images", type=Path, metavar="DIR", help="pictures")
    group.add_argument("--masks", type=Path, metavar="DIR", help="masks")
    group.add_argument(
        "--folder",
        type=Path,
        metavar="DIR",
        help="instead: images/ and labels/, or train/ and trainannot/",
    )
    group.add_argument(
        "--codes",
        type=Path,
        metavar="FILE",
        help="a class name a line; the first is class 0",
    )
    group.add_argument(
        "--colors",
        type=Path,
        metavar="FILE",
        help="for masks in colors: lines such as '64 128 64 tree'",
    )
    group.add_argument(
        "--void",
        metavar="CLASS",
        help="name or number that means: nobody knows",
    )
    group.add_argument(
        "--suffix",
        metavar="TEXT",
        help="what names of masks have more, such as _P (default: find out)",
    )
    group.add_argument(
        "--valid-list",
        type=Path,
        metavar="FILE",
        help="names of the validation pictures, one a line",
    )
    group.add_argument(
        "--valid-share",
        type=float,
        default=0.2,
        metavar="SHARE",
        help="share of the pairs to judge by (default: %(default)s)",
    )
    group.add_argument(
        "--split",
        choices=("random", "last"),
        default="random",
        help="which ones; take the last for frames of a video, whose "
        "neighbors are near copies (default: %(default)s)",
    )


def _add_training(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--size",
        default="256",
        help="longer side in pixels, or HEIGHTxWIDTH (default: %(default)s)",
    )
    group.add_argument(
        "--epochs",
        type=int,
        default=12,
        metavar="N",
        help="passes over the pictures, all phases together "
        "(default: %(default)s)",
    )
    group.add_argument(
        "--batch-size",
        type=int,
        default=8,
        metavar="N",
        help="pictures a step (default: %(default)s)",
    )
    group.add_argument(
        "--lr",
        type=float,
        default=3e-3,
        metavar="RATE",
        help="highest learning rate of the decoder; the encoder's are "
        "smaller (default: %(default)s)",
    )
    group.add_argument(
        "--encoder",
        default="mobilenet_v2",
        help="mobilenet_v2, squeezenet_1_1, efficientnet_lite0, resnet18, "
        "resnet34, resnet50 (default: %(default)s)",
    )
    group.add_argument(
        "--no-pretrained",
        action="store_true",
        help="start the encoder with random weights",
    )
    group.add_argument(
        "--no-augment",
        action="store_true",
        help="no random flips, turns, zooms and light",
    )
    group.add_argument("--device", help="default: cuda if there, else cpu")
    group.add_argument(
        "--seed",
        type=int,
        default=0,
        metavar="N",
        help="the same seed draws the same (default: %(default)s)",
    )
    group.add_argument(
        "--out",
        type=Path,
        default=Path("segmenter"),
        metavar="DIR",
        help="a folder that is not there yet, or empty (default: %(default)s)",
    )


def run_train(options: argparse.Namespace) -> int:
    """Do what the options of ``train`` say; return the exit status."""
    return run_task("segmentation_run", "train", options)
