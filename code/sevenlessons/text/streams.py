"""Batches for a model of language: parallel streams of one long text.

All texts are joined, in a new order each epoch, and the long line is cut into
as many streams as a batch has rows. A batch takes the next few words of every
stream. So row 3 of one batch goes on where row 3 of the batch before stopped,
and a model that keeps its state between batches reads on.
"""

from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor

from .stream_checks import check_streams, check_texts

__all__ = ["StreamLoader"]


class StreamLoader:
    """Serve ``(inputs, targets)``: the targets are one word ahead.

    Parameters
    ----------
    texts
        One list of token numbers a text; a text may be empty.
    batch_size
        Parallel streams: rows of every batch.
    length
        Words of each stream in a batch; the last batch may have fewer.
    shuffle
        Join the texts in a new order every epoch. The words of a text stay
        in their order.
    seed
        Start of the loader's own `generator`; no global state is touched.

    Attributes
    ----------
    generator
        Draws the order of the texts.

    Raises
    ------
    TypeError
        If a text holds something else than whole numbers.
    ValueError
        If a number is negative or there are too few words.

    Notes
    -----
    A batch is two tensors of shape ``(batch_size, T)``, int64. At most
    `batch_size` words at the end of the line are left out: they do not fill
    a column.

    Examples
    --------
    >>> loader = StreamLoader([range(7), range(7, 13)], 2, 4, shuffle=False)
    >>> for inputs, targets in loader:
    ...     print(inputs.tolist(), targets.tolist())
    [[0, 1, 2, 3], [6, 7, 8, 9]] [[1, 2, 3, 4], [7, 8, 9, 10]]
    [[4, 5], [10, 11]] [[5, 6], [11, 12]]

    """

    def __init__(
        self,
        texts: Sequence[Sequence[int]],
        batch_size: int,
        length: int,
        *,
        shuffle: bool = True,
        seed: int = 0,
    ) -> None:
        self._words, self._lengths = check_texts(texts)
        check_streams(len(self._words), batch_size, length)
        self.batch_size = batch_size
        self.length = length
        self.shuffle = shuffle
        self.generator = torch.Generator().manual_seed(seed)
        self._each = (len(self._words) - 1) // batch_size  # words a stream

    def __len__(self) -> int:
        return -(-self._each // self.length)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        line = self._joined()
        used = self.batch_size * self._each
        inputs = line[:used].view(self.batch_size, self._each)
        targets = line[1 : used + 1].view(self.batch_size, self._each)
        for start in range(0, self._each, self.length):
            columns = slice(start, start + self.length)
            yield inputs[:, columns], targets[:, columns]

    def _joined(self) -> Tensor:
        """Return all words in one line, the texts in the order of an epoch."""
        if not self.shuffle:
            return self._words
        order = torch.randperm(len(self._lengths), generator=self.generator)
        lengths = self._lengths[order]
        old = (self._lengths.cumsum(0) - self._lengths)[order]  # where from
        new = lengths.cumsum(0) - lengths  # where to
        shift = torch.repeat_interleave(old - new, lengths)
        return self._words[torch.arange(len(self._words)) + shift]

    def state_dict(self) -> dict[str, Tensor]:
        """Return the state of the generator, to go on exactly from here.

        Take it between epochs: the place within an epoch is not part of it.
        """
        return {"generator": self.generator.get_state()}

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Take back what `state_dict` returned."""
        if "generator" not in state:
            raise ValueError(
                "expected the state of a StreamLoader with the key "
                f"'generator', got the keys {sorted(state)}"
            )
        self.generator.set_state(state["generator"].cpu())
