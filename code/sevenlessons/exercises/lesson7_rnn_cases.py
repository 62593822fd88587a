"""A model that adds up what it reads, and batches that show what it kept."""

import torch
from torch import Tensor, nn

from sevenlessons.page.trial import Trial

__all__ = ["Sums", "adding_batches", "share_right"]


class Sums(nn.Module):
    """Says the sum of what it read since the last reset, modulo 5.

    Parameters
    ----------
    left
        What an earlier text left in its state.

    Examples
    --------
    >>> Sums(left=3)(torch.tensor([[1, 4]])).argmax(-1).tolist()
    [[4, 3]]

    """

    def __init__(self, left: int) -> None:
        super().__init__()
        self.state: int | Tensor = left
        self.log: list[tuple[bool, int]] = []

    def reset(self) -> None:
        """Forget what was read."""
        self.state = 0

    def forward(self, numbers: Tensor) -> Tensor:
        """Return one-hot sums, shape ``(N, T, 5)``."""
        sums = numbers.cumsum(1) + self.state
        self.log.append((self.training, len(numbers)))
        self.state = sums[:, -1:]
        return nn.functional.one_hot(sums % 5, 5).float()


def adding_batches(
    trial: Trial, lengths: list[int], rows: int
) -> list[tuple[Tensor, Tensor]]:
    """Return batches whose score moves with every state one begins in.

    Parameters
    ----------
    trial
        What draws.
    lengths
        Words of each batch.
    rows
        Streams.

    """
    whole = torch.randint(
        1, 5, (rows, sum(lengths)), generator=trial.generator
    )
    whole[:, -1] += (-whole.sum(1)) % 5 + 1  # the sum is no multiple of 5
    target = whole.cumsum(1) % 5
    target[:, lengths[0] :: 3] = (target[:, lengths[0] :: 3] + 1) % 5
    return list(
        zip(whole.split(lengths, 1), target.split(lengths, 1), strict=True)
    )


def share_right(batches: list[tuple[Tensor, Tensor]]) -> float:
    """Return the share that `Sums` says right after a reset.

    Examples
    --------
    >>> share_right([(torch.tensor([[1, 4]]), torch.tensor([[1, 1]]))])
    0.5

    """
    inputs = torch.cat([x for x, _ in batches], 1)
    targets = torch.cat([y for _, y in batches], 1)
    hits = inputs.cumsum(1) % 5 == targets
    return hits.double().mean().item()
