r"""Convolution as a matrix, and transposed convolution as its transpose.

A convolution is linear: every number of the answer is a weighted sum of
pixels. Written as one matrix, most of its numbers are zero and the others
repeat along diagonals: a Toeplitz matrix (with two axes, one made of such
blocks). Its transpose goes the other way, from the small picture to the
large one. That is all a transposed convolution is.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from .convolution import check_convolution
from .windows import Windows, pair

__all__ = ["conv2d_by_matrix", "conv_transpose2d", "toeplitz_matrix"]

Two = int | Sequence[int]


def toeplitz_matrix(
    weight: Tensor,
    size: Sequence[int],
    *,
    stride: Two = 1,
    padding: Two = 0,
    dilation: Two = 1,
    groups: int = 1,
) -> Tensor:
    """Return the matrix that does what a convolution does.

    Parameters
    ----------
    weight
        Shape ``(O, C / groups, KH, KW)``.
    size
        Rows and columns of the pictures.
    stride, padding, dilation, groups
        As in `convolution.conv2d`.

    Returns
    -------
    Tensor
        Shape ``(O * L, C * H * W)`` for `L` places of the window: times a
        picture as one long column, it is the answer as one long column.

    Examples
    --------
    >>> import torch
    >>> toeplitz_matrix(torch.tensor([[[[2.0, 3.0]]]]), (1, 4))
    tensor([[2., 3., 0., 0.],
            [0., 2., 3., 0.],
            [0., 0., 2., 3.]])

    """
    if weight.dim() != 4 or groups < 1 or len(weight) % groups:
        raise ValueError(
            "expected weights (O, C / groups, KH, KW) whose channels fall "
            f"into groups={groups} equal parts, got shape "
            f"{tuple(weight.shape)}"
        )
    outputs, channels = len(weight), weight.shape[1] * groups
    windows = Windows(
        size,
        weight.shape[2:],
        stride=stride,
        padding=padding,
        dilation=dilation,
    )
    (height, width), (down, across) = windows.size, windows.places
    matrix = weight.new_zeros(outputs, down, across, channels, height, width)
    matrix = matrix + weight[:0].sum()  # 0, so that it depends on the weight
    for group in range(groups):
        made = _part(outputs, groups, group)
        seen = _part(channels, groups, group)
        for i in range(down):
            for j in range(across):
                for k, row in enumerate(windows.pixels(0, i)):
                    for m, column in enumerate(windows.pixels(1, j)):
                        if 0 <= row < height and 0 <= column < width:
                            matrix[made, i, j, seen, row, column] = weight[
                                made, :, k, m
                            ]
    return matrix.flatten(3).flatten(0, 2)


def _part(channels: int, groups: int, group: int) -> slice:
    size = channels // groups
    return slice(group * size, (group + 1) * size)


def conv2d_by_matrix(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    stride: Two = 1,
    padding: Two = 0,
    dilation: Two = 1,
    groups: int = 1,
) -> Tensor:
    """Return the convolution of pictures by its matrix.

    Parameters
    ----------
    x, weight, bias, stride, padding, dilation, groups
        As in `convolution.conv2d`.

    Examples
    --------
    >>> import torch
    >>> picture = torch.tensor([[[[0.0, 0, 1, 1], [0, 0, 1, 1]]]])
    >>> edge = torch.tensor([[[[-1.0, 1.0]]]])
    >>> conv2d_by_matrix(picture, edge).tolist()
    [[[[0.0, 1.0, 0.0], [0.0, 1.0, 0.0]]]]

    """
    check_convolution(x, weight, bias, groups)
    windows = Windows(
        x.shape[2:],
        weight.shape[2:],
        stride=stride,
        padding=padding,
        dilation=dilation,
    )
    matrix = toeplitz_matrix(
        weight,
        windows.size,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
    )
    answer = x.flatten(1) @ matrix.T  # (N, O * L)
    answer = answer.unflatten(1, (len(weight), *windows.places))
    return answer if bias is None else answer + bias[:, None, None]


def conv_transpose2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    stride: Two = 1,
    padding: Two = 0,
    output_padding: Two = 0,
    dilation: Two = 1,
    groups: int = 1,
) -> Tensor:
    r"""Return the transposed convolution: from small pictures to large ones.

    Where a convolution would make `x` out of the answer, this goes back by
    the transpose of its matrix. An axis of :math:`n` pixels becomes
    :math:`s\,(n - 1) - 2p + d\,(k - 1) + 1 + q` pixels, with the output
    padding :math:`q`.

    Parameters
    ----------
    x
        Shape ``(N, C, H, W)``.
    weight
        Shape ``(C, O / groups, KH, KW)``: that of the convolution from `O`
        channels to `C`.
    bias
        Shape ``(O,)``.
    stride, padding, dilation, groups
        Of that convolution.
    output_padding
        Rows and columns more at the end, less than the stride or the
        dilation: several sizes would have shrunk to the size of `x`, this
        says which one.

    Notes
    -----
    Equal to `torch.nn.functional.conv_transpose2d`. It is no inverse.

    Examples
    --------
    >>> import torch
    >>> x, kernel = torch.tensor([[[[1.0, 10.0]]]]), torch.ones(1, 1, 1, 2)
    >>> conv_transpose2d(x, kernel, stride=2).tolist()
    [[[[1.0, 1.0, 10.0, 10.0]]]]
    >>> conv_transpose2d(x, kernel).tolist()
    [[[[1.0, 11.0, 10.0]]]]

    """
    if x.dim() != 4 or weight.dim() != 4 or x.shape[1] != len(weight):
        raise ValueError(
            "expected pictures (N, C, H, W) and weights (C, O / groups, KH, "
            f"KW), got shapes {tuple(x.shape)} and {tuple(weight.shape)}"
        )
    size = _larger(x, weight, stride, padding, output_padding, dilation)
    channels = weight.shape[1] * groups
    if bias is not None and bias.shape != (channels,):
        raise ValueError(
            f"expected a bias of shape ({channels},), one number for each "
            f"channel of the answer, got {tuple(bias.shape)}"
        )
    matrix = toeplitz_matrix(
        weight,
        size,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
    )
    places = Windows(
        size,
        weight.shape[2:],
        stride=stride,
        padding=padding,
        dilation=dilation,
    ).places  # more than x has, where output_padding >= stride
    rows = matrix.unflatten(0, (len(weight), *places))
    matrix = rows[:, : x.shape[2], : x.shape[3]].flatten(0, 2)
    # (C * H * W, O * larger H * larger W)
    answer = (x.flatten(1) @ matrix).unflatten(1, (channels, *size))
    return answer if bias is None else answer + bias[:, None, None]


def _larger(
    x: Tensor,
    weight: Tensor,
    stride: Two,
    padding: Two,
    output_padding: Two,
    dilation: Two,
) -> tuple[int, int]:
    """Return the rows and columns of the answer."""
    steps, borders = pair(stride, "stride"), pair(padding, "padding")
    gaps, more = (
        pair(dilation, "dilation"),
        pair(output_padding, "output_padding"),
    )
    size = []
    for axis in (0, 1):
        step, gap = steps[axis], gaps[axis]
        if not 0 <= more[axis] < max(step, gap):
            raise ValueError(
                "output_padding must be at least 0 and less than the stride "
                f"or the dilation, got {output_padding} with {stride} and "
                f"{dilation}"
            )
        reach = step * (x.shape[2 + axis] - 1) - 2 * borders[axis]
        size.append(reach + gap * (weight.shape[2 + axis] - 1) + 1)
        size[axis] += more[axis]
    return size[0], size[1]
