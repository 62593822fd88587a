"""``python -m sevenlessons predict``: ask a model that ``train`` wrote.

torch is loaded when it is needed: the other commands work without it.
"""

import argparse
from pathlib import Path

from .tasks import add_segmentation, run_task

__all__ = ["add_predict_command", "run_predict"]

_DESCRIPTION = """\
Give each pixel of new pictures a class. --out gets masks/, gray pictures
whose values are class numbers, and overlays/, the masks over the pictures.
"""


def add_predict_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    """Add ``predict`` to the commands of a parser."""
    task = add_segmentation(
        commands, "predict", "ask a model that train wrote", _DESCRIPTION
    )
    task.add_argument(
        "--model",
        type=Path,
        required=True,
        metavar="DIR",
        help="what train segmentation wrote",
    )
    task.add_argument(
        "--images",
        type=Path,
        required=True,
        metavar="PATH",
        help="a picture, or a folder of them",
    )
    task.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="a folder that is not there yet",
    )
    task.set_defaults(run=run_predict)


def run_predict(options: argparse.Namespace) -> int:
    """Do what the options of ``predict`` say; return the exit status."""
    return run_task("segmentation_predict", "predict", options)
