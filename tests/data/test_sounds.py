import numpy as np
import pytest
import torch

from sevenlessons.data.sounds import (
    CLASSES,
    PITCHES,
    SHAPES,
    generate_sound,
    generate_sounds,
    write_sound_folder,
)
from sevenlessons.data.wav import read_wav


def test_same_seed_same_sounds_other_seed_others():
    first, labels = generate_sounds(3, seed=5)
    again, _ = generate_sounds(3, seed=5)
    other, _ = generate_sounds(3, seed=6)
    assert torch.equal(first, again)
    assert not torch.isclose(first, other).all(dim=1).any()
    assert first.shape == (18, 8000) and first.dtype == torch.float32
    assert labels.bincount().tolist() == [3] * 6


@pytest.mark.parametrize("name", CLASSES)
def test_levels_and_lengths_vary_within_a_class(name):
    rng = np.random.default_rng(0)
    sounds = np.stack([generate_sound(name, rng) for _ in range(20)])
    loudest = np.abs(sounds).max(axis=1)
    assert np.isfinite(sounds).all()
    assert 0.04 < loudest.min() < 0.25 < loudest.max() <= 0.71


def test_dominant_frequencies_overlap():
    """The medians of all classes lie within half an octave."""
    waves, labels = generate_sounds(120, seed=0)
    peak = torch.fft.rfft(waves).abs().argmax(dim=1).float()  # 1 Hz a bin
    medians = torch.stack([peak[labels == k].median() for k in range(6)])
    assert medians.max() / medians.min() < 2 ** (1 / 2)
    inside = (peak > 0.5 * PITCHES[0]) & (peak < 2 * PITCHES[1])
    assert inside.float().mean() > 0.97


def pitch_over_time(name, seed=3):
    """Pitch of the clean shape, from the zero crossings of 50 ms."""
    t = np.arange(6400) / 8000
    signal = SHAPES[name](t, 1000.0, np.random.default_rng(seed))
    windows = signal.reshape(-1, 400)
    spectrum = np.abs(np.fft.rfft(windows * np.hanning(400), axis=1))
    return spectrum.argmax(axis=1) * 20.0, np.abs(windows).max(axis=1)


def test_each_shape_is_what_its_name_says():
    up, _ = pitch_over_time("chirp_up")
    down, _ = pitch_over_time("chirp_down")
    tone, level = pitch_over_time("tone")
    assert up[-1] > up[0] + 100 and (np.diff(up) >= 0).all()
    assert down[-1] < down[0] - 100 and (np.diff(down) <= 0).all()
    assert np.ptp(tone) == 0 and level.min() > 0.9 * level.max()
    steady, swinging = pitch_over_time("tremolo")
    assert np.ptp(steady) <= 20 and swinging.min() < 0.6 * swinging.max()
    warble, _ = pitch_over_time("warble")
    turns = (
        np.diff(np.sign(np.diff(warble[np.diff(warble, prepend=0) != 0]))) != 0
    ).sum()
    assert np.ptp(warble) >= 100 and turns >= 2
    burst, _ = pitch_over_time("burst")
    assert 500 < np.median(burst) < 1500


def test_folder_holds_the_same_sounds(tmp_path):
    table = write_sound_folder(tmp_path, 2, seed=4)
    waves, labels = generate_sounds(2, seed=4)
    assert len(table) == 12
    assert table["label"].tolist() == [CLASSES[k] for k in labels]
    assert [p.parent.name for p in table["path"]] == table["label"].tolist()
    for path, wave in zip(table["path"], waves.numpy(), strict=True):
        samples, rate = read_wav(path)
        assert rate == 8000
        np.testing.assert_allclose(samples, wave, atol=1 / 32768)


def test_messages():
    with pytest.raises(ValueError, match="name must be one of"):
        generate_sound("bang", np.random.default_rng(0))
    with pytest.raises(ValueError, match="num_per_class must be at least 1"):
        generate_sounds(0)
