r"""Windows that slide over a picture: how many there are, and where.

Convolution and pooling look through the same window. A kernel of :math:`k`
numbers with gaps of :math:`d` covers :math:`d\,(k - 1) + 1` pixels. The
first window begins :math:`p` pixels before the picture, the next one
:math:`s` pixels later.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

__all__ = ["Windows", "output_size", "padded", "pair"]


def output_size(
    size: int,
    kernel_size: int,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> int:
    r"""Return at how many places a window fits along one axis.

    .. math::
        \left\lfloor \frac{n + 2p - d\,(k - 1) - 1}{s} \right\rfloor + 1

    Parameters
    ----------
    size
        Pixels along the axis, 0 or more.
    kernel_size
        Numbers of the kernel, at least 1.
    stride
        Pixels from one window to the next, at least 1.
    padding
        Pixels added at each end, 0 or more.
    dilation
        Pixels from one number of the kernel to the next, at least 1.
    ceil_mode
        Also count a last window that reaches over the end, if it begins
        inside: the fraction is rounded up. It may be the only one, and
        larger than the picture.

    Raises
    ------
    ValueError
        If a number is too small, or no window fits.

    Examples
    --------
    >>> output_size(28, 3), output_size(28, 3, padding=1)
    (26, 28)
    >>> output_size(28, 5, stride=2, padding=2)
    14

    """
    if size < 0 or padding < 0 or min(kernel_size, stride, dilation) < 1:
        raise ValueError(
            "expected size and padding of at least 0, kernel_size, stride "
            f"and dilation of at least 1, got {size}, {padding}, "
            f"{kernel_size}, {stride} and {dilation}"
        )
    span = dilation * (kernel_size - 1) + 1
    room = size + 2 * padding - span
    count = (-(-room // stride) if ceil_mode else room // stride) + 1
    if ceil_mode and (count - 1) * stride >= size + padding:
        count -= 1  # the last window would begin outside
    if count < 1:
        raise ValueError(
            f"the window covers {span} pixels and the picture has "
            f"{size} + 2 * {padding}; take a smaller kernel or dilation, or "
            "more padding"
        )
    return count


def pair(value: int | Sequence[int], name: str) -> tuple[int, int]:
    """Return one number for the rows and one for the columns.

    Parameters
    ----------
    value
        One whole number for both, or two.
    name
        What it is, for the message.

    Raises
    ------
    ValueError
        If there are not two whole numbers.

    Examples
    --------
    >>> pair(3, "stride"), pair([1, 2], "stride")
    ((3, 3), (1, 2))

    """
    both = tuple(value) if isinstance(value, Sequence) else (value, value)
    if len(both) != 2 or not all(type(n) is int for n in both):
        raise ValueError(
            f"{name} must be a whole number, or two for rows and columns, "
            f"got {value!r}"
        )
    return both[0], both[1]


class Windows:
    """All places of a window on a picture.

    Parameters
    ----------
    size
        Rows and columns of the picture.
    kernel_size, stride, padding, dilation
        As in `output_size`: one number, or one for rows and one for columns.
    ceil_mode
        As in `output_size`.

    Attributes
    ----------
    size, kernel_size, stride, padding, dilation : tuple
        Each with a number for rows and one for columns.
    places : tuple
        How many places there are, down and across.

    Raises
    ------
    ValueError
        If a setting is not one or two whole numbers, or out of range.

    Examples
    --------
    >>> windows = Windows((5, 6), 3, stride=(1, 2), padding=1)
    >>> windows.places, windows.pixels(0, 0), windows.pixels(1, 2)
    ((5, 3), [-1, 0, 1], [3, 4, 5])

    """

    def __init__(
        self,
        size: Sequence[int],
        kernel_size: int | Sequence[int],
        *,
        stride: int | Sequence[int] = 1,
        padding: int | Sequence[int] = 0,
        dilation: int | Sequence[int] = 1,
        ceil_mode: bool = False,
    ) -> None:
        self.size = pair(size, "size")
        self.kernel_size = pair(kernel_size, "kernel_size")
        self.stride = pair(stride, "stride")
        self.padding = pair(padding, "padding")
        self.dilation = pair(dilation, "dilation")
        down, across = (
            output_size(
                self.size[axis],
                self.kernel_size[axis],
                stride=self.stride[axis],
                padding=self.padding[axis],
                dilation=self.dilation[axis],
                ceil_mode=ceil_mode,
            )
            for axis in (0, 1)
        )
        self.places = down, across

    def pixels(self, axis: int, place: int) -> list[int]:
        """Return which rows (axis 0) or columns (1) a window meets.

        Some may lie outside the picture: below 0, or `size` and more.
        """
        first = place * self.stride[axis] - self.padding[axis]
        gap = self.dilation[axis]
        return [first + gap * k for k in range(self.kernel_size[axis])]

    def views(self) -> list[tuple[slice, ...]]:
        """Return, for each number of the kernel, all pixels that it meets.

        As an index of *padded* pictures ``(N, C, H + 2p, W + 2p)``.
        """
        starts = [
            [gap * k for k in range(count)]
            for gap, count in zip(self.dilation, self.kernel_size, strict=True)
        ]
        return [
            (slice(None), slice(None), self._row(0, k), self._row(1, m))
            for k in starts[0]
            for m in starts[1]
        ]

    def _row(self, axis: int, start: int) -> slice:
        step, count = self.stride[axis], self.places[axis]
        return slice(start, start + step * (count - 1) + 1, step)


def padded(x: Tensor, padding: Sequence[int]) -> Tensor:
    """Return pictures with a border of zeros.

    Parameters
    ----------
    x
        Pictures, shape ``(N, C, H, W)``.
    padding
        Rows above and below, columns left and right.

    Examples
    --------
    >>> import torch
    >>> padded(torch.ones(1, 1, 1, 2), (0, 1)).tolist()
    [[[[0.0, 1.0, 1.0, 0.0]]]]

    """
    rows, columns = padding
    height, width = x.shape[2:]
    larger = x.new_zeros(*x.shape[:2], height + 2 * rows, width + 2 * columns)
    larger[:, :, rows : rows + height, columns : columns + width] = x
    return larger
