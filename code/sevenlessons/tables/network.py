"""A network for tables: embeddings beside numbers, then linear layers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .embeddings import Embeddings
from .factors import from_range, to_range

__all__ = ["TabularNetwork", "count_parameters"]


class TabularNetwork(nn.Module):
    """Embed the categories, normalize the numbers, and mix them in layers.

    Each hidden layer is a linear layer, a ReLU, batch normalization and
    dropout, in this order.

    Parameters
    ----------
    sizes
        How many categories each column has, number 0 counted.
    num_numbers
        Columns of numbers; may be 0.
    num_outputs
        Scores a row: one a class, or 1 for a regression.
    layers
        Widths of the hidden layers.
    dims
        Numbers an embedding; by the size rule if None.
    dropout
        After each hidden layer.
    embedding_dropout
        Of whole embeddings.
    output_range
        The ends of a sigmoid that keeps the scores between them, as in
        `factors.to_range`; None leaves them as they are.
    start
        Where the scores begin, roughly: the mean of the targets saves the
        first steps. Finite; with an `output_range` it lies inside.
    seed
        Of the first weights; None draws on torch's global state.

    Examples
    --------
    >>> network = TabularNetwork([3, 10], 2, 2, layers=[8])
    >>> network(torch.tensor([[0, 9], [2, 1]]), torch.zeros(2, 2)).shape
    torch.Size([2, 2])

    """

    def __init__(
        self,
        sizes: Sequence[int],
        num_numbers: int,
        num_outputs: int,
        *,
        layers: Sequence[int] = (200, 100),
        dims: Sequence[int] | None = None,
        dropout: float = 0.0,
        embedding_dropout: float = 0.0,
        output_range: tuple[float, float] | None = None,
        start: float | None = None,
        seed: int | None = None,
    ) -> None:
        super().__init__()
        if num_numbers < 0 or num_outputs < 1:
            raise ValueError(
                "num_numbers must be at least 0 and num_outputs at least 1, "
                f"got {num_numbers} and {num_outputs}"
            )
        with torch.random.fork_rng(devices=[], enabled=seed is not None):
            if seed is not None:
                torch.manual_seed(seed)
            self.embeddings = Embeddings(
                sizes, dims, dropout=embedding_dropout
            )
            self.normalize = nn.BatchNorm1d(num_numbers)
            width = sum(self.embeddings.dims) + num_numbers
            body: list[nn.Module] = []
            for out in layers:
                body += [nn.Linear(width, out), nn.ReLU()]
                body += [nn.BatchNorm1d(out), nn.Dropout(dropout)]
                width = out
            self.body = nn.Sequential(*body)
            self.head = nn.Linear(width, num_outputs)
        if output_range is not None:
            to_range(torch.zeros(1), *output_range)  # refuses a wrong one
        if start is not None:
            if not math.isfinite(start):
                raise ValueError(
                    f"start must be a finite number, got {start}; is a "
                    "target missing?"
                )
            score = torch.tensor(float(start))
            if output_range is not None:
                score = from_range(score, *output_range)
            nn.init.constant_(self.head.bias, score.item())
        self.output_range = output_range
        self.num_numbers = num_numbers

    def forward(self, codes: Tensor, numbers: Tensor) -> Tensor:
        """Return the scores of rows: ``(N, C)``, ``(N, M)`` to ``(N, K)``."""
        if numbers.shape != (len(codes), self.num_numbers):
            raise ValueError(
                "expected numbers of shape "
                f"{(len(codes), self.num_numbers)}, got "
                f"{tuple(numbers.shape)}; rows and columns must fit the codes "
                "and the network"
            )
        parts = [self.embeddings(codes)]
        if self.num_numbers:
            parts.append(self.normalize(numbers))
        scores: Tensor = self.head(self.body(torch.cat(parts, dim=1)))
        if self.output_range is None:
            return scores
        return to_range(scores, *self.output_range)

    def layer_groups(self) -> list[nn.Module]:
        """Return embeddings, body and head, for `training.freezing`."""
        body = nn.ModuleList([self.normalize, self.body])
        return [self.embeddings, body, self.head]


def count_parameters(module: nn.Module) -> int:
    """Return how many numbers of `module` are learned.

    Examples
    --------
    >>> count_parameters(nn.Linear(3, 2))
    8

    """
    return sum(p.numel() for p in module.parameters() if p.requires_grad)
