"""The command line ``python -m sevenlessons``: app, data, doctor and more."""

import argparse
import sys
from collections.abc import Sequence

from sevenlessons import __version__

from .app_command import add_app_command
from .data_command import add_data_command
from .doctor import add_doctor_command
from .exercises_command import add_exercises_command
from .predict_command import add_predict_command
from .pretrain_command import add_pretrain_command
from .train_command import add_train_command

__all__ = ["main"]

_PROGRAM = "python -m sevenlessons"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Parameters
    ----------
    arguments
        What stands behind ``python -m sevenlessons``; the words of the
        real command line when None.

    Returns
    -------
    int
        0 when all went well, 1 when something failed, 2 for a wrong word,
        130 when stopped from the keyboard.

    Examples
    --------
    >>> main(["data", "mnist5k"])
    unknown data set 'mnist5k'; did you mean 'mnist_5k'? ...
    2

    """
    parser = argparse.ArgumentParser(
        prog=_PROGRAM,
        description="Companion of the book Deep Learning in Seven Lessons.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    add_app_command(commands)
    add_data_command(commands)
    add_doctor_command(commands)
    add_exercises_command(commands)
    add_predict_command(commands)
    add_pretrain_command(commands)
    add_train_command(commands)
    words = list(sys.argv[1:] if arguments is None else arguments)
    more = []
    if words[:1] == ["exercises"] and "--" in words:  # the rest is pytest's
        cut = words.index("--")
        words, more = words[:cut], words[cut + 1 :]
    options = parser.parse_args(words)
    options.more = more
    if "run" not in options:
        parser.print_help()
        return 0
    try:
        status: int = options.run(options)
    except KeyboardInterrupt:
        print("stopped")
        return 130
    return status
