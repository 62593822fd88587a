"""How often a model that reads on guesses the next word of a long line.

The line is cut into parallel streams, as `StreamLoader` cuts it. Before the
first word the model forgets what it read; then it reads all streams to their
end and carries its state. So the score depends on the model and the line
alone, not on what was read before.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from sevenlessons.training.guards import modes_kept

from .streams import StreamLoader

__all__ = ["stream_accuracy", "stream_hits"]


def stream_hits(
    model: nn.Module, line: Tensor, *, streams: int = 64, length: int = 200
) -> Tensor:
    """Return which words of a line are guessed, shape (streams, T).

    Parameters
    ----------
    model
        Called with numbers of words ``(streams, t)``; returns scores
        ``(streams, t, V)`` of each next word. It has a method ``reset()``
        that forgets the state; a model without a state may do nothing there.
    line
        Numbers of words, int64 of shape ``(W,)``, on the model's device.
    streams
        How many equal pieces are read beside each other. 1 reads the line
        as it is; more begin more often without a past.
    length
        Words a step. If the model carries its state, the result is the same
        for every length.

    Returns
    -------
    Tensor
        Booleans. Row after row they belong to the words 1, 2, 3, ... of the
        line: ``line[1 : streams * T + 1]``. At most `streams` words at the
        end are left out, because they do not fill a column.

    Raises
    ------
    TypeError
        If `line` is no tensor of whole numbers, or the model has no
        ``reset``.
    ValueError
        If the scores have another shape.

    Notes
    -----
    The model is judged in evaluation mode. Each part of it gets its mode back
    afterwards, and the state is forgotten once more, so that training does
    not go on from the end of this line.

    Examples
    --------
    >>> class Next(nn.Module):
    ...     def forward(self, numbers):  # says: one more
    ...         return nn.functional.one_hot(numbers + 1, 10).float()
    ...
    ...     def reset(self): ...
    >>> stream_hits(Next(), torch.tensor([1, 2, 3, 7, 8]), streams=2)
    tensor([[ True,  True],
            [False,  True]])

    """
    _check(model, line)
    loader = StreamLoader([line.tolist()], streams, length, shuffle=False)
    found = []
    with modes_kept(model), torch.no_grad():
        model.eval()
        _reset(model)
        try:
            for inputs, targets in loader:
                scores = model(inputs.to(line.device))
                if scores.dim() != 3 or scores.shape[:2] != inputs.shape:
                    raise ValueError(
                        "expected scores of shape "
                        f"({streams}, {inputs.shape[1]}, V), got "
                        f"{tuple(scores.shape)}; return one row of scores "
                        "for each word read"
                    )
                found.append(scores.argmax(2) == targets.to(line.device))
        finally:
            _reset(model)
    return torch.cat(found, dim=1)


def stream_accuracy(
    model: nn.Module, line: Tensor, *, streams: int = 64, length: int = 200
) -> float:
    """Return the share of words that are guessed; see `stream_hits`.

    Examples
    --------
    >>> class Two(nn.Module):
    ...     def forward(self, numbers):  # always says: 2
    ...         return torch.eye(4)[2].expand(*numbers.shape, 4)
    ...
    ...     def reset(self): ...
    >>> stream_accuracy(Two(), torch.tensor([1, 2, 3, 2, 2]), streams=1)
    0.75

    """
    hits = stream_hits(model, line, streams=streams, length=length)
    return hits.double().mean().item()


def _reset(model: nn.Module) -> None:
    model.reset()  # type: ignore[operator]


def _check(model: nn.Module, line: Tensor) -> None:
    if not callable(getattr(model, "reset", None)):
        raise TypeError(
            f"{type(model).__name__} has no method reset(); give it one that "
            "forgets the state, or that does nothing if it keeps none"
        )
    if not isinstance(line, Tensor) or line.dtype != torch.int64:
        kind = line.dtype if isinstance(line, Tensor) else type(line).__name__
        raise TypeError(
            f"line must be a tensor of int64, got {kind}; "
            "torch.tensor(list_of_word_numbers) makes one"
        )
    if line.dim() != 1:
        raise ValueError(
            f"line must have one axis, got shape {tuple(line.shape)}; join "
            "the texts first"
        )
