"""Read and write .wav files: plain PCM, with clear words when a file is bad.

Python's own `wave` module finds the header; numpy turns the bytes into
numbers. A sample of 8 bits is unsigned, of 16, 24 or 32 bits signed, little
end first.
"""

import wave
from pathlib import Path

import numpy as np

__all__ = [
    "WavError",
    "find_wavs",
    "fit_length",
    "read_wav",
    "resample",
    "write_wav",
]

MAX_SECONDS = 600.0


class WavError(ValueError):
    """A file that cannot be read as sound; the message says what to do."""


def _to_float(data: bytes, width: int) -> np.ndarray:
    """Return PCM bytes with `width` bytes a sample as floats in [-1, 1)."""
    if width == 1:  # unsigned, 128 is silence
        return (np.frombuffer(data, np.uint8).astype(np.float32) - 128) / 128
    if width == 3:  # numpy has no 24-bit type: put a zero byte below
        wide = np.zeros((len(data) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        data, width = wide.tobytes(), 4
    samples = np.frombuffer(data, f"<i{width}")
    return (samples / 2.0 ** (8 * width - 1)).astype(np.float32)


def read_wav(
    path: str | Path, *, max_seconds: float = MAX_SECONDS
) -> tuple[np.ndarray, int]:
    """Return the sound in a .wav file and its sample rate.

    Several channels become one by their mean.

    Parameters
    ----------
    path
        A PCM file with 8, 16, 24 or 32 bits a sample.
    max_seconds
        A longer file is refused before it is read.

    Returns
    -------
    tuple
        Samples in ``[-1, 1)``, float32, shape ``(T,)``; samples a second.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    WavError
        If the file is empty, truncated, too long, compressed or no wav.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "click.wav"
    ...     write_wav(file, np.array([0.0, 0.5, -0.5]), 8000)
    ...     samples, rate = read_wav(file)
    >>> samples.tolist(), rate
    ([0.0, 0.5, -0.5], 8000)

    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"no such file: {path}")
    if path.stat().st_size == 0:
        raise WavError(f"{path} is empty (0 bytes); delete or replace it")
    try:
        with wave.open(str(path), "rb") as file:
            channels, width, rate, frames, *_ = file.getparams()
            if rate and frames / rate > max_seconds:
                raise WavError(
                    f"{path} lasts {frames / rate:.0f} s, more than "
                    f"max_seconds={max_seconds:g}; cut it into pieces"
                )
            data = file.readframes(frames)
    except (wave.Error, EOFError) as error:
        raise WavError(
            f"{path} is not a PCM .wav file ({error or 'header cut off'}); "
            "convert it, for example: ffmpeg -i INPUT -c:a pcm_s16le OUT.wav"
        ) from error
    if width not in (1, 2, 3, 4) or rate < 1 or channels < 1:
        raise WavError(
            f"{path} says {8 * width} bits, {channels} channels and "
            f"{rate} Hz; expected 8, 16, 24 or 32 bits of PCM"
        )
    expected = frames * width * channels
    if len(data) < expected:
        raise WavError(
            f"{path} is truncated: its header promises {expected} bytes of "
            f"sound, {len(data)} are there; copy or download it again"
        )
    if frames == 0:
        raise WavError(f"{path} holds no sound (0 samples); delete it")
    samples = _to_float(data, width).reshape(-1, channels)
    return samples.mean(axis=1, dtype=np.float32), rate


def write_wav(path: str | Path, samples: np.ndarray, rate: int) -> None:
    """Write one channel of sound as a 16-bit .wav file.

    Parameters
    ----------
    path
        File to write.
    samples
        Values in ``[-1, 1]``, shape ``(T,)``; what lies outside is clipped.
    rate
        Samples a second, at least 1.

    Raises
    ------
    ValueError
        If `samples` has another shape, is not finite, or `rate` is below 1.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_wav(Path(folder) / "silence.wav", np.zeros(100), 8000)

    """
    samples = np.asarray(samples, dtype=np.float64)
    if samples.ndim != 1:
        raise ValueError(
            f"samples must have shape (T,), got {samples.shape}; "
            "take one channel or the mean of all"
        )
    if not np.isfinite(samples).all():
        raise ValueError("samples must be finite, got NaN or infinity")
    if rate < 1:
        raise ValueError(f"rate must be at least 1, got {rate}")
    numbers = np.clip(np.round(samples * 32768), -32768, 32767)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, int(rate), len(samples), "NONE", ""))
        file.writeframes(numbers.astype("<i2").tobytes())


def find_wavs(folder: str | Path) -> list[Path]:
    """Return every .wav file below `folder`, sorted.

    Raises
    ------
    FileNotFoundError
        If there is no such folder.
    ValueError
        If it holds no .wav file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_wav(Path(folder) / "a.wav", np.zeros(9), 8000)
    ...     len(find_wavs(folder))
    1

    """
    folder = Path(folder)
    if not folder.is_dir():
        raise FileNotFoundError(f"no such folder: {folder}")
    found = sorted(
        p
        for p in folder.rglob("*")
        if p.suffix.lower() == ".wav" and p.is_file()
    )
    if not found:
        raise ValueError(
            f"no .wav file in {folder}; put one folder a class there, "
            "with the sounds of that class inside"
        )
    return found


def fit_length(samples: np.ndarray, length: int) -> np.ndarray:
    """Cut the middle out of a long sound, or pad a short one with silence.

    Parameters
    ----------
    samples
        Shape ``(T,)``.
    length
        Samples wanted, at least 1.

    Returns
    -------
    numpy.ndarray
        Shape ``(length,)``.

    Raises
    ------
    ValueError
        If `length` is below 1.

    Examples
    --------
    >>> fit_length(np.arange(5), 3).tolist()
    [1, 2, 3]
    >>> fit_length(np.ones(2), 4).tolist()
    [0.0, 1.0, 1.0, 0.0]

    """
    if length < 1:
        raise ValueError(f"length must be at least 1, got {length}")
    extra = length - len(samples)
    if extra <= 0:
        start = -extra // 2
        return samples[start : start + length]
    return np.pad(samples, (extra // 2, extra - extra // 2))


def resample(samples: np.ndarray, rate: int, new_rate: int) -> np.ndarray:
    """Return the same sound with `new_rate` samples a second, float32.

    Goes through the frequencies, so that what `new_rate` cannot hold is left
    out instead of folded back.

    Raises
    ------
    ValueError
        If a rate is below 1.

    Examples
    --------
    >>> resample(np.ones(44100), 44100, 8000).shape
    (8000,)

    """
    if rate < 1 or new_rate < 1:
        raise ValueError(f"rates must be at least 1, got {rate}, {new_rate}")
    length = max(1, round(len(samples) * new_rate / rate))
    if rate == new_rate:
        return samples.astype(np.float32)
    spectrum = np.fft.rfft(samples) * (length / len(samples))
    return np.fft.irfft(spectrum, length).astype(np.float32)
