"""Calls a reader's function so that nothing it does spoils the check."""

import copy
import dis
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any, cast

from .compare import same
from .wording import stopped

__all__ = ["Outcome", "attempt", "is_stub"]

SILENT = ("RESUME", "NOP", "CACHE", "COPY_FREE_VARS", "MAKE_CELL")


@dataclass(frozen=True)
class Outcome:
    """What came of one call.

    Attributes
    ----------
    value
        What was returned.
    error
        What was raised, in words; empty if nothing was.
    never_ran
        Whether the arguments did not even fit the function.
    printed
        The beginning of what was printed.
    changed
        The arguments that the function changed, by position, as they are
        afterwards.

    """

    value: Any = None
    error: str = ""
    never_ran: bool = False
    printed: str = ""
    changed: dict[int, Any] = field(default_factory=dict)


def attempt(
    function: Callable[..., Any], args: Sequence[Any], *, copied: bool = True
) -> Outcome:
    """Call a function with copies of the arguments; never raise.

    A stop from the keyboard is passed on.

    Parameters
    ----------
    function
        The reader's function.
    args
        What to call it with.
    copied
        False hands over the arguments themselves.

    Examples
    --------
    >>> from sevenlessons.page.calling import attempt
    >>> numbers = [3, 1, 2]
    >>> attempt(lambda x: x.sort(), [numbers]).changed
    {0: [1, 2, 3]}
    >>> numbers
    [3, 1, 2]

    """
    used = [_copied(arg) for arg in args] if copied else list(args)
    echo = _Echo(sys.stdout)
    try:
        with redirect_stdout(cast(Any, echo)):
            value = function(*used)
    except (Exception, SystemExit) as error:
        trace = error.__traceback__
        only_here = trace is not None and trace.tb_next is None
        return Outcome(
            error=stopped(error, function),
            never_ran=only_here and isinstance(error, TypeError),
            printed="".join(echo.heard),
        )
    pairs = enumerate(zip(args, used, strict=True))
    changed = {i: b for i, (a, b) in pairs if a is not b and not same(a, b)}
    return Outcome(value, printed="".join(echo.heard), changed=changed)


def is_stub(answer: Any) -> bool:
    """Say whether a function still has an empty body.

    Examples
    --------
    >>> from sevenlessons.page.calling import is_stub
    >>> def softmax(x): ...
    >>> is_stub(softmax), is_stub(lambda x: x)
    (True, False)

    """
    if not isinstance(answer, FunctionType):
        return False
    steps = [
        step
        for step in dis.get_instructions(answer)
        if step.opname not in SILENT
    ]
    constant = steps[0].opname.startswith(("LOAD_CONST", "RETURN_CONST"))
    ends = len(steps) == 1 or steps[1].opname == "RETURN_VALUE"
    value = steps[0].argval
    return constant and ends and (value is None or value is ...)


class _Echo:
    """Passes on what is printed, and remembers its beginning."""

    def __init__(self, out: Any) -> None:
        self.out = out
        self.heard: list[str] = []

    def write(self, text: str) -> Any:
        if len(self.heard) < 20:
            self.heard.append(text[:100])
        return self.out.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.out, name)


def _copied(value: Any) -> Any:
    try:
        return copy.deepcopy(value)
    except Exception:  # a few things cannot be copied, such as generators
        return value
