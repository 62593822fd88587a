import struct
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sevenlessons.data.wav import (
    WavError,
    find_wavs,
    fit_length,
    read_wav,
    resample,
    write_wav,
)


def write_pcm(path, numbers, width, channels=1, rate=8000):
    """Write whole numbers as PCM; 8 bits are unsigned."""
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        data = b"".join(
            int(n + 128).to_bytes(1, "little")
            if width == 1
            else int(n).to_bytes(width, "little", signed=True)
            for n in numbers
        )
        file.writeframes(data)
    return path


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_every_width_gives_the_same_numbers(width, tmp_path):
    top = 2 ** (8 * width - 1)
    numbers = [0, top // 2, -top // 2, -top, top - 1]
    samples, rate = read_wav(write_pcm(tmp_path / "a.wav", numbers, width))
    expected = np.array(numbers) / top
    assert rate == 8000 and samples.dtype == np.float32
    np.testing.assert_allclose(samples, expected, atol=1e-7)


def test_channels_become_their_mean(tmp_path):
    path = write_pcm(tmp_path / "s.wav", [16384, 0, -16384, -16384], 2, 2)
    samples, _ = read_wav(path)
    np.testing.assert_allclose(samples, [0.25, -0.5])


@given(
    values=st.lists(st.floats(-1, 1), min_size=1, max_size=50),
    rate=st.sampled_from([8000, 44100]),
)
def test_written_then_read(values, rate, tmp_path_factory):
    path = tmp_path_factory.mktemp("wav") / "x.wav"
    write_wav(path, np.array(values), rate)
    samples, read_rate = read_wav(path)
    assert read_rate == rate
    # half a step of 16 bits, or a whole one at +1
    np.testing.assert_allclose(samples, values, atol=1.01 / 32768)


def test_empty(tmp_path):
    (tmp_path / "e.wav").touch()
    with pytest.raises(WavError, match=r"e.wav is empty \(0 bytes\)"):
        read_wav(tmp_path / "e.wav")


def test_missing(tmp_path):
    with pytest.raises(FileNotFoundError, match="no such file"):
        read_wav(tmp_path / "none.wav")


@pytest.mark.parametrize("content", [b"ID3 this is an mp3", b"RIFF", b"\0"])
def test_no_wav(content, tmp_path):
    (tmp_path / "m.wav").write_bytes(content)
    with pytest.raises(WavError, match="is not a PCM"):
        read_wav(tmp_path / "m.wav")


def test_compressed(tmp_path):
    path = write_pcm(tmp_path / "f.wav", [1, 2], 4)
    data = bytearray(path.read_bytes())
    data[20:22] = struct.pack("<H", 3)  # format 3: floating point
    path.write_bytes(data)
    with pytest.raises(WavError, match="ffmpeg"):
        read_wav(path)


@pytest.mark.parametrize("lost", [1, 2, 50, 99])
def test_truncated(lost, tmp_path):
    path = write_pcm(tmp_path / "t.wav", range(50), 2)
    path.write_bytes(path.read_bytes()[:-lost])
    with pytest.raises(WavError, match="truncated: its header promises 100"):
        read_wav(path)


def test_header_cut_off(tmp_path):
    path = write_pcm(tmp_path / "h.wav", range(50), 2)
    path.write_bytes(path.read_bytes()[:30])
    with pytest.raises(WavError, match="is not a PCM"):
        read_wav(path)


def test_no_samples(tmp_path):
    with pytest.raises(WavError, match="holds no sound"):
        read_wav(write_pcm(tmp_path / "n.wav", [], 2))


def test_too_long_is_refused_before_reading(tmp_path):
    path = write_pcm(tmp_path / "l.wav", range(100), 2, rate=10)
    with pytest.raises(WavError, match="lasts 10 s, more than max_seconds=2"):
        read_wav(path, max_seconds=2)


def test_five_bytes_a_sample(tmp_path):
    path = write_pcm(tmp_path / "w.wav", range(10), 4)
    data = bytearray(path.read_bytes())
    data[34:36] = struct.pack("<H", 40)  # 40 bits a sample
    path.write_bytes(data)
    with pytest.raises(WavError, match="says 40 bits"):
        read_wav(path)


def test_write_messages(tmp_path):
    with pytest.raises(ValueError, match=r"shape \(T,\), got \(2, 3\)"):
        write_wav(tmp_path / "a.wav", np.zeros((2, 3)), 8000)
    with pytest.raises(ValueError, match="must be finite"):
        write_wav(tmp_path / "a.wav", np.array([np.nan]), 8000)
    with pytest.raises(ValueError, match="rate must be at least 1"):
        write_wav(tmp_path / "a.wav", np.zeros(2), 0)


def test_find(tmp_path):
    with pytest.raises(FileNotFoundError, match="no such folder"):
        find_wavs(tmp_path / "none")
    with pytest.raises(ValueError, match="put one folder a class"):
        find_wavs(tmp_path)
    (tmp_path / "b").mkdir()
    for name in ("b/2.WAV", "a.wav", "b/1.wav", "b/readme.txt"):
        (tmp_path / name).touch()
    names = [p.relative_to(tmp_path).as_posix() for p in find_wavs(tmp_path)]
    assert names == ["a.wav", "b/1.wav", "b/2.WAV"]


@given(st.integers(0, 20), st.integers(1, 20))
def test_fit_length(have, want):
    samples = np.arange(1, have + 1)
    fitted = fit_length(samples, want)
    assert len(fitted) == want
    kept = fitted[fitted > 0]
    assert len(kept) == min(have, want)
    if have:
        assert (np.diff(kept) == 1).all()


def test_fit_length_message():
    with pytest.raises(ValueError, match="length must be at least 1"):
        fit_length(np.zeros(3), 0)


@pytest.mark.parametrize("new_rate", [4000, 8000, 11025, 44100])
def test_resample_keeps_a_tone_and_drops_what_does_not_fit(new_rate):
    old, new = np.arange(8000) / 8000, np.arange(new_rate) / new_rate
    tone = np.sin(2 * np.pi * 440 * old)
    high = np.sin(2 * np.pi * 3000 * old)
    expected = np.sin(2 * np.pi * 440 * new)
    if new_rate > 6000:
        expected += np.sin(2 * np.pi * 3000 * new)
    got = resample(tone + high, 8000, new_rate)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, expected, atol=1e-5)


def test_resample_message():
    with pytest.raises(ValueError, match="rates must be at least 1, got 0, 9"):
        resample(np.zeros(3), 0, 9)
