"""What the commands with tasks share: ``train`` and ``predict``.

torch is loaded when it is needed: the other commands work without it.
"""

import argparse
import importlib
import sys

__all__ = ["add_segmentation", "run_task"]


def add_segmentation(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    about: str,
    description: str,
    epilog: str | None = None,
) -> argparse.ArgumentParser:
    """Add a command with the task ``segmentation``; return its parser.

    Without a task the command prints its help.
    """
    parser = commands.add_parser(name, help=about)
    tasks = parser.add_subparsers(title="tasks", metavar="TASK", dest="task")

    def show(options: argparse.Namespace) -> int:
        parser.print_help()
        return 2

    parser.set_defaults(run=show)
    return tasks.add_parser(
        "segmentation",
        help="a class for every pixel",
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def run_task(module: str, work: str, options: argparse.Namespace) -> int:
    """Call a function of a module; say in a sentence what went wrong.

    Names of files may hold letters that the terminal cannot show: these are
    replaced, as no work may be lost for a letter.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    found = importlib.import_module(f"sevenlessons.cli.{module}")
    try:
        status: int = getattr(found, work)(options)
    except MemoryError:
        print("too little memory; take a smaller size, or fewer pictures")
        return 1
    except (OSError, ValueError, RuntimeError, ArithmeticError) as error:
        print(error)
        return 1
    return status
