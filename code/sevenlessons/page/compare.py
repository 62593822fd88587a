"""What is wrong with an answer, in words; the right one is never told."""

from collections.abc import Sequence
from numbers import Number
from typing import Any

import numpy as np
import torch
from torch import Tensor

__all__ = ["difference", "same"]

KINDS: dict[type, str] = {
    bool: "True or False",
    str: "a text (str)",
    dict: "a dictionary",
    set: "a set",
}


def difference(got: Any, expected: Any, tolerance: float = 0.0) -> str:
    """Return what is wrong with `got`; nothing if it is right.

    Parameters
    ----------
    got
        What the reader's function returned.
    expected
        What a right one returns; its type is asked for too, lists and
        tuples being equal.
    tolerance
        Largest allowed difference of two numbers, absolute.

    Examples
    --------
    >>> from sevenlessons.page.compare import difference
    >>> difference(0.3, 0.1 + 0.2, tolerance=1e-9)
    ''
    >>> difference([1, 2, 3], [1, 2])
    'but 2 values are asked for, not 3.'

    """
    try:
        return _difference(got, expected, tolerance)
    except Exception as error:  # a strange object; it cannot be right
        return (
            "which could not be compared with what is asked for: "
            f"{type(error).__name__}: {error}."
        )


def same(one: Any, other: Any) -> bool:
    """Say whether two values hold the same, bit for bit.

    What cannot be compared counts as the same.

    Examples
    --------
    >>> from sevenlessons.page.compare import same
    >>> same([1, float("nan")], [1, float("nan")]), same([1], [1.0])
    (True, False)

    """
    if type(one) is not type(other):
        return False
    if isinstance(one, Tensor):
        return one.dtype == other.dtype and _equal(one.detach(), other)
    if isinstance(one, np.ndarray):
        numeric = one.dtype.kind in "fc"
        return np.array_equal(one, other, equal_nan=numeric)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(
            same(one[key], other[key]) for key in one
        )
    try:  # NaN alone differs from itself
        return bool(one == other) or one != one or _knows_no_equality(one)
    except Exception:
        return True


def _equal(one: Tensor, other: Tensor) -> bool:
    if one.shape != other.shape:
        return False
    return bool(((one == other) | ((one != one) & (other != other))).all())


def _knows_no_equality(value: Any) -> bool:
    return type(value).__eq__ is object.__eq__


def _difference(got: Any, expected: Any, tolerance: float) -> str:
    if isinstance(expected, Tensor):
        return _of_tensors(got, expected, tolerance)
    if isinstance(expected, np.ndarray):
        if not isinstance(got, np.ndarray):
            return f"but an array is asked for, not {_kind(got)}."
        both = torch.from_numpy(got.copy()), torch.from_numpy(expected)
        return _of_tensors(*both, tolerance)
    if isinstance(expected, tuple | list):
        return _of_lists(got, expected, tolerance)
    if isinstance(expected, bool | np.bool_):
        if not isinstance(got, bool | np.bool_):
            return f"but True or False is asked for, not {_kind(got)}."
        return "" if got == expected else "which is not right."
    if isinstance(expected, Number):
        return _of_numbers(got, float(expected), tolerance)  # type: ignore
    if not isinstance(got, type(expected)):
        kind = KINDS.get(type(expected), type(expected).__name__)
        return f"but {kind} is asked for, not {_kind(got)}."
    return "" if got == expected else "which is not right."


def _of_numbers(got: Any, expected: float, tolerance: float) -> str:
    if isinstance(got, str | bytes | bool | np.bool_):
        return f"but a number is asked for, not {_kind(got)}."
    try:
        value = float(got)
    except (TypeError, ValueError, RuntimeError):
        return f"but a number is asked for, not {_kind(got)}."
    if value == expected or abs(value - expected) <= tolerance:
        return ""
    if value != value:
        if expected != expected:
            return ""
        return "which is not right: NaN is not a number."
    if expected != expected:
        return "which is not right."
    way = "large" if value > expected else "small"
    near = abs(value - expected) < 0.01 * abs(expected)
    return f"which is not right: {'a little ' if near else ''}too {way}."


def _of_lists(got: Any, expected: Sequence[Any], tolerance: float) -> str:
    n = len(expected)
    many = "1 value is" if n == 1 else f"{n or 'no'} values are"
    if not isinstance(got, tuple | list):
        return f"but {many} asked for, in a list or tuple, not {_kind(got)}."
    if len(got) != n:
        return f"but {many} asked for, not {len(got)}."
    for i, (g, e) in enumerate(zip(got, expected, strict=True)):
        wrong = _difference(g, e, tolerance)
        if wrong:
            return f"{wrong[:-1]} (at position {i})."
    return ""


def _of_tensors(got: Any, expected: Tensor, tolerance: float) -> str:
    if not isinstance(got, Tensor):
        return f"but a tensor is asked for, not {_kind(got)}."
    got, expected = got.detach().cpu(), expected.detach().cpu()
    if got.shape != expected.shape:
        return (
            f"but the shape should be {tuple(expected.shape)}, not "
            f"{tuple(got.shape)}."
        )
    if _family(got) != _family(expected):
        return (
            f"but its dtype is {str(got.dtype).removeprefix('torch.')}; "
            f"{_family(expected)} are asked for."
        )
    if got.dtype == torch.bool:
        return _spread((got != expected), "are wrong")
    dtype = torch.complex128 if got.is_complex() else torch.float64
    got, expected = got.to(dtype), expected.to(dtype)
    close = torch.isclose(
        got, expected, rtol=0, atol=tolerance, equal_nan=True
    )
    if close.all():
        return ""
    broken = got.isnan() & ~expected.isnan()
    if broken.any():
        return _spread(broken, "are NaN")
    apart = (got - expected).abs().masked_fill(close, 0)
    most = apart.max().item()
    place = torch.unravel_index(apart.argmax(), apart.shape)
    where = [int(i) for i in place]
    at = f", most at {where}" if got.numel() > 1 else ""
    return _spread(~close, f"are off by up to {most:.3g}{at}")


def _spread(wrong: Tensor, words: str) -> str:
    count = int(wrong.sum())
    if not count:
        return ""
    total = wrong.numel()
    if total == 1:
        return f"where the one entry {words.replace('are ', 'is ', 1)}."
    whose = f"all {total}" if count == total else f"{count} of {total}"
    if count == 1:
        words = words.replace("are ", "is ", 1)
    return f"where {whose} entries {words}."


def _family(tensor: Tensor) -> str:
    if tensor.is_complex():
        return "complex numbers"
    if tensor.is_floating_point():
        return "floating point numbers"
    if tensor.dtype == torch.bool:
        return "booleans"
    return "whole numbers"


def _kind(value: Any) -> str:
    if isinstance(value, Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    if isinstance(value, np.ndarray):
        return f"a NumPy array of shape {value.shape}"
    if isinstance(value, bool | np.bool_):
        return "True or False"
    if isinstance(value, int | float):
        return "a number"
    name = type(value).__name__
    return KINDS.get(type(value)) or f"a{'n' * (name[0] in 'aeio')} {name}"
