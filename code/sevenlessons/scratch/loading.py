"""From tensors to batches in three small parts: data set, sampler, loader.

The data set knows one row. The sampler knows which rows come together, and in
which order. The loader fetches the rows and stacks them. `torch.utils.data`
divides the work in the same way.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import torch
from torch import Tensor

__all__ = ["RowDataset", "RowLoader", "RowSampler"]


class _Rows(Protocol):
    def __len__(self) -> int: ...
    def __getitem__(self, row: int, /) -> Sequence[Any]: ...


class RowDataset:
    """Rows of several tensors: row 3 is row 3 of each of them.

    Parameters
    ----------
    *tensors
        The inputs, then the target; the first axis of each counts the rows.

    Raises
    ------
    ValueError
        If there is no tensor, or if they have different numbers of rows.

    Examples
    --------
    >>> import torch
    >>> from sevenlessons.scratch.loading import RowDataset
    >>> dataset = RowDataset(torch.arange(4) * 10, torch.tensor([0, 1, 1, 0]))
    >>> len(dataset), dataset[2]
    (4, (tensor(20), tensor(1)))

    """

    def __init__(self, *tensors: Tensor) -> None:
        lengths = [len(tensor) for tensor in tensors]
        if len(set(lengths)) != 1:
            raise ValueError(
                "expected tensors with one number of rows, got "
                f"{lengths or 'no tensor'}; give inputs and target of the "
                "same samples"
            )
        self.tensors = tensors

    def __len__(self) -> int:
        return len(self.tensors[0])

    def __getitem__(self, row: int) -> tuple[Tensor, ...]:
        return tuple(tensor[row] for tensor in self.tensors)


class RowSampler:
    """Deal row numbers out in batches, each row once an epoch.

    Parameters
    ----------
    num_rows
        How many rows there are, at least 1.
    batch_size
        Rows in a batch, at least 1.
    shuffle
        Deal in a new random order each epoch, else in order.
    drop_last
        Leave out a last batch that is not full.
    generator
        Where the order comes from; needed with `shuffle`.

    Raises
    ------
    ValueError
        If a number is too small, no batch is left to deal, or there is
        nothing to shuffle with.

    Examples
    --------
    >>> from sevenlessons.scratch.loading import RowSampler
    >>> list(RowSampler(5, batch_size=2))
    [[0, 1], [2, 3], [4]]
    >>> list(RowSampler(5, batch_size=2, drop_last=True))
    [[0, 1], [2, 3]]

    """

    def __init__(
        self,
        num_rows: int,
        batch_size: int,
        *,
        shuffle: bool = False,
        drop_last: bool = False,
        generator: torch.Generator | None = None,
    ) -> None:
        _check_sampler(num_rows, batch_size, shuffle, drop_last, generator)
        self.num_rows, self.batch_size = num_rows, batch_size
        self.shuffle, self.drop_last = shuffle, drop_last
        self.generator = generator

    def __len__(self) -> int:
        full, rest = divmod(self.num_rows, self.batch_size)
        return full + (rest > 0 and not self.drop_last)

    def __iter__(self) -> Iterator[list[int]]:
        order = torch.arange(self.num_rows)
        if self.shuffle:
            order = torch.randperm(self.num_rows, generator=self.generator)
        for batch in order.split(self.batch_size)[: len(self)]:
            yield batch.tolist()


class RowLoader:
    """Fetch the rows that a sampler deals, and stack them into batches.

    Parameters
    ----------
    dataset
        Has rows: ``dataset[3]`` is a tuple of tensors or numbers.
    sampler
        Yields lists of row numbers; read anew each epoch.

    Raises
    ------
    TypeError
        If `sampler` is an iterator, which one epoch would use up.

    Examples
    --------
    >>> import torch
    >>> from sevenlessons.scratch.loading import RowDataset, RowLoader
    >>> from sevenlessons.scratch.loading import RowSampler
    >>> dataset = RowDataset(torch.eye(3), torch.tensor([0, 1, 2]))
    >>> loader = RowLoader(dataset, RowSampler(3, batch_size=2))
    >>> [(tuple(x.shape), y.tolist()) for x, y in loader]
    [((2, 3), [0, 1]), ((1, 3), [2])]

    """

    def __init__(
        self, dataset: _Rows, sampler: Iterable[Sequence[int]]
    ) -> None:
        if isinstance(sampler, Iterator):
            raise TypeError(
                "sampler must be readable once an epoch, got "
                f"{type(sampler).__name__}, which is used up after one; pass "
                "a list or a RowSampler"
            )
        self.dataset, self.sampler = dataset, sampler

    def __len__(self) -> int:
        return len(self.sampler)  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        for rows in self.sampler:
            samples = [self.dataset[row] for row in rows]
            columns = zip(*samples, strict=True)
            yield tuple(_stacked(column) for column in columns)


def _stacked(column: Sequence[Any]) -> Tensor:
    """Return the values of one column with an axis of samples in front."""
    return torch.stack([torch.as_tensor(value) for value in column])


def _check_sampler(
    num_rows: int,
    batch_size: int,
    shuffle: bool,
    drop_last: bool,
    generator: torch.Generator | None,
) -> None:
    for name, value in (("num_rows", num_rows), ("batch_size", batch_size)):
        if value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}")
    if drop_last and num_rows < batch_size:
        raise ValueError(
            f"{num_rows} rows make no full batch of {batch_size}, and "
            "drop_last leaves out the rest; take smaller batches"
        )
    if shuffle and generator is None:
        raise ValueError(
            "shuffle needs a generator, got None; pass "
            "torch.Generator().manual_seed(0)"
        )
