r"""Convolution as one matrix product: all windows side by side.

*im2col*, "image to columns": write each window as a column, then one matrix
product weighs them all. Pixels are copied, about once for each number of the
kernel, and the product is what processors are best at. `fold` is the way
back: it adds each copy to its pixel, which is just what the gradient needs.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from .convolution import check_convolution
from .windows import Windows, padded

__all__ = ["conv2d_backward", "conv2d_by_columns", "fold", "unfold"]

Two = int | Sequence[int]


def unfold(
    x: Tensor,
    kernel_size: Two,
    *,
    stride: Two = 1,
    padding: Two = 0,
    dilation: Two = 1,
) -> Tensor:
    """Return all windows as columns.

    Parameters
    ----------
    x
        Pictures, shape ``(N, C, H, W)``.
    kernel_size, stride, padding, dilation
        As in `windows.Windows`: one number, or one for rows and one for
        columns.

    Returns
    -------
    Tensor
        Shape ``(N, C * KH * KW, L)`` for `L` places of the window.

    Notes
    -----
    Equal to `torch.nn.functional.unfold`.

    Examples
    --------
    >>> unfold(torch.arange(6.0).view(1, 1, 2, 3), 2).tolist()
    [[[0.0, 1.0], [1.0, 2.0], [3.0, 4.0], [4.0, 5.0]]]

    """
    if x.dim() != 4:
        raise ValueError(
            f"expected pictures (N, C, H, W), got shape {tuple(x.shape)}; "
            "add an axis with x[None]"
        )
    windows = Windows(
        x.shape[2:],
        kernel_size,
        stride=stride,
        padding=padding,
        dilation=dilation,
    )
    x = padded(x, windows.padding)
    # for each number of the kernel: the pixels that it meets
    met = [x[view] for view in windows.views()]  # each (N, C, rows, columns)
    return torch.stack(met, dim=2).flatten(3).flatten(1, 2)


def fold(
    columns: Tensor,
    output_size: Sequence[int],
    kernel_size: Two,
    *,
    stride: Two = 1,
    padding: Two = 0,
    dilation: Two = 1,
) -> Tensor:
    """Add columns up to pictures: each number goes back to its pixel.

    Parameters
    ----------
    columns
        Shape ``(N, C * KH * KW, L)``, as `unfold` returns.
    output_size
        Rows and columns of the pictures.
    kernel_size, stride, padding, dilation
        As given to `unfold`.

    Returns
    -------
    Tensor
        Shape ``(N, C, *output_size)``. A pixel that was in several windows
        is the sum of its copies, so ``fold(unfold(x))`` is not `x`.

    Raises
    ------
    ValueError
        If the columns are not those of such pictures.

    Notes
    -----
    Equal to `torch.nn.functional.fold`, and the gradient of `unfold`.

    Examples
    --------
    >>> fold(torch.ones(1, 4, 2), (2, 3), 2).tolist()
    [[[[1.0, 2.0, 1.0], [1.0, 2.0, 1.0]]]]

    """
    windows = Windows(
        output_size,
        kernel_size,
        stride=stride,
        padding=padding,
        dilation=dilation,
    )
    views, (rows, across) = windows.views(), windows.places
    if (
        columns.dim() != 3
        or columns.shape[1] % len(views)
        or columns.shape[2] != rows * across
    ):
        raise ValueError(
            f"expected columns (N, C * {len(views)}, {rows * across}) for "
            f"pictures of {windows.size[0]} x {windows.size[1]} pixels, got "
            f"shape {tuple(columns.shape)}"
        )
    channels = columns.shape[1] // len(views)
    copies = columns.view(-1, channels, len(views), rows, across)
    (height, width), (top, left) = windows.size, windows.padding
    x = columns.new_zeros(
        len(columns), channels, height + 2 * top, width + 2 * left
    )
    for number, view in enumerate(views):
        x[view] += copies[:, :, number]
    return x[:, :, top : top + height, left : left + width]


def conv2d_by_columns(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    stride: Two = 1,
    padding: Two = 0,
    dilation: Two = 1,
    groups: int = 1,
) -> Tensor:
    """Return the convolution of pictures as one product of matrices.

    Parameters
    ----------
    x, weight, bias, stride, padding, dilation, groups
        As in `convolution.conv2d`.

    Examples
    --------
    >>> picture = torch.tensor([[[[0.0, 0, 1, 1], [0, 0, 1, 1]]]])
    >>> edge = torch.tensor([[[[-1.0, 1.0]]]])
    >>> conv2d_by_columns(picture, edge).tolist()
    [[[[0.0, 1.0, 0.0], [0.0, 1.0, 0.0]]]]

    """
    check_convolution(x, weight, bias, groups)
    how = {"stride": stride, "padding": padding, "dilation": dilation}
    kernel_size = weight.shape[2:]
    columns = unfold(x, kernel_size, **how)  # (N, C * KH * KW, L)
    columns = columns.unflatten(1, (groups, -1))  # one part for each group
    matrix = weight.flatten(1).unflatten(0, (groups, -1))
    answer = (matrix @ columns).flatten(1, 2)  # (N, O, L)
    if bias is not None:
        answer = answer + bias[:, None]
    windows = Windows(
        x.shape[2:],
        kernel_size,
        stride=stride,
        padding=padding,
        dilation=dilation,
    )
    return answer.unflatten(2, windows.places)


def conv2d_backward(
    grad: Tensor,
    x: Tensor,
    weight: Tensor,
    *,
    stride: Two = 1,
    padding: Two = 0,
    dilation: Two = 1,
) -> tuple[Tensor, Tensor, Tensor]:
    r"""Return the gradients of a convolution by input, weight and bias.

    With columns :math:`U` and weights :math:`W` as matrices the answer is
    :math:`W U`. So the chain rule is that of a linear layer:
    :math:`\partial L / \partial W = G\, U^\top` and
    :math:`\partial L / \partial U = W^\top G`, folded back to pixels.

    Parameters
    ----------
    grad
        Gradient of the loss by the answer, in its shape.
    x, weight, stride, padding, dilation
        As given to the convolution, which has one group.

    Examples
    --------
    >>> x, weight = torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2)
    >>> by_x, by_weight, by_bias = conv2d_backward(
    ...     torch.ones(1, 1, 2, 2), x, weight
    ... )
    >>> by_x[0, 0].tolist(), by_bias.tolist()
    ([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]], [4.0])

    """
    check_convolution(x, weight, None, 1)
    how = {"stride": stride, "padding": padding, "dilation": dilation}
    kernel_size = weight.shape[2:]
    columns = unfold(x, kernel_size, **how)  # (N, C * KH * KW, L)
    flat = grad.flatten(2)  # (N, O, L)
    expected = len(x), len(weight), columns.shape[2]
    if flat.shape != expected:
        raise ValueError(
            f"expected the gradient of {expected[2]} places in {expected[1]} "
            f"channels of {expected[0]} pictures, got shape "
            f"{tuple(grad.shape)}"
        )
    by_weight = (flat @ columns.transpose(1, 2)).sum(dim=0).view_as(weight)
    by_columns = weight.flatten(1).T @ flat
    by_x = fold(by_columns, x.shape[2:], kernel_size, **how)
    return by_x, by_weight, flat.sum(dim=(0, 2))
