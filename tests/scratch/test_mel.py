import math

import pytest
import torch

from sevenlessons.scratch.mel import log_mel_pictures, mel_filters


def test_mel_filters_are_triangles_that_add_up_to_one():
    filters = mel_filters(20, 512, 16000, low=300, high=7000)
    hertz = torch.arange(257) * 16000 / 512
    peaks = hertz[filters.argmax(dim=1)]
    assert (peaks.diff() > 0).all() and (filters >= 0).all()
    assert (filters[:, hertz < 300] == 0).all()
    assert (filters[:, hertz > 7000] == 0).all()
    inside = (hertz >= peaks[0] + 60) & (hertz <= peaks[-1] - 60)
    total = filters.sum(dim=0)[inside]
    assert torch.allclose(total, torch.ones_like(total), atol=1e-5)


def test_an_octave_of_high_tones_gets_a_steady_number_of_filters():
    peaks = mel_filters(64, 4096, 16000).argmax(dim=1) * 16000 / 4096
    octave = [((peaks > f) & (peaks <= 2 * f)).sum() for f in (2000, 4000)]
    assert abs(octave[0] - octave[1]) <= 3


def test_picture_shows_a_rising_chirp_as_a_rising_line():
    t = torch.arange(8000) / 8000
    wave = torch.sin(2 * math.pi * (500 * t + 600 * t**2))  # 500 to 1700 Hz
    filters = mel_filters(48, 256, 8000)
    picture = log_mel_pictures(wave[None], filters)
    assert picture.dtype == torch.uint8 and picture.shape == (1, 1, 48, 63)
    assert picture.max() == 255
    rows = picture[0, 0, :, 2:-2].float().argmax(dim=0)
    assert (rows.diff() >= 0).all() and rows[-1] > rows[0] + 10


def test_loudness_does_not_matter_and_silence_is_black():
    filters = mel_filters(48, 256, 8000)
    waves = torch.rand(1, 8000)
    assert torch.equal(
        log_mel_pictures(waves, filters), log_mel_pictures(waves / 2, filters)
    )
    assert log_mel_pictures(torch.zeros(1, 8000), filters).max() == 0


def test_many_sounds_are_the_same_as_one_at_a_time():
    filters = mel_filters(12, 64, 8000)
    waves = torch.rand(300, 200)
    together = log_mel_pictures(waves, filters, hop_length=64)
    alone = [
        log_mel_pictures(w, filters, hop_length=64) for w in waves[:, None]
    ]
    assert together.shape == (300, 1, 12, 4)
    gap = (together.int() - torch.cat(alone).int()).abs()
    assert gap.max() <= 1  # one grey value, where rounding falls otherwise


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: mel_filters(0, 256, 8000), "expected num_mels >= 1"),
        (lambda: mel_filters(9, 256, 8000, high=5000), "high=5000"),
        (lambda: mel_filters(200, 256, 8000), "too narrow for n_fft=256"),
        (
            lambda: log_mel_pictures(
                torch.rand(1, 999), mel_filters(9, 256, 8000), span=0
            ),
            "span must be positive",
        ),
    ],
)
def test_messages(call, words):
    with pytest.raises(ValueError, match=words):
        call()
