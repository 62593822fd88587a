"""Values in words, short enough for one line of a report."""

import traceback
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

__all__ = ["describe", "listed", "stopped"]

MOST = 12  # items of a list that are shown
LONGEST = 120  # characters of anything else


def describe(value: Any) -> str:
    """Return a short text for a value: numbers in full, tensors by shape.

    Examples
    --------
    >>> import torch
    >>> from sevenlessons.page.wording import describe
    >>> describe([1.23456789, "a"])
    "[1.23457, 'a']"
    >>> describe(torch.arange(12).reshape(3, 4))
    'an int64 tensor of shape (3, 4), from 0 to 11'

    """
    if isinstance(value, Tensor):
        return _tensor(value)
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, float | np.floating):
        return f"{float(value):.6g}"
    if isinstance(value, np.generic):
        return repr(value.item())
    if isinstance(value, list | tuple):
        inside = ", ".join(describe(item) for item in value[:MOST])
        inside += ", …" if len(value) > MOST else ""
        return f"[{inside}]" if isinstance(value, list) else f"({inside})"
    if isinstance(value, dict):
        pairs = list(value.items())[:MOST]
        inside = ", ".join(f"{_short(k)}: {describe(v)}" for k, v in pairs)
        return f"{{{inside}{', …' if len(value) > MOST else ''}}}"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if callable(value):
        return f"the function {getattr(value, '__name__', _short(value))}"
    return _short(value)


def listed(args: Sequence[Any]) -> str:
    """Return the arguments of a call in words.

    Examples
    --------
    >>> from sevenlessons.page.wording import listed
    >>> listed([2, "x"])
    "2, 'x'"

    """
    return ", ".join(describe(arg) for arg in args)


def stopped(error: BaseException, function: Callable[..., Any]) -> str:
    """Say with what a function stopped, and on which of its lines.

    Parameters
    ----------
    error
        What was caught around the call.
    function
        What was called: its own lines matter, not those of a library.

    Examples
    --------
    >>> from sevenlessons.page.wording import stopped
    >>> try:
    ...     int("two")
    ... except ValueError as error:
    ...     stopped(error, int)
    "it stopped with ValueError: invalid literal for int() with base 10: 'two'"

    """
    frames = traceback.extract_tb(error.__traceback__)[1:]  # ours comes first
    code = getattr(function, "__code__", None)
    own = [f for f in frames if code and f.filename == code.co_filename]
    line = (own or frames)[-1].line if frames else ""
    at = f" at the line `{line}`" if line else ""
    try:
        words = f": {error}" if str(error) else ""
    except Exception:
        words = ""
    return f"it stopped{at} with {type(error).__name__}{words}"


def _tensor(value: Tensor) -> str:
    value = value.detach()
    if value.is_sparse or value.device.type == "meta":
        return _shaped(str(value.dtype), value.shape, "tensor")
    if value.numel() <= 8:
        return f"tensor({describe(value.tolist())})"
    text = _shaped(str(value.dtype), value.shape, "tensor")
    if value.is_complex() or value.dtype == torch.bool:
        return text
    numbers = value.double()
    broken = int(numbers.isnan().sum())
    if broken:
        return f"{text}, {broken} of its {value.numel()} numbers are NaN"
    low, high = numbers.min().item(), numbers.max().item()
    return f"{text}, from {low:.4g} to {high:.4g}"


def _array(value: np.ndarray) -> str:
    if value.size <= 8:
        return f"array({describe(value.tolist())})"
    text = _shaped(str(value.dtype), value.shape, "array")
    if value.dtype.kind not in "iuf":
        return text
    return f"{text}, from {value.min():.4g} to {value.max():.4g}"


def _shaped(dtype: str, shape: Sequence[int], what: str) -> str:
    dtype = dtype.removeprefix("torch.")
    article = "an" if dtype.startswith("i") else "a"
    return f"{article} {dtype} {what} of shape {tuple(shape)}"


def _short(value: Any) -> str:
    try:
        text = " ".join(repr(value).split())
    except Exception:
        return f"a {type(value).__name__}"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}…"
