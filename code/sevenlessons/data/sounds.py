"""Sounds made by formula: six classes with the same dominant frequencies.

No microphone was used. Every sound is computed here from random numbers, so
a page that uses them says "generated". They are hard on purpose: pitch,
length, onset, loudness and background noise are drawn from the same ranges
for every class. What differs is the *shape in time*, which a rule on the
dominant frequency cannot see. Start at `SHAPES`: one short function a class.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from .wav import write_wav

__all__ = ["generate_sound", "generate_sounds", "write_sound_folder"]

SAMPLE_RATE = 8000  # samples a second
PITCHES = (400.0, 2400.0)  # Hz, the same range for every class
DURATIONS = (0.4, 0.9)  # seconds of sound in the clip of one second
SNRS = (-3.0, 15.0)  # signal over noise in dB, within the sound
LEVELS = (0.05, 0.7)  # loudest sample of the clip

Shape = Callable[[np.ndarray, float, np.random.Generator], np.ndarray]


def _phase(frequency: np.ndarray) -> np.ndarray:
    """Return the phase in radians of a frequency (Hz) that may move."""
    return 2 * np.pi * np.cumsum(frequency) / SAMPLE_RATE


def _with_overtones(phase: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Add up to two weaker overtones, so that no class is a pure sine."""
    weights = rng.uniform(0, 0.5, size=2) * rng.integers(0, 2, size=2)
    over = sum(
        w * np.sin(k * phase) for k, w in zip((2, 3), weights, strict=True)
    )
    return np.sin(phase) + over


def _tone(t: np.ndarray, pitch: float, rng: np.random.Generator) -> np.ndarray:
    """Hold one pitch."""
    return _with_overtones(_phase(np.full_like(t, pitch)), rng)


def _chirp(
    t: np.ndarray, pitch: float, rng: np.random.Generator, direction: int
) -> np.ndarray:
    """Glide through `pitch`, up (1) or down (-1), by 0.3 to 1.2 octaves."""
    octaves = rng.uniform(0.3, 1.2)
    position = t / t[-1] - 0.5  # from -0.5 to 0.5
    return _with_overtones(
        _phase(pitch * 2 ** (direction * octaves * position)), rng
    )


def _chirp_up(
    t: np.ndarray, pitch: float, rng: np.random.Generator
) -> np.ndarray:
    return _chirp(t, pitch, rng, 1)


def _chirp_down(
    t: np.ndarray, pitch: float, rng: np.random.Generator
) -> np.ndarray:
    return _chirp(t, pitch, rng, -1)


def _tremolo(
    t: np.ndarray, pitch: float, rng: np.random.Generator
) -> np.ndarray:
    """Hold the pitch and swing the loudness 5 to 12 times a second."""
    rate, depth = rng.uniform(5, 12), rng.uniform(0.7, 1)
    swing = 1 - depth / 2 * (
        1 + np.sin(2 * np.pi * rate * t + rng.uniform(0, 6))
    )
    return swing * _tone(t, pitch, rng)


def _warble(
    t: np.ndarray, pitch: float, rng: np.random.Generator
) -> np.ndarray:
    """Hold the loudness and swing the pitch 3 to 7 times a second."""
    rate, depth = rng.uniform(3, 7), rng.uniform(0.08, 0.2)
    swing = 1 + depth * np.sin(2 * np.pi * rate * t + rng.uniform(0, 6))
    return _with_overtones(_phase(pitch * swing), rng)


def _burst(
    t: np.ndarray, pitch: float, rng: np.random.Generator
) -> np.ndarray:
    """Let noise through in a band around `pitch`."""
    spectrum = np.fft.rfft(rng.standard_normal(len(t)))
    frequency = np.fft.rfftfreq(len(t), 1 / SAMPLE_RATE)
    width = pitch * rng.uniform(0.08, 0.3)
    spectrum *= np.exp(-0.5 * ((frequency - pitch) / width) ** 2)
    return np.fft.irfft(spectrum, len(t))


SHAPES: dict[str, Shape] = {
    "burst": _burst,
    "chirp_down": _chirp_down,
    "chirp_up": _chirp_up,
    "tone": _tone,
    "tremolo": _tremolo,
    "warble": _warble,
}
CLASSES = tuple(SHAPES)


def generate_sound(name: str, rng: np.random.Generator) -> np.ndarray:
    """Return one generated sound of one second.

    Parameters
    ----------
    name
        One of `CLASSES`.
    rng
        Source of all randomness; it is moved on.

    Returns
    -------
    numpy.ndarray
        Samples in ``[-1, 1]``, float32, shape ``(8000,)``.

    Raises
    ------
    ValueError
        If `name` is no class.

    Examples
    --------
    >>> sound = generate_sound("tone", np.random.default_rng(0))
    >>> sound.shape, bool(abs(sound).max() <= 1)
    ((8000,), True)

    """
    if name not in SHAPES:
        raise ValueError(f"name must be one of {CLASSES}, got {name!r}")
    pitch = np.exp(rng.uniform(*np.log(PITCHES)))
    length = int(rng.uniform(*DURATIONS) * SAMPLE_RATE)
    start = rng.integers(0, SAMPLE_RATE - length + 1)
    t = np.arange(length) / SAMPLE_RATE
    signal = SHAPES[name](t, pitch, rng)
    ramp = np.clip(np.minimum(t, t[::-1]) / 0.02, 0, 1)  # 20 ms, no click
    signal = signal * ramp / np.sqrt(np.mean(signal**2))
    clip = rng.standard_normal(SAMPLE_RATE) * 10 ** (-rng.uniform(*SNRS) / 20)
    clip[start : start + length] += signal
    clip *= rng.uniform(*LEVELS) / np.abs(clip).max()
    return clip.astype(np.float32)


def generate_sounds(
    num_per_class: int, *, seed: int = 0
) -> tuple[Tensor, Tensor]:
    """Return generated sounds, the classes taking turns, and their labels.

    Parameters
    ----------
    num_per_class
        Sounds of each class, at least 1.
    seed
        The same seed gives the same sounds; another gives fresh ones.

    Returns
    -------
    tuple of Tensor
        Waves, float32 of shape ``(N, 8000)``, and class numbers, ``(N,)``.

    Raises
    ------
    ValueError
        If `num_per_class` is below 1.

    Examples
    --------
    >>> waves, labels = generate_sounds(2, seed=1)
    >>> waves.shape, labels.tolist()[:7]
    (torch.Size([12, 8000]), [0, 1, 2, 3, 4, 5, 0])

    """
    if num_per_class < 1:
        raise ValueError(
            f"num_per_class must be at least 1, got {num_per_class}"
        )
    rng = np.random.default_rng(seed)
    names = CLASSES * num_per_class
    waves = np.stack([generate_sound(name, rng) for name in names])
    labels = torch.arange(len(CLASSES)).repeat(num_per_class)
    return torch.from_numpy(waves), labels


def write_sound_folder(
    folder: str | Path, num_per_class: int, *, seed: int = 0
) -> pd.DataFrame:
    """Write generated sounds as wav files, one folder a class.

    Parameters
    ----------
    folder
        Where to write; made if it does not exist.
    num_per_class
        Files of each class, at least 1.
    seed
        As in `generate_sounds`.

    Returns
    -------
    pandas.DataFrame
        Columns ``path`` and ``label``, one row a file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     table = write_sound_folder(folder, 1)
    >>> table["path"][0].name, table["label"][0]
    ('generated-0000.wav', 'burst')

    """
    waves, labels = generate_sounds(num_per_class, seed=seed)
    rows = []
    for i, (wave, label) in enumerate(
        zip(waves.numpy(), labels.tolist(), strict=True)
    ):
        name = CLASSES[label]
        number = i // len(CLASSES)
        path = Path(folder) / name / f"generated-{number:04d}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_wav(path, wave, SAMPLE_RATE)
        rows.append({"path": path, "label": name})
    return pd.DataFrame(rows)
