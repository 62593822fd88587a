"""Run a model in eval mode and leave it as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn

__all__ = ["evaluating"]


@contextmanager
def evaluating(model: nn.Module) -> Iterator[nn.Module]:
    """Put `model` in eval mode; afterwards give each part its mode back.

    ``model.train()`` would put every part in training mode, also those that
    were in eval mode on purpose, such as a frozen batch norm.

    Examples
    --------
    >>> model = nn.Sequential(nn.Dropout(), nn.BatchNorm1d(2).eval())
    >>> with evaluating(model):
    ...     model[0].training
    False
    >>> [layer.training for layer in model]
    [True, False]

    """
    modes = {module: module.training for module in model.modules()}
    try:
        yield model.eval()
    finally:
        for module, mode in modes.items():
            module.training = mode
