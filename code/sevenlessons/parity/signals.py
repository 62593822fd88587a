r"""Sound, components and numbers in memory, beside three libraries."""

from collections.abc import Iterator

import torch
from sklearn.decomposition import PCA
from torch import Tensor
from torch.nn import functional

from sevenlessons.scratch.float_bits import pieces, rounded
from sevenlessons.scratch.loss_scaling import LossScaler
from sevenlessons.scratch.pca import pca
from sevenlessons.scratch.spectrogram import frames, hann_window, stft

from .pieces import Pair, Piece
from .sides import compare_functions

__all__ = ["signal_pieces"]

_DOUBLE = (torch.float64,)


def signal_pieces() -> tuple[Piece, ...]:
    """Return the pieces that turn signals and numbers into others.

    Examples
    --------
    >>> from sevenlessons.parity.signals import signal_pieces
    >>> signal_pieces()[0].name
    'fading window'

    """
    return (
        Piece(
            "fading window",
            "scratch/spectrogram",
            "torch.hann_window",
            r"\tfrac12\,(1 - \cos 2\pi t / n)",
            "lesson1/anything",
            _window,
            _DOUBLE,
        ),
        Piece(
            "slices of a sound",
            "scratch/spectrogram",
            "torch.Tensor.unfold",
            r"x_{k h}, \ldots, x_{k h + n - 1}",
            "lesson1/anything",
            _slices,
        ),
        Piece(
            "short-time Fourier transform",
            "scratch/spectrogram",
            "torch.stft",
            r"X_f = \sum_t w_t\,x_t\,e^{-2\pi i f t / n}",
            "lesson1/anything",
            _stft,
        ),
        Piece(
            "principal components",
            "scratch/pca",
            "sklearn.decomposition.PCA",
            r"X - \bar{x} = U S V^\top",
            "lesson4/collaborative",
            _pca,
        ),
        Piece(
            "rounding to fewer bits",
            "scratch/float_bits",
            "torch.Tensor.to",
            r"\pm 1.\mathrm{fraction} \cdot 2^{\mathrm{exponent}}",
            "lesson3/faster",
            _rounded,
            _DOUBLE,
        ),
        Piece(
            "scale of the loss",
            "scratch/loss_scaling",
            "torch.amp.GradScaler",
            r"s \leftarrow s / 2 \text{ or } 2s",
            "lesson3/faster",
            _scales,
            (torch.float32,),
        ),
    )


def _waves(dtype: torch.dtype, seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(2, 90, generator=generator, dtype=dtype)


def _window(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    for size in (1, 2, 7, 256 + seed):
        theirs = torch.hann_window(size, dtype=dtype)
        yield Pair(f"{size} samples", hann_window(size), theirs)


def _slices(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    for size, hop in ((8, 4), (16, 3)):
        yield from compare_functions(
            lambda x, size=size, hop=hop: frames(x, size, hop),
            lambda x, size=size, hop=hop: functional.pad(
                x, (size // 2, size // 2), mode="reflect"
            ).unfold(1, size, hop),
            [_waves(dtype, seed)],
            prefix=f"{size} samples, {hop} apart: ",
        )


def _stft(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    for size, hop in ((8, 4), (16, 3)):
        window = torch.hann_window(size, dtype=dtype)

        def theirs(
            x: Tensor, size: int = size, hop: int = hop, w: Tensor = window
        ) -> Tensor:
            made = torch.stft(x, size, hop, window=w, return_complex=True)
            return torch.view_as_real(made)

        yield from compare_functions(
            lambda x, size=size, hop=hop: torch.view_as_real(
                stft(x, size, hop)
            ),
            theirs,
            [_waves(dtype, seed)],
            prefix=f"{size} samples, {hop} apart: ",
        )


def _pca(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    rows = torch.randn(40, 5, generator=generator, dtype=dtype)
    rows = rows / 2 ** torch.arange(5)  # directions that are told apart
    ours = pca(rows, 3)
    theirs = PCA(3, svd_solver="full").fit(rows.numpy())
    directions = torch.from_numpy(theirs.components_).to(dtype)
    signs = (directions * ours.directions).sum(dim=1).sign()
    yield Pair("directions", ours.directions, signs[:, None] * directions)
    share = torch.from_numpy(theirs.explained_variance_ratio_).to(dtype)
    yield Pair("shares", ours.share, share)
    places = torch.from_numpy(theirs.transform(rows.numpy())).to(dtype)
    yield Pair("places", ours.transform(rows), signs * places)


def _rounded(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(60, generator=generator, dtype=dtype)
    x = x * 10 ** (20 * torch.rand(60, generator=generator) - 10)
    for name, kind in {
        "float32": torch.float32,
        "float16": torch.float16,
        "bfloat16": torch.bfloat16,
    }.items():
        # by float32 first: torch has no direct way down from float64
        near = [rounded(rounded(v, "float32"), name) for v in x.tolist()]
        theirs = x.float().to(kind).to(dtype)
        yield Pair(name, torch.tensor(near, dtype=dtype), theirs)
        cut = [pieces(value, name).value for value in theirs.tolist()]
        yield Pair(f"{name}, cut up", torch.tensor(cut, dtype=dtype), theirs)


def _scales(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    bad = (torch.rand(40, generator=generator) < 0.2).tolist()
    weight = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=0.1)
    theirs = torch.amp.GradScaler("cpu", init_scale=1024.0, growth_interval=3)
    ours = LossScaler(1024.0, interval=3)
    scales: tuple[list[float], list[float]] = ([], [])
    for overflow in bad:
        gradient = torch.tensor([float("inf") if overflow else 1.0])
        weight.grad = gradient.clone()
        theirs.scale(torch.zeros(()))
        theirs.step(optimizer)
        theirs.update()
        ours.update(ours.unscale([gradient]))
        scales[0].append(ours.scale)
        scales[1].append(theirs.get_scale())
    one, two = (torch.tensor(side, dtype=dtype) for side in scales)
    yield Pair("scales", one, two)
