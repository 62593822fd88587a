"""A classifier on top of an encoder of text: pool over the steps, then decide.

The encoder says one vector a word. `concat_pool` makes one vector a text of
them: the last, the largest and the mean, over real words only. Long texts are
read in chunks; the state is carried on, and the pool is over all of them.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from .awd_lstm import AWDLSTM

__all__ = ["Pool", "TextClassifier", "concat_pool"]


class Pool:
    """Last, largest and mean output of each text, chunk by chunk.

    Parameters
    ----------
    lengths
        Real words of each text, shape ``(N,)``, at least 1 each.

    Examples
    --------
    >>> pool = Pool(torch.tensor([3]))
    >>> pool.add(torch.tensor([[[1.0], [4.0]]]))
    >>> pool.add(torch.tensor([[[1.0], [9.0]]]))  # the 9 is padding
    >>> pool.result()
    tensor([[1., 4., 2.]])

    """

    def __init__(self, lengths: Tensor) -> None:
        if len(lengths) and int(lengths.min()) < 1:
            raise ValueError(
                "every text needs at least one token, got a length of "
                f"{int(lengths.min())}; mark('') gives an empty text the one "
                "token 'xxbos'"
            )
        self.lengths = lengths
        self.steps = 0
        self._seen: tuple[Tensor, Tensor, Tensor] | None = None

    def add(self, outputs: Tensor) -> None:
        """Take in the next steps, shape ``(N, T, E)``."""
        count = outputs.shape[1]
        places = torch.arange(self.steps, self.steps + count).to(self.lengths)
        real = (places < self.lengths[:, None])[..., None]  # (N, T, 1)
        final = (places == self.lengths[:, None] - 1)[..., None]
        lowest = torch.finfo(outputs.dtype).min
        largest = outputs.masked_fill(~real, lowest).amax(dim=1)
        total = outputs.masked_fill(~real, 0).sum(dim=1)
        last = outputs.masked_fill(~final, 0).sum(dim=1)
        if self._seen is not None:
            last = last + self._seen[0]
            largest = torch.maximum(largest, self._seen[1])
            total = total + self._seen[2]
        self._seen = last, largest, total
        self.steps += count

    def result(self) -> Tensor:
        """Return last, largest and mean side by side, ``(N, 3 * E)``."""
        longest = int(self.lengths.max())
        if self._seen is None:
            raise ValueError("nothing to pool: call add first")
        if self.steps < longest:
            raise ValueError(
                f"the longest text has {longest} words, but only "
                f"{self.steps} steps were added"
            )
        last, largest, total = self._seen
        mean = total / self.lengths[:, None]
        return torch.cat([last, largest, mean], dim=1)


def concat_pool(outputs: Tensor, lengths: Tensor) -> Tensor:
    """Return last, largest and mean output over the real words of each text.

    Parameters
    ----------
    outputs
        Shape ``(N, T, E)``, padding on the right.
    lengths
        Real words of each text, shape ``(N,)``.

    Examples
    --------
    >>> outputs = torch.tensor([[[1.0], [4.0], [1.0], [9.0]]])
    >>> concat_pool(outputs, torch.tensor([3]))
    tensor([[1., 4., 2.]])

    """
    pool = Pool(lengths)
    pool.add(outputs)
    return pool.result()


class TextClassifier(nn.Module):
    """Encoder, concat pooling, and a small head.

    Parameters
    ----------
    encoder
        Read from a copy: the one given is not trained along.
    num_classes
        Outputs.
    hidden_size
        Units between pool and output; 0 puts the output on the pool.
    dropout
        Shares dropped before the two layers of the head.
    chunk
        Steps that the encoder reads at once.
    learn_steps
        Gradients come from the last so many steps of a longer text; memory
        then does not grow with the text.
    seed
        Of the head's first weights.

    Examples
    --------
    >>> encoder = AWDLSTM(100, 8, 16, num_layers=2)
    >>> model = TextClassifier(encoder, num_classes=2).eval()
    >>> model(torch.tensor([[5, 6, 7]]), torch.tensor([3])).shape
    torch.Size([1, 2])

    """

    def __init__(
        self,
        encoder: AWDLSTM,
        num_classes: int,
        *,
        hidden_size: int = 50,
        dropout: tuple[float, float] = (0.2, 0.1),
        chunk: int = 70,
        learn_steps: int = 1400,
        seed: int = 0,
    ) -> None:
        super().__init__()
        if chunk < 1 or learn_steps < chunk:
            raise ValueError(
                "expected 1 <= chunk <= learn_steps, got chunk="
                f"{chunk} and learn_steps={learn_steps}"
            )
        encoder.reset()
        self.encoder = copy.deepcopy(encoder)
        self.chunk = chunk
        self.learn_steps = learn_steps
        width = 3 * encoder.embedding.embedding_dim
        parts: list[nn.Module] = [
            nn.BatchNorm1d(width),
            nn.Dropout(dropout[0]),
        ]
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            if hidden_size:
                parts += [
                    nn.Linear(width, hidden_size, bias=False),
                    nn.ReLU(),
                    nn.BatchNorm1d(hidden_size),
                    nn.Dropout(dropout[1]),
                ]
            parts.append(nn.Linear(hidden_size or width, num_classes))
        self.head = nn.Sequential(*parts)

    def pooled(self, numbers: Tensor, lengths: Tensor) -> Tensor:
        """Return what the head sees, shape ``(N, 3 * E)``."""
        if numbers.dim() != 2 or lengths.shape != (len(numbers),):
            raise ValueError(
                "expected numbers (N, T) and lengths (N,), got shapes "
                f"{tuple(numbers.shape)} and {tuple(lengths.shape)}"
            )
        self.encoder.reset()
        pool, steps = Pool(lengths), numbers.shape[1]
        learning = torch.is_grad_enabled()
        for start in range(0, steps, self.chunk):
            recent = steps - start <= self.learn_steps
            with torch.set_grad_enabled(learning and recent):
                pool.add(self.encoder(numbers[:, start : start + self.chunk]))
        self.encoder.reset()
        return pool.result()

    def forward(self, numbers: Tensor, lengths: Tensor) -> Tensor:
        """Return scores ``(N, num_classes)``; padding changes nothing."""
        return self.head(self.pooled(numbers, lengths))

    def layer_groups(self) -> list[nn.Module]:
        """Return the encoder's groups, then the head."""
        return [*self.encoder.layer_groups(), self.head]
