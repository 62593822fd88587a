"""What a layer says of each piece of each text, without the padding.

The lower layers of a frozen encoder say the same in every epoch. They run
once; what they said is stored here, text after text, and the layers above
learn from it. Padding is put in when a batch is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

__all__ = ["StateLoader", "TokenStates"]


@dataclass(frozen=True)
class TokenStates:
    """States of all pieces of several texts.

    Attributes
    ----------
    values
        The texts one after the other, shape ``(sum of lengths, E)``; in 32
        or, to save memory, in 16 bits.
    lengths
        Pieces of each text, shape ``(N,)``, each at least 1.

    Examples
    --------
    >>> values = torch.arange(6.0).reshape(3, 2)
    >>> states = TokenStates(values, torch.tensor([1, 2]))
    >>> x, real = states.batch([0, 1])
    >>> x[0].tolist(), real.tolist()
    ([[0.0, 1.0], [0.0, 0.0]], [[True, False], [True, True]])

    """

    values: Tensor
    lengths: Tensor

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.lengths.ndim != 1:
            raise ValueError(
                "expected values (sum of lengths, E) and lengths (N,), got "
                f"{tuple(self.values.shape)} and {tuple(self.lengths.shape)}"
            )
        total = int(self.lengths.sum())
        if total != len(self.values) or bool((self.lengths < 1).any()):
            raise ValueError(
                "lengths must be at least 1 and add up to the rows of "
                f"values, got {total} and {len(self.values)}"
            )

    def __len__(self) -> int:
        return len(self.lengths)

    @cached_property
    def _ends(self) -> Tensor:
        return self.lengths.cumsum(0)

    def text(self, number: int) -> Tensor:
        """Return the states of one text, shape ``(T, E)``."""
        end = int(self._ends[number])
        return self.values[end - int(self.lengths[number]) : end]

    def batch(
        self, rows: Sequence[int] | Tensor, *, multiple: int = 1
    ) -> tuple[Tensor, Tensor]:
        """Return some texts, filled up with zeros to the longest of them.

        Parameters
        ----------
        rows
            Numbers of the texts.
        multiple
            Fill up further, to a multiple of this. A processor prepares a
            program for each shape it meets: fewer shapes, less time.

        Returns
        -------
        tuple of Tensor
            States ``(N, T, E)`` in 32 bits, and ``(N, T)``: true where
            they are real.

        """
        rows = torch.as_tensor(rows)
        lengths = self.lengths[rows]
        starts = self._ends[rows] - lengths
        longest = -(-int(lengths.max()) // multiple) * multiple
        places = torch.arange(longest)
        real = places < lengths[:, None]
        x = torch.zeros(*real.shape, self.values.shape[1])
        x[real] = self.values[(starts[:, None] + places)[real]].float()
        return x, real

    def chosen(self, rows: Sequence[int] | Tensor) -> TokenStates:
        """Return the states of some texts, in the order of `rows`."""
        rows = torch.as_tensor(rows)
        lengths = self.lengths[rows]
        starts = self._ends[rows] - lengths
        first = (lengths.cumsum(0) - lengths).repeat_interleave(lengths)
        within = torch.arange(int(lengths.sum())) - first
        places = starts.repeat_interleave(lengths) + within
        return TokenStates(self.values[places], lengths)


class StateLoader:
    """Serve batches of states with similar lengths, so padding is rare.

    In training the texts are shuffled, and sorted by length within chunks of
    eight batches; then the batches are shuffled. Otherwise they come from
    short to long, and `order` says which is which. Texts are filled up to a
    multiple of eight pieces.

    Parameters
    ----------
    states
        Of all texts.
    target
        One class number a text, shape ``(N,)``.
    batch_size
        Texts in a batch; the last of a chunk may hold fewer.
    shuffle
        Draw a new order every epoch.
    seed
        Start of the loader's own `generator`.

    Attributes
    ----------
    order
        Without `shuffle`, the number of the text at each place.

    Examples
    --------
    >>> states = TokenStates(torch.zeros(6, 2), torch.tensor([3, 1, 2]))
    >>> loader = StateLoader(states, torch.tensor([7, 8, 9]), batch_size=2)
    >>> [(tuple(x.shape), y.tolist()) for x, real, y in loader]
    [((2, 8, 2), [8, 9]), ((1, 8, 2), [7])]

    """

    def __init__(
        self,
        states: TokenStates,
        target: Tensor,
        *,
        batch_size: int = 16,
        shuffle: bool = False,
        seed: int = 0,
    ) -> None:
        if len(states) == 0 or len(states) != len(target):
            raise ValueError(
                "expected one target for each text, at least one, got "
                f"{len(states)} texts and {len(target)} targets"
            )
        if batch_size < 1:
            raise ValueError(
                f"batch_size must be at least 1, got {batch_size}"
            )
        self.states = states
        self.target = target
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.generator = torch.Generator().manual_seed(seed)
        self.order = states.lengths.argsort(stable=True)

    def __len__(self) -> int:
        return -(-len(self.states) // self.batch_size)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        for rows in self._shuffled() if self.shuffle else self._sorted():
            x, real = self.states.batch(rows, multiple=8)
            yield x, real, self.target[rows]

    def _sorted(self) -> list[Tensor]:
        return list(self.order.split(self.batch_size))

    def _shuffled(self) -> list[Tensor]:
        order = torch.randperm(len(self.states), generator=self.generator)
        batches: list[Tensor] = []
        for chunk in order.split(8 * self.batch_size):
            short_first = self.states.lengths[chunk].argsort(stable=True)
            batches += chunk[short_first].split(self.batch_size)
        turns = torch.randperm(len(batches), generator=self.generator)
        return [batches[turn] for turn in turns.tolist()]
