"""How a number lies in memory: sign, exponent and fraction, bit by bit.

A floating-point number is 1.something times a power of two. The exponent says
which power, the fraction holds the something. More bits for the exponent mean
a wider range, more bits for the fraction mean finer steps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Format", "Pieces", "pieces", "rounded"]


@dataclass(frozen=True)
class Format:
    """How many bits a kind of number spends on what.

    Attributes
    ----------
    exponent, fraction
        Bits for each; one more is the sign.

    Examples
    --------
    >>> half = FORMATS["float16"]
    >>> half.bits, half.largest, half.step
    (16, 65504.0, 0.0009765625)

    """

    exponent: int
    fraction: int

    @property
    def bits(self) -> int:
        """Bits of a number."""
        return 1 + self.exponent + self.fraction

    @property
    def bias(self) -> int:
        """What is added to the power of two to make it positive."""
        return 2 ** (self.exponent - 1) - 1

    @property
    def largest(self) -> float:
        """The largest number; beyond it is infinity."""
        return (2 - 2.0**-self.fraction) * 2.0**self.bias

    @property
    def smallest_normal(self) -> float:
        """The smallest number with all its bits of fraction."""
        return 2.0 ** (1 - self.bias)

    @property
    def smallest(self) -> float:
        """The smallest number above zero, with one bit left."""
        return 2.0 ** (1 - self.bias - self.fraction)

    @property
    def step(self) -> float:
        """The distance from 1 to the next number."""
        return 2.0**-self.fraction


FORMATS = {
    "float32": Format(exponent=8, fraction=23),
    "float16": Format(exponent=5, fraction=10),
    "bfloat16": Format(exponent=8, fraction=7),
}


@dataclass(frozen=True)
class Pieces:
    """The bits of one number, as text, and what they stand for.

    Attributes
    ----------
    sign, exponent, fraction
        Texts of zeros and ones, the highest bit first.
    value
        The number that these bits stand for.

    """

    sign: str
    exponent: str
    fraction: str
    value: float


def rounded(value: float, name: str) -> float:
    """Return the number of a format that is nearest to `value`.

    Halfway between two, the one whose last bit is 0. Too large becomes
    infinite, too small becomes zero.

    Parameters
    ----------
    value
        Any number of Python.
    name
        ``"float32"``, ``"float16"`` or ``"bfloat16"``.

    Raises
    ------
    ValueError
        If there is no such format.

    Examples
    --------
    >>> rounded(0.1, "float16"), rounded(0.1, "bfloat16")
    (0.0999755859375, 0.10009765625)
    >>> rounded(1e-8, "float16"), rounded(1e5, "float16")
    (0.0, inf)

    """
    form = _format(name)
    if not math.isfinite(value) or value == 0:
        return value
    _, power = math.frexp(abs(value))  # abs(value) is in [1/2, 1) * 2**power
    power = max(power - 1, 1 - form.bias)  # below it the steps stay the same
    gap = math.ldexp(1.0, power - form.fraction)
    near = round(abs(value) / gap) * gap  # round: halfway goes to even
    near = near if near <= form.largest else math.inf
    return math.copysign(near, value)


def pieces(value: float, name: str) -> Pieces:
    """Return sign, exponent and fraction of a number once rounded.

    Parameters
    ----------
    value, name
        As in `rounded`.

    Examples
    --------
    >>> p = pieces(-0.15625, "float16")
    >>> p.sign, p.exponent, p.fraction
    ('1', '01100', '0100000000')
    >>> -(1 + 0b0100000000 / 2**10) * 2.0 ** (0b01100 - 15)
    -0.15625

    """
    form = _format(name)
    near = rounded(value, name)
    size = abs(near)
    if math.isnan(near):
        exponent, fraction = 2**form.exponent - 1, 2 ** (form.fraction - 1)
    elif math.isinf(near):
        exponent, fraction = 2**form.exponent - 1, 0
    elif size < form.smallest_normal:  # no leading 1 any more
        exponent, fraction = 0, round(size / form.smallest)
    else:
        power = math.frexp(size)[1] - 1
        exponent = power + form.bias
        fraction = round((math.ldexp(size, -power) - 1) * 2**form.fraction)
    return Pieces(
        sign=str(int(math.copysign(1, near) < 0)),
        exponent=f"{exponent:0{form.exponent}b}",
        fraction=f"{fraction:0{form.fraction}b}",
        value=near,
    )


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise ValueError(
            f"there is no format {name!r}; choose one of {', '.join(FORMATS)}"
        )
    return FORMATS[name]
