"""``python -m sevenlessons pretrain``: a model of language on general text.

torch is loaded when it is needed: the other commands work without it.
"""

import argparse
from pathlib import Path

from .tasks import run_task

__all__ = ["add_pretrain_command", "run_pretrain"]

_DESCRIPTION = """\
Train a model of language (AWD-LSTM) on the news articles of the book, or on
text of your own. What counting alone reaches is printed beside it.
"""
_EPILOG = """\
written to --out, which must not hold other files:
  encoder.safetensors                 the weights
  encoder.json                        vocabulary, sizes, and the receipt:
                                      text, settings, seed, scores, time

Ctrl+C ends the training and writes the model so far.

examples:
  python -m sevenlessons pretrain language
  python -m sevenlessons pretrain language --epochs 1 --hidden 128
  python -m sevenlessons pretrain language --text letters --out letters-model
"""
_NUMBERS = {
    "epochs": (3, "passes over the text"),
    "embedding": (128, "width of a word's vector"),
    "hidden": (256, "width of the inner layers"),
    "layers": (2, "LSTM layers"),
    "words": (8000, "size of the vocabulary, at most"),
    "batch-size": (32, "texts that are read side by side"),
    "length": (35, "words of each in a batch"),
    "seed": (0, "the same seed draws the same"),
}


def add_pretrain_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    """Add ``pretrain`` to the commands of a parser."""
    parser = commands.add_parser(
        "pretrain", help="train a model of language on general text"
    )
    tasks = parser.add_subparsers(title="tasks", metavar="TASK", dest="task")

    def show(options: argparse.Namespace) -> int:
        parser.print_help()
        return 2

    parser.set_defaults(run=show)
    task = tasks.add_parser(
        "language",
        help="what word comes next",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for name, (default, about) in _NUMBERS.items():
        task.add_argument(
            f"--{name}",
            type=int,
            default=default,
            metavar="N",
            help=f"{about} (default: %(default)s)",
        )
    task.add_argument(
        "--lr",
        type=float,
        default=5e-3,
        metavar="RATE",
        help="highest learning rate (default: %(default)s)",
    )
    task.add_argument(
        "--text",
        type=Path,
        metavar="DIR",
        help="a folder of .txt files in UTF-8 (default: the news articles)",
    )
    task.add_argument(
        "--half",
        action="store_true",
        help="write the weights with 16 bits each",
    )
    task.add_argument("--device", help="default: cuda if there, else cpu")
    task.add_argument(
        "--out",
        type=Path,
        default=Path("language-model"),
        metavar="DIR",
        help="a folder that is not there yet (default: %(default)s)",
    )
    task.set_defaults(run=run_pretrain)


def run_pretrain(options: argparse.Namespace) -> int:
    """Do what the options of ``pretrain`` say; return the exit status."""
    return run_task("pretrain_run", "pretrain_language", options)
