"""Make a spectrogram look as sound feels: mel filters and decibels.

`mel_filters` groups the frequencies as the ear does; `log_mel_pictures`
turns whole sounds into grey pictures that any image network can read.
"""

import math

import torch
from torch import Tensor

from .spectrogram import hann_window

__all__ = ["log_mel_pictures", "mel_filters"]


def mel_filters(
    num_mels: int,
    n_fft: int,
    sample_rate: int,
    *,
    low: float = 150.0,
    high: float | None = None,
) -> Tensor:
    r"""Return triangles that group frequencies in steps the ear finds equal.

    The mel scale :math:`m = 2595 \log_{10}(1 + f/700)` is nearly linear at
    first and logarithmic above: an octave gets about the same room.

    Parameters
    ----------
    num_mels
        Number of triangles, at least 1.
    n_fft
        Samples in a slice of the spectrogram.
    sample_rate
        Samples a second.
    low, high
        Range in Hz with ``0 <= low < high <= sample_rate / 2``; `high` is
        half the sample rate if it is not given.

    Returns
    -------
    Tensor
        Weights, shape ``(num_mels, n_fft // 2 + 1)``; multiply it with a
        spectrogram from the left.

    Raises
    ------
    ValueError
        If the range is empty, or so many triangles are asked for that one
        of them falls between two frequencies.

    Examples
    --------
    >>> mel_filters(48, n_fft=256, sample_rate=8000).shape
    torch.Size([48, 129])

    """
    high = sample_rate / 2 if high is None else high
    if num_mels < 1 or not 0 <= low < high <= sample_rate / 2:
        raise ValueError(
            "expected num_mels >= 1 and 0 <= low < high <= sample_rate / 2, "
            f"got num_mels={num_mels}, low={low:g}, high={high:g}"
        )
    first, last = (2595 * math.log10(1 + f / 700) for f in (low, high))
    mels = torch.linspace(first, last, num_mels + 2, dtype=torch.float64)
    corner = 700 * (10 ** (mels / 2595) - 1)  # back to Hz
    left, top, right = corner[:-2, None], corner[1:-1, None], corner[2:, None]
    f = torch.arange(n_fft // 2 + 1) * sample_rate / n_fft
    rising, falling = (f - left) / (top - left), (right - f) / (right - top)
    filters = torch.minimum(rising, falling).clamp(min=0)
    if (filters.sum(dim=1) == 0).any():
        raise ValueError(
            f"{num_mels} mel filters are too narrow for n_fft={n_fft}: some "
            "hold no frequency; take fewer filters or a larger n_fft"
        )
    return filters.float()


def log_mel_pictures(
    waves: Tensor, filters: Tensor, *, hop_length: int = 128, span: float = 50
) -> Tensor:
    """Return sounds as grey pictures: time to the right, low pitch first.

    Parameters
    ----------
    waves
        Samples, shape ``(N, T)``.
    filters
        From `mel_filters`, shape ``(M, n_fft // 2 + 1)``.
    hop_length
        Samples from one column to the next.
    span
        Decibels from black to white, above 0; white is the loudest spot.

    Returns
    -------
    Tensor
        uint8, shape ``(N, 1, M, 1 + T // hop_length)``. Silence is black.

    Raises
    ------
    ValueError
        If `span` is not positive.

    Notes
    -----
    Uses `torch.stft`, which `spectrogram.stft` equals, for its speed.

    Examples
    --------
    >>> filters = mel_filters(48, n_fft=256, sample_rate=8000)
    >>> log_mel_pictures(torch.rand(2, 8000), filters).shape
    torch.Size([2, 1, 48, 63])

    """
    if not span > 0:
        raise ValueError(f"span must be positive, got {span}")
    n_fft = 2 * (filters.shape[1] - 1)
    window = hann_window(n_fft).to(waves)
    grey = [
        _grey(part, filters.to(waves), window, hop_length, span)
        for part in waves.split(256)  # a bound on the memory
    ]
    return torch.cat(grey)[:, None]


def _grey(
    waves: Tensor,
    filters: Tensor,
    window: Tensor,
    hop_length: int,
    span: float,
) -> Tensor:
    """Return decibels below the loudest spot as bytes, (N, M, columns)."""
    spectrum = torch.stft(
        waves, len(window), hop_length, window=window, return_complex=True
    )
    power = filters @ spectrum.abs() ** 2  # (N, M, columns)
    decibels = 10 * torch.log10(power + 1e-10)
    loudest = decibels.amax(dim=(1, 2), keepdim=True)
    grey = 1 + (decibels - loudest).clamp(min=-span) / span
    grey = torch.where(loudest > -90, grey, torch.zeros_like(grey))
    return (255 * grey).round().to(torch.uint8)
