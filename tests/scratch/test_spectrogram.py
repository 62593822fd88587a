import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sevenlessons.scratch.spectrogram import frames, hann_window, stft


def torch_stft(waves, n_fft, hop_length):
    window = torch.hann_window(n_fft, dtype=waves.dtype)
    return torch.stft(
        waves, n_fft, hop_length, window=window, return_complex=True
    )


@given(
    half=st.integers(1, 64),
    hop_length=st.integers(1, 100),
    extra=st.integers(1, 300),
    seed=st.integers(0, 99),
)
@settings(max_examples=60, deadline=None)
def test_equals_torch_for_any_size(half, hop_length, extra, seed):
    generator = torch.Generator().manual_seed(seed)
    waves = torch.randn(
        2, half + extra, generator=generator, dtype=torch.float64
    )
    ours = stft(waves, 2 * half, hop_length)
    reference = torch_stft(waves, 2 * half, hop_length)
    assert ours.shape == reference.shape
    # float64, sums of at most 128 terms of size 1
    assert (ours - reference).abs().max() < 1e-11


def test_gradient_equals_torch():
    waves = torch.randn(3, 700, dtype=torch.float64)
    gradients = []
    for transform in (stft, torch_stft):
        x = waves.clone().requires_grad_()
        (transform(x, 64, 20).abs() ** 2).sin().sum().backward()
        gradients.append(x.grad)
    # float64; the sine bounds each term, the sums have a few hundred
    assert (gradients[0] - gradients[1]).abs().max() < 1e-9


def test_gradcheck():
    x = torch.randn(1, 20, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(
        lambda w: torch.view_as_real(stft(w, 8, 3)), x
    )


def test_float32_stays_float32():
    assert stft(torch.rand(1, 400)).dtype == torch.complex64


@pytest.mark.parametrize("n_fft", [1, 2, 5, 256])
def test_window_equals_torch(n_fft):
    reference = torch.hann_window(n_fft, dtype=torch.float64)
    assert (hann_window(n_fft) - reference).abs().max() < 1e-15


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: hann_window(0), "n_fft must be at least 1, got 0"),
        (lambda: frames(torch.rand(1, 99), 1, 1), "n_fft must be at least 2"),
        (lambda: frames(torch.rand(1, 99), 4, 0), "hop_length at least 1"),
        (lambda: frames(torch.rand(99), 4, 1), r"add a batch axis"),
        (lambda: stft(torch.rand(1, 128)), "expected more than n_fft // 2"),
    ],
)
def test_messages(call, words):
    with pytest.raises(ValueError, match=words):
        call()
