"""Replay a debugger session, so that a printed page can show one.

In your own notebook you type ``%debug`` after an error and then commands.
A page has nobody to type, so `replay` types them.
"""

import io
import pdb
import sys
from types import FrameType
from typing import Any

__all__ = ["replay"]


class _Typist(io.StringIO):
    """Hands out one command after another and writes down what it types."""

    def __init__(self, commands: list[str], transcript: io.StringIO) -> None:
        super().__init__("\n".join(commands) + "\n")
        self.transcript = transcript

    def readline(  # type: ignore[override]
        self, size: int | None = -1, /
    ) -> str:
        line = super().readline(-1 if size is None else size)
        self.transcript.write(line)
        return line


class _Debugger(pdb.Pdb):
    """The debugger; places are named by function and line, not by file."""

    def print_stack_entry(
        self, frame_lineno: tuple[FrameType, int], *unused: Any
    ) -> None:
        frame, number = frame_lineno
        where = frame.f_code.co_name.replace("<module>", "the cell")
        self.message(f"> in {where}, line {number}")


def replay(commands: list[str], error: BaseException | None = None) -> None:
    """Open the debugger at an error and type `commands` into it.

    Parameters
    ----------
    commands
        What one would type: ``up``, ``down``, ``p x.shape``, ``quit``.
    error
        The error to look into; by default the last one of this session.

    Raises
    ------
    RuntimeError
        If there was no error yet.

    Examples
    --------
    >>> from sevenlessons.page.debugger import replay
    >>> def share(part, whole):
    ...     return part / whole
    >>> try:
    ...     share(3, 0)
    ... except ZeroDivisionError as error:
    ...     replay(["p part", "quit"], error)
    > in share, line 2
    ipdb> p part
    3
    ipdb> quit

    """
    error = error or getattr(sys, "last_value", None)
    if error is None or error.__traceback__ is None:
        raise RuntimeError(
            "no error to look into; run a cell that fails first, or pass "
            "the error"
        )
    typed = list(commands)
    if typed[-1:] not in (["quit"], ["q"]):
        typed.append("quit")
    transcript = io.StringIO()
    debugger = _Debugger(
        stdin=_Typist(typed, transcript), stdout=transcript, readrc=False
    )
    debugger.use_rawinput = False
    debugger.prompt = "ipdb> "  # as in a notebook, also in plain Python
    debugger.reset()
    debugger.interaction(None, error.__traceback__)  # type: ignore[arg-type]
    print(transcript.getvalue().rstrip())
