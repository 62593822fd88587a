r"""Pixel shuffle, written out: channels become pixels, and back.

A layer that enlarges by a factor :math:`r` can compute :math:`r^2` channels
for each one wanted, at the small size, and lay them out as the pixels of a
square (Shi and others, 2016):

.. math::
    y_{c,\,ri+a,\,rj+b} = x_{cr^2+ra+b,\,i,\,j}

No number is changed, so the way back is exact too. Taught in: unet.
"""

from __future__ import annotations

from torch import Tensor

__all__ = ["pixel_shuffle", "pixel_unshuffle"]


def pixel_shuffle(x: Tensor, factor: int) -> Tensor:
    """Return pictures `factor` times as high and wide.

    Parameters
    ----------
    x
        Shape ``(N, C * factor**2, H, W)``.
    factor
        By how much height and width grow, at least 1.

    Returns
    -------
    Tensor
        Shape ``(N, C, factor * H, factor * W)``.

    Raises
    ------
    ValueError
        If the shape has not four axes, or the channels do not fit.

    Notes
    -----
    Equal to ``torch.nn.functional.pixel_shuffle``.

    Examples
    --------
    >>> import torch
    >>> x = torch.arange(8.0).reshape(1, 4, 1, 2)
    >>> pixel_shuffle(x, 2)[0, 0].tolist()
    [[0.0, 2.0, 1.0, 3.0], [4.0, 6.0, 5.0, 7.0]]

    """
    _expect_pictures(x, factor)
    n, channels, height, width = x.shape
    if channels % factor**2:
        raise ValueError(
            f"a pixel shuffle by {factor} needs a multiple of {factor**2} "
            f"channels, got {channels}; let the layer before make "
            f"{factor**2} for each channel wanted"
        )
    made = channels // factor**2
    squares = x.reshape(n, made, factor, factor, height, width)
    laid_out = squares.permute(0, 1, 4, 2, 5, 3)  # N, C, H, a, W, b
    return laid_out.reshape(n, made, height * factor, width * factor)


def pixel_unshuffle(x: Tensor, factor: int) -> Tensor:
    """Return smaller pictures with more channels: `pixel_shuffle` undone.

    Parameters
    ----------
    x
        Shape ``(N, C, factor * H, factor * W)``.
    factor
        By how much height and width shrink, at least 1.

    Returns
    -------
    Tensor
        Shape ``(N, C * factor**2, H, W)``.

    Raises
    ------
    ValueError
        If the shape has not four axes, or a side is no multiple of `factor`.

    Notes
    -----
    Equal to ``torch.nn.functional.pixel_unshuffle``.

    Examples
    --------
    >>> import torch
    >>> x = torch.arange(4.0).reshape(1, 1, 2, 2)
    >>> pixel_unshuffle(x, 2).flatten().tolist()
    [0.0, 1.0, 2.0, 3.0]

    """
    _expect_pictures(x, factor)
    n, channels, height, width = x.shape
    if height % factor or width % factor:
        raise ValueError(
            f"height and width must be multiples of {factor}, got "
            f"{(height, width)}; cut or pad the pictures first"
        )
    rows, columns = height // factor, width // factor
    squares = x.reshape(n, channels, rows, factor, columns, factor)
    stacked = squares.permute(0, 1, 3, 5, 2, 4)  # N, C, a, b, H, W
    return stacked.reshape(n, channels * factor**2, rows, columns)


def _expect_pictures(x: Tensor, factor: int) -> None:
    if x.ndim != 4:
        raise ValueError(
            "expected pictures of shape (N, C, H, W), got shape "
            f"{tuple(x.shape)}; add the axis of the batch with x[None]"
        )
    if factor < 1:
        raise ValueError(f"factor must be at least 1, got {factor}")
