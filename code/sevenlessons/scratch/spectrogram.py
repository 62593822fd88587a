"""Turn sound into a picture: the short-time Fourier transform, written out.

Read in this order: `hann_window` (fade a slice in and out), `frames` (cut
the sound into overlapping slices), `stft` (ask each slice how much of each
frequency it holds). The transform is the same as `torch.stft`, values and
gradients; the tests hold both against each other. `mel` makes grey values
of it.
"""

import math

import torch
from torch import Tensor

__all__ = ["frames", "hann_window", "stft"]


def hann_window(n_fft: int) -> Tensor:
    """Return a bell of `n_fft` weights that starts at 0.

    Parameters
    ----------
    n_fft
        Samples in a slice, at least 1.

    Returns
    -------
    Tensor
        Weights in ``[0, 1]``, float64, shape ``(n_fft,)``.

    Raises
    ------
    ValueError
        If `n_fft` is below 1.

    Notes
    -----
    The same as `torch.hann_window`, its periodic form. A single weight is 1:
    it would be 0, and hear nothing.

    Examples
    --------
    >>> [round(weight, 6) for weight in hann_window(4).tolist()]
    [0.0, 0.5, 1.0, 0.5]

    """
    if n_fft < 1:
        raise ValueError(f"n_fft must be at least 1, got {n_fft}")
    if n_fft == 1:
        return torch.ones(1, dtype=torch.float64)
    t = torch.arange(n_fft, dtype=torch.float64)
    return 0.5 * (1 - torch.cos(2 * math.pi * t / n_fft))


def frames(waves: Tensor, n_fft: int, hop_length: int) -> Tensor:
    """Cut each wave into overlapping slices, centred `hop_length` apart.

    Parameters
    ----------
    waves
        Samples, shape ``(N, T)``, with more than ``n_fft // 2`` of them.
    n_fft
        Samples in a slice, at least 2.
    hop_length
        Samples from one slice to the next, at least 1.

    Returns
    -------
    Tensor
        Slices, shape ``(N, 1 + T // hop_length, n_fft)`` for even `n_fft`.

    Raises
    ------
    ValueError
        If a size is too small or `waves` has another shape.

    Notes
    -----
    The ends are mirrored by half a slice, so that the first slice is centred
    on the first sample.

    Examples
    --------
    >>> frames(torch.arange(4.0)[None], n_fft=4, hop_length=2).tolist()
    [[[2.0, 1.0, 0.0, 1.0], [0.0, 1.0, 2.0, 3.0], [2.0, 3.0, 2.0, 1.0]]]

    """
    if n_fft < 2 or hop_length < 1:
        raise ValueError(
            "n_fft must be at least 2 and hop_length at least 1, "
            f"got {n_fft} and {hop_length}"
        )
    if waves.ndim != 2:
        raise ValueError(
            f"expected waves of shape (N, T), got {tuple(waves.shape)}; "
            "add a batch axis with wave[None]"
        )
    half = n_fft // 2
    if waves.shape[1] <= half:
        raise ValueError(
            f"expected more than n_fft // 2 = {half} samples, got "
            f"{waves.shape[1]}; pad the wave or lower n_fft"
        )
    left = waves[:, 1 : half + 1].flip(1)
    right = waves[:, -half - 1 : -1].flip(1)
    mirrored = torch.cat([left, waves, right], dim=1)  # (N, T + n_fft)
    return mirrored.unfold(1, n_fft, hop_length)


def stft(waves: Tensor, n_fft: int = 256, hop_length: int = 128) -> Tensor:
    r"""Return how much of each frequency each slice of the sound holds.

    A slice :math:`x` is compared with a cosine and a sine of each frequency:
    :math:`X_f = \sum_t w_t\, x_t\, e^{-2\pi i f t / n}`.

    Parameters
    ----------
    waves
        Samples, shape ``(N, T)``.
    n_fft
        Samples in a slice, at least 2. More of them tell close frequencies
        apart, and blur when they sounded.
    hop_length
        Samples from one slice to the next, at least 1.

    Returns
    -------
    Tensor
        Complex, shape ``(N, n_fft // 2 + 1, 1 + T // hop_length)``. Row f
        is the frequency ``f * sample_rate / n_fft``.

    Notes
    -----
    The same as ``torch.stft(waves, n_fft, hop_length,
    window=torch.hann_window(n_fft), return_complex=True)``, which uses the
    fast Fourier transform: n log n steps a slice, where this takes n².

    Examples
    --------
    >>> t = torch.arange(8000) / 8000
    >>> tone = torch.sin(2 * math.pi * 1000 * t)[None]
    >>> loudest = stft(tone).abs().mean(2).argmax()
    >>> loudest.item() * 8000 / 256
    1000.0

    """
    slices = frames(waves, n_fft, hop_length)
    slices = slices * hann_window(n_fft).to(waves)  # (N, slices, n_fft)
    f = torch.arange(n_fft // 2 + 1, dtype=torch.float64)
    t = torch.arange(n_fft, dtype=torch.float64)
    angle = 2 * math.pi * t[:, None] * f / n_fft  # (n_fft, frequencies)
    real = slices @ torch.cos(angle).to(waves)
    imag = -(slices @ torch.sin(angle).to(waves))
    return torch.complex(real, imag).transpose(1, 2)
