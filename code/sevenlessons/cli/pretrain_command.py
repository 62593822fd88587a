"""``python -m sevenlessons pretrain``: models of language, in two steps.

torch is loaded when it is needed: the other commands work without it.
"""

import argparse
from pathlib import Path

from .tasks import run_task

__all__ = [
    "add_pretrain_command",
    "run_pretrain",
    "run_pretrain_reviews",
]

_DESCRIPTION = """\
Train a model of language (AWD-LSTM) on the news articles of the book, or on
text of your own. What counting alone reaches is printed beside it.
"""
_REVIEWS = """\
Let a model of language read on: the film sentences of the training part. The
sentences that the book keeps for validation and testing are not read.
"""
_WRITTEN = """\
written to --out, which must not hold other files:
  encoder.safetensors                 the weights
  encoder.json                        vocabulary, sizes, and the receipt:
                                      text, settings, seed, scores, time

Ctrl+C ends the training and writes the model so far.

examples:
"""
_EXAMPLES = """\
  python -m sevenlessons pretrain language
  python -m sevenlessons pretrain language --epochs 1 --hidden 128
  python -m sevenlessons pretrain language --text letters --out letters-model
"""
_REVIEWS_EXAMPLES = """\
  python -m sevenlessons pretrain reviews
  python -m sevenlessons pretrain reviews --from language-model --half
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
_REVIEWS_NUMBERS = {
    "epochs": (6, "passes in which all layers learn"),
    "frozen-epochs": (1, "passes before that, recurrent layers frozen"),
    "min-count": (3, "a word needs so many places to get a row"),
    "batch-size": (24, "texts that are read side by side"),
    "length": (30, "words of each in a batch"),
    "seed": (0, "the same seed draws the same"),
}


def add_pretrain_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    """Add ``pretrain`` to the commands of a parser."""
    parser = commands.add_parser("pretrain", help="train a model of language")
    tasks = parser.add_subparsers(title="tasks", metavar="TASK", dest="task")

    def show(options: argparse.Namespace) -> int:
        parser.print_help()
        return 2

    parser.set_defaults(run=show)
    task = _add_task(
        tasks,
        "language",
        "general text: what word comes next",
        _DESCRIPTION,
        _EXAMPLES,
        _NUMBERS,
    )
    _add_common(task, lr=5e-3, out="language-model")
    task.add_argument(
        "--text",
        type=Path,
        metavar="DIR",
        help="a folder of .txt files in UTF-8 (default: the news articles)",
    )
    task.set_defaults(run=run_pretrain)
    task = _add_task(
        tasks,
        "reviews",
        "read on: the film sentences of the training part",
        _REVIEWS,
        _REVIEWS_EXAMPLES,
        _REVIEWS_NUMBERS,
    )
    _add_common(task, lr=4e-3, out="reviews-model")
    task.add_argument(
        "--from",
        type=Path,
        dest="start",
        metavar="DIR",
        help="a model that `pretrain language` wrote (default: the general "
        "one in the package)",
    )
    task.add_argument(
        "--dropout",
        type=float,
        default=1.0,
        metavar="FACTOR",
        help="on the five base values of dropout (default: %(default)s)",
    )
    task.set_defaults(run=run_pretrain_reviews)


def run_pretrain(options: argparse.Namespace) -> int:
    """Do what the options of ``pretrain language`` say; return the status."""
    return run_task("pretrain_run", "pretrain_language", options)


def run_pretrain_reviews(options: argparse.Namespace) -> int:
    """Do what the options of ``pretrain reviews`` say; return the status."""
    return run_task("pretrain_reviews", "pretrain_reviews", options)


def _add_task(
    tasks: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    about: str,
    description: str,
    examples: str,
    numbers: dict[str, tuple[int, str]],
) -> argparse.ArgumentParser:
    task = tasks.add_parser(
        name,
        help=about,
        description=description,
        epilog=_WRITTEN + examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for option, (default, meaning) in numbers.items():
        task.add_argument(
            f"--{option}",
            type=int,
            default=default,
            metavar="N",
            help=f"{meaning} (default: %(default)s)",
        )
    return task


def _add_common(task: argparse.ArgumentParser, *, lr: float, out: str) -> None:
    task.add_argument(
        "--lr",
        type=float,
        default=lr,
        metavar="RATE",
        help="highest learning rate (default: %(default)s)",
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
        default=Path(out),
        metavar="DIR",
        help="a folder that is not there yet (default: %(default)s)",
    )
