import argparse
import io
import sys
from types import SimpleNamespace

import pytest

from sevenlessons.cli import tasks
from sevenlessons.cli.tasks import add_segmentation, run_task


@pytest.fixture
def work(monkeypatch):
    """Let a function of ours be the work; return how to run it."""

    def run(function):
        module = SimpleNamespace(work=function)
        monkeypatch.setattr(
            tasks.importlib, "import_module", lambda name: module
        )
        return run_task("any", "work", argparse.Namespace())

    return run


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "too little memory"),
        (ValueError("a sentence"), "a sentence"),
        (FloatingPointError("the loss is nan"), "the loss is nan"),
    ],
)
def test_what_goes_wrong_is_a_sentence(work, capsys, error, words):
    def fail(options):
        raise error

    assert work(fail) == 1
    assert words in capsys.readouterr().out
    assert work(lambda options: 7) == 7


def test_letters_that_the_terminal_lacks_cost_nothing(work, monkeypatch):
    for encoding in ("ascii", "utf-8"):
        stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        monkeypatch.setattr(sys, "stdout", stream)
        assert work(lambda options: print("x\udce9\xa0%") or 0) == 0
        stream.flush()
        assert stream.buffer.getvalue().startswith(b"x?")


def test_the_help_of_a_command_without_a_task(capsys):
    commands = argparse.ArgumentParser().add_subparsers()
    add_segmentation(commands, "try", "to try", "text")
    options = commands.choices["try"].parse_args([])
    assert options.run(options) == 2
    assert "segmentation" in capsys.readouterr().out
