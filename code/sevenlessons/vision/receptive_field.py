r"""How much of a picture one number of a later layer can see.

Two ways that know nothing of each other. By formula: a window of :math:`k`
numbers with gaps :math:`d` on a map whose neighbors are :math:`j` pixels
apart adds :math:`j\,d\,(k - 1)` pixels, and a stride :math:`s` multiplies
:math:`j`. By gradient, in `seen_pixels`: a pixel is seen if a change of it
would show.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from torch import nn

__all__ = [
    "ReceptiveField",
    "looks_at_single_numbers",
    "receptive_fields",
    "window_settings",
]

_WINDOWS = (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d)
_EACH_NUMBER = (  # these look at one number at a time
    nn.BatchNorm2d,
    nn.Dropout,
    nn.Dropout2d,
    nn.ELU,
    nn.GELU,
    nn.Hardswish,
    nn.Identity,
    nn.LeakyReLU,
    nn.ReLU,
    nn.ReLU6,
    nn.SELU,
    nn.Sigmoid,
    nn.SiLU,
    nn.Softplus,
    nn.Tanh,
)


@dataclass(frozen=True)
class ReceptiveField:
    """Which pixels of the input a number after a layer can depend on.

    Each pair has a number for rows and one for columns.

    Attributes
    ----------
    name, kind
        Of the layer.
    size
        Pixels from the first that counts to the last. A stride larger than
        its window leaves gaps inside.
    step
        Pixels of the input from one number's field to its neighbor's.
    start
        First pixel of the field of number (0, 0): below 0 in the border.

    """

    name: str
    kind: str
    size: tuple[int, int]
    step: tuple[int, int]
    start: tuple[int, int]

    def pixels(
        self, place: Sequence[int], size: Sequence[int]
    ) -> tuple[range, range]:
        """Return the rows and columns of the picture that a number sees.

        Parameters
        ----------
        place
            Row and column of the number.
        size
            Rows and columns of the picture; what is beyond is border.

        Examples
        --------
        >>> field = ReceptiveField("0", "Conv2d", (3, 3), (1, 1), (-1, -1))
        >>> field.pixels((0, 2), (8, 8))
        (range(0, 2), range(1, 4))

        """
        found = []
        for axis in (0, 1):
            first = self.start[axis] + self.step[axis] * place[axis]
            last = min(first + self.size[axis], size[axis])
            found.append(range(max(first, 0), last))
        return found[0], found[1]


def receptive_fields(model: nn.Sequential) -> list[ReceptiveField]:
    """Return the receptive field after each layer of a stack, by formula.

    Parameters
    ----------
    model
        Layers one after the other; sequences inside are opened.

    Returns
    -------
    list of ReceptiveField
        One for each convolution and pooling.

    Raises
    ------
    TypeError
        If a layer is not known to look through a window or at single
        numbers, such as a shortcut, a linear layer or global pooling.
    ValueError
        If no layer looks through a window.

    Examples
    --------
    >>> stack = nn.Sequential(
    ...     nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    ...     nn.Conv2d(8, 8, 3, padding=1),
    ... )
    >>> [field.size for field in receptive_fields(stack)]
    [(3, 3), (4, 4), (8, 8)]

    """
    size, step, start = (1, 1), (1, 1), (0, 0)
    found = []
    for name, layer in _opened(model):
        if looks_at_single_numbers(layer):
            continue
        window, stride, padding, gap = window_settings(layer)
        axes = range(2)
        size = _two(size[i] + step[i] * gap[i] * (window[i] - 1) for i in axes)
        start = _two(start[i] - step[i] * padding[i] for i in axes)
        step = _two(step[i] * stride[i] for i in axes)
        kind = type(layer).__name__
        found.append(ReceptiveField(name, kind, size, step, start))
    if not found:
        raise ValueError(
            "expected at least one convolution or pooling, got none; a "
            "number sees one pixel then"
        )
    return found


def _opened(
    model: nn.Sequential, before: str = ""
) -> Iterator[tuple[str, nn.Module]]:
    # not named_children(), which names a layer that runs twice only once
    for name, layer in model._modules.items():
        if layer is None:
            continue
        if isinstance(layer, nn.Sequential):
            yield from _opened(layer, f"{before}{name}.")
        else:
            yield before + name, layer


def looks_at_single_numbers(layer: nn.Module) -> bool:
    """Return whether a layer treats each number of a map for itself.

    Parameters
    ----------
    layer
        Such as an activation; batch normalization is one in eval mode.

    Examples
    --------
    >>> [looks_at_single_numbers(f) for f in (nn.ReLU(), nn.MaxPool2d(2))]
    [True, False]

    """
    return isinstance(layer, _EACH_NUMBER)


def window_settings(layer: Any) -> tuple[tuple[int, int], ...]:
    """Return window, stride, padding and dilation of a layer.

    Parameters
    ----------
    layer
        A convolution, or a pooling of a fixed window.

    Returns
    -------
    tuple
        Four pairs, each with a number for rows and one for columns.

    Raises
    ------
    TypeError
        If it is another layer, or one whose border is no fixed frame of
        zeros.

    Examples
    --------
    >>> window_settings(nn.MaxPool2d(2))
    ((2, 2), (2, 2), (0, 0), (1, 1))

    """
    name = type(layer).__name__
    if type(layer) not in _WINDOWS or getattr(layer, "ceil_mode", False):
        raise TypeError(
            "expected convolutions, pooling of a fixed window without "
            f"ceil_mode and layers such as ReLU, got {name}; cut the model "
            "before it, or ask seen_pixels"
        )
    mode = getattr(layer, "padding_mode", "zeros")
    if isinstance(layer.padding, str) or mode != "zeros":
        raise TypeError(
            "expected a border of zeros and padding as a number, got padding "
            f"{layer.padding!r} and {mode!r} of a {name}; say how many pixels"
        )
    values = (
        layer.kernel_size,
        layer.stride,
        layer.padding,
        getattr(layer, "dilation", 1),
    )
    return tuple(_two([v, v] if isinstance(v, int) else v) for v in values)


def _two(values: Any) -> tuple[int, int]:
    rows, columns = values
    return rows, columns
