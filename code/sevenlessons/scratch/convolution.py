r"""Convolution, written out: at each place, weigh a window and add up.

One number of the answer is the sum of a window of the picture times the
numbers of a kernel:

.. math::
    y_{o,i,j} = b_o + \sum_{c,k,l} w_{o,c,k,l}\;
    x_{c,\; s i + d k - p,\; s j + d l - p}

Outside the picture :math:`x` is zero. `im2col` makes one matrix product of
all windows, `toeplitz` one matrix of all places. All three are equal.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .windows import Windows, padded

__all__ = ["check_convolution", "conv2d"]


def conv2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
) -> Tensor:
    """Return the convolution of pictures, window by window.

    Parameters
    ----------
    x
        Pictures, shape ``(N, C, H, W)``.
    weight
        A kernel for each pair of channels, shape ``(O, C / groups, KH, KW)``.
    bias
        Added to each channel of the answer, shape ``(O,)``.
    stride, padding, dilation
        As in `windows.Windows`: one number, or one for rows and one for
        columns.
    groups
        Into how many equal parts the channels fall; each channel of the
        answer sees one part.

    Returns
    -------
    Tensor
        Shape ``(N, O, output rows, output columns)``.

    Raises
    ------
    ValueError
        If shapes do not fit, or the window is larger than the picture.

    Notes
    -----
    Equal to `torch.nn.functional.conv2d`, values and gradients. Like there,
    the kernel is not turned around, so mathematicians would speak of
    correlation. Slow on purpose: it can be checked by reading.

    Examples
    --------
    >>> picture = torch.tensor([[[[0.0, 0, 1, 1], [0, 0, 1, 1]]]])
    >>> edge = torch.tensor([[[[-1.0, 1.0]]]])
    >>> conv2d(picture, edge).tolist()
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
    x = padded(x, windows.padding)
    span = [
        d * (k - 1) + 1
        for d, k in zip(windows.dilation, windows.kernel_size, strict=True)
    ]
    height, width = windows.places
    answers = []
    for i in range(height):
        for j in range(width):
            top, left = i * windows.stride[0], j * windows.stride[1]
            window = x[:, :, top : top + span[0], left : left + span[1]]
            window = window[:, :, :: windows.dilation[0]]
            window = window[:, :, :, :: windows.dilation[1]]  # (N, C, KH, KW)
            answers.append(_weigh(window, weight, groups))  # (N, O)
    answer = torch.stack(answers, dim=2).unflatten(2, (height, width))
    return answer if bias is None else answer + bias[:, None, None]


def _weigh(window: Tensor, weight: Tensor, groups: int) -> Tensor:
    """Return one number for each picture and channel of the answer."""
    channels, per_group = weight.shape[1], len(weight) // groups
    answers = []
    for o, kernel in enumerate(weight):  # (C / groups, KH, KW)
        first = channels * (o // per_group)
        seen = window[:, first : first + channels]
        answers.append((seen * kernel).sum(dim=(1, 2, 3)))
    return torch.stack(answers, dim=1)


def check_convolution(
    x: Tensor, weight: Tensor, bias: Tensor | None, groups: int
) -> None:
    """Refuse pictures and kernels that do not fit together.

    Parameters
    ----------
    x, weight, bias, groups
        As in `conv2d`.

    Raises
    ------
    ValueError
        If they do not fit.

    Examples
    --------
    >>> check_convolution(
    ...     torch.zeros(1, 3, 8, 8), torch.zeros(4, 3, 3, 3), None, 1
    ... )

    """
    if x.dim() != 4 or weight.dim() != 4 or weight.numel() == 0:
        raise ValueError(
            "expected pictures (N, C, H, W) and weights (O, C / groups, KH, "
            f"KW) with no empty axis, got shapes {tuple(x.shape)} and "
            f"{tuple(weight.shape)}"
        )
    if groups < 1 or x.shape[1] != weight.shape[1] * groups:
        raise ValueError(
            f"with groups={groups} pictures of {x.shape[1]} channels need "
            f"weights of shape (O, {x.shape[1]} / groups, KH, KW), got "
            f"{tuple(weight.shape)}"
        )
    if len(weight) % groups:
        raise ValueError(
            f"{len(weight)} channels of the answer do not fall into {groups} "
            "equal groups; make one a multiple of the other"
        )
    if bias is not None and bias.shape != (len(weight),):
        raise ValueError(
            f"expected a bias of shape ({len(weight)},), one number for each "
            f"channel of the answer, got {tuple(bias.shape)}"
        )
