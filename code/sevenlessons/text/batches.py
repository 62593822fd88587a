"""Batches of texts of similar length, filled up on the right.

A batch is as long as its longest text; the rest is padding, which costs time
and means nothing. So texts of similar length go together: shuffled first,
sorted within large chunks, so that batches still differ from epoch to epoch.
Each batch says how long its texts really are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

__all__ = ["TextLoader", "padded"]


def padded(
    texts: Sequence[Sequence[int]], padding: int = 1
) -> tuple[Tensor, Tensor]:
    """Return numbers ``(N, T)``, filled up on the right, and lengths.

    Parameters
    ----------
    texts
        One list of token numbers a text, each with at least one.
    padding
        Number that fills up.

    Raises
    ------
    ValueError
        If there is no text, or one is empty.

    Examples
    --------
    >>> padded([[5, 6, 7], [8]])
    (tensor([[5, 6, 7],
            [8, 1, 1]]), tensor([3, 1]))

    """
    _check(texts)
    rows = [torch.as_tensor(text, dtype=torch.int64) for text in texts]
    lengths = torch.tensor([len(row) for row in rows])
    return pad_sequence(rows, batch_first=True, padding_value=padding), lengths


def _check(texts: Sequence[Sequence[int]]) -> None:
    if not len(texts):
        raise ValueError("expected at least one text, got none")
    for place, text in enumerate(texts):
        if not len(text):
            raise ValueError(
                f"text {place} has no token; mark('') gives an empty text "
                "the one token 'xxbos'"
            )


def _check_whole(labels: Tensor) -> None:
    if labels.is_floating_point():
        wrong = labels[labels != labels.round()]  # nan is not even itself
        wrong = torch.cat([wrong, labels[labels.isinf()]])
        if len(wrong):
            raise ValueError(
                "expected whole class numbers as target, got "
                f"{wrong[0].item():g}; number the classes, and leave out "
                "texts whose class is missing"
            )


class TextLoader:
    """Serve ``(numbers, lengths, target)``, texts of similar length together.

    Parameters
    ----------
    texts
        One list of token numbers a text, none empty.
    target
        One class number a text, whole; zeros when None, for texts whose
        class nobody knows.
    batch_size
        Texts in a batch; the last may hold fewer.
    shuffle
        A new order every epoch. Otherwise longest first, always the same:
        see `order`.
    chunk
        Batches that are sorted together when shuffled.
    padding
        Number that fills up.
    seed
        Start of the loader's own `generator`; no global state is touched.

    Attributes
    ----------
    order
        Which text each row is, over all batches, of the last or the only
        epoch.

    Examples
    --------
    >>> loader = TextLoader([[3], [4, 5], [6]], [0, 1, 0], batch_size=2)
    >>> for numbers, lengths, target in loader:
    ...     print(numbers.tolist(), lengths.tolist(), target.tolist())
    [[4, 5], [3, 1]] [2, 1] [1, 0]
    [[6]] [1] [0]
    >>> loader.order
    tensor([1, 0, 2])

    """

    def __init__(
        self,
        texts: Sequence[Sequence[int]],
        target: Sequence[int] | Tensor | None = None,
        *,
        batch_size: int = 32,
        shuffle: bool = False,
        chunk: int = 20,
        padding: int = 1,
        seed: int = 0,
    ) -> None:
        _check(texts)
        self._texts = [torch.as_tensor(t, dtype=torch.int64) for t in texts]
        self._lengths = torch.tensor([len(text) for text in self._texts])
        self.padding = padding
        labels = torch.zeros(len(texts)) if target is None else target
        if not isinstance(labels, Tensor):
            labels = torch.tensor(labels)  # a copy: pandas' may be read-only
        _check_whole(labels)
        self.target = labels.long()
        if len(self.target) != len(texts):
            raise ValueError(
                f"expected a target for each of the {len(texts)} texts, got "
                f"{len(self.target)}"
            )
        if batch_size < 1 or chunk < 1:
            raise ValueError(
                "batch_size and chunk must be at least 1, got "
                f"{batch_size} and {chunk}"
            )
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.chunk = chunk
        self.generator = torch.Generator().manual_seed(seed)
        self.order = self._longest_first(torch.arange(len(texts)))

    def __len__(self) -> int:
        return -(-len(self._texts) // self.batch_size)

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        batches = list(self.order.split(self.batch_size))
        if self.shuffle:
            batches = self._shuffled()
            self.order = torch.cat(batches)
        for rows in batches:
            texts = [self._texts[row] for row in rows.tolist()]
            numbers = pad_sequence(
                texts, batch_first=True, padding_value=self.padding
            )
            yield numbers, self._lengths[rows], self.target[rows]

    def _shuffled(self) -> list[Tensor]:
        """Return batches in random order, each of similar lengths."""
        order = torch.randperm(len(self._texts), generator=self.generator)
        chunks = order.split(self.batch_size * self.chunk)
        batches = [
            batch
            for chunk in chunks
            for batch in self._longest_first(chunk).split(self.batch_size)
        ]
        shuffled = torch.randperm(len(batches), generator=self.generator)
        return [batches[i] for i in shuffled.tolist()]

    def _longest_first(self, rows: Tensor) -> Tensor:
        lengths = self._lengths[rows]
        return rows[lengths.argsort(descending=True, stable=True)]

    def state_dict(self) -> dict[str, Tensor]:
        """Return the state of the generator, to go on exactly from here."""
        return {"generator": self.generator.get_state()}

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Take back what `state_dict` returned."""
        if "generator" not in state:
            raise ValueError(
                "expected the state of a TextLoader with the key "
                f"'generator', got the keys {sorted(state)}"
            )
        self.generator.set_state(state["generator"].cpu())
