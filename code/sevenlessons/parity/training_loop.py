"""The loop and what feeds it, held against torch's loader and `Learner`."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, RandomSampler, TensorDataset

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.scratch.loading import RowDataset, RowLoader, RowSampler
from sevenlessons.scratch.small_learner import SmallLearner
from sevenlessons.training.learner import Learner
from sevenlessons.training.schedules import LRScheduler, one_cycle

from .pieces import Pair, Piece

__all__ = ["training_loop_pieces"]

_PAGE = "lesson5/digits"


def training_loop_pieces() -> tuple[Piece, ...]:
    """Return the pieces of the training loop.

    Examples
    --------
    >>> from sevenlessons.parity.training_loop import training_loop_pieces
    >>> [piece.name for piece in training_loop_pieces()]
    ['data set, sampler and loader', 'training loop with callbacks']

    """
    return (
        Piece(
            "data set, sampler and loader",
            "scratch/loading",
            "torch.utils.data.DataLoader",
            r"B_k = \{\pi(kb), \dots, \pi(kb + b - 1)\},\ "
            r"\pi\text{ a random order}",
            _PAGE,
            _compare_loaders,
        ),
        Piece(
            "training loop with callbacks",
            "scratch/small_learner",
            "training.learner.Learner and a bare loop with torch.optim.AdamW",
            r"w \leftarrow \mathrm{step}\left(w, \nabla_w "
            r"L(f_w(x_B), y_B)\right)",
            _PAGE,
            _compare_loops,
        ),
    )


def _compare_loaders(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    for rows, size, drop in ((17, 5, False), (17, 5, True), (4, 9, False)):
        inputs, target = _samples(dtype, seed, rows)
        start, other_start = torch.Generator(), torch.Generator()
        sampler = RowSampler(
            rows, size, shuffle=True, drop_last=drop, generator=start
        )
        theirs = DataLoader(
            TensorDataset(inputs, target),
            batch_size=size,
            drop_last=drop,
            sampler=RandomSampler(range(rows), generator=other_start),
        )
        ours = RowLoader(RowDataset(inputs, target), sampler)
        name = f"{rows} rows by {size}{', full ones' if drop else ''}, "
        for epoch in (1, 2):  # torch draws once more at an epoch's end
            start.manual_seed(seed + epoch)
            other_start.manual_seed(seed + epoch)
            for mine, other in zip(ours, theirs, strict=True):
                yield Pair(f"{name}epoch {epoch}, inputs", mine[0], other[0])
                yield Pair(f"{name}epoch {epoch}, target", mine[1], other[1])


def _compare_loops(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    inputs, target = _samples(dtype, seed, 30)

    def parts() -> tuple[nn.Module, TensorLoader, torch.optim.AdamW]:
        """Return a fresh network, its data and its optimizer."""
        draws = torch.Generator().manual_seed(seed)
        model = nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 1))
        model.to(dtype)
        with torch.no_grad():
            for weight in model.parameters():
                weight.copy_(
                    torch.randn(weight.shape, generator=draws, dtype=dtype)
                )
        loader = TensorLoader(
            inputs, target, batch_size=8, shuffle=True, seed=seed
        )
        return model, loader, torch.optim.AdamW(model.parameters(), lr=0.01)

    fitted, losses = [], []
    for kind in (SmallLearner, Learner):
        model, loader, optimizer = parts()
        schedule = LRScheduler(one_cycle(0.02), 3 * len(loader))
        learner = kind(
            model,
            loader,
            [(inputs, target)],
            nn.functional.mse_loss,
            optimizer,
            callbacks=[schedule],
        )
        rows = learner.fit(3).epochs
        fitted.append(model)
        losses.append(
            torch.tensor(
                [row["valid_loss"] for row in rows], dtype=torch.float64
            )
        )
    yield from _weights("Learner", *fitted)
    yield Pair("Learner, validation loss", *losses)

    model, loader, optimizer = parts()
    SmallLearner(
        model, loader, [(inputs, target)], nn.functional.mse_loss, optimizer
    ).fit(3)
    bare, loader, optimizer = parts()
    for _ in range(3):
        for x, y in loader:
            optimizer.zero_grad()
            nn.functional.mse_loss(bare(x), y).backward()
            optimizer.step()
    yield from _weights("bare loop", model, bare)


def _samples(
    dtype: torch.dtype, seed: int, rows: int
) -> tuple[Tensor, Tensor]:
    draws = torch.Generator().manual_seed(seed + 1)
    inputs = torch.randn(rows, 3, generator=draws, dtype=dtype)
    return inputs, inputs.sum(dim=1, keepdim=True).sin()


def _weights(name: str, ours: nn.Module, theirs: nn.Module) -> Iterator[Pair]:
    other = dict(theirs.named_parameters())
    for key, weight in ours.named_parameters():
        yield Pair(f"{name}, {key}", weight, other[key])
