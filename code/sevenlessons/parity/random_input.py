"""Random numbers to compare with: not zeros and ones, which hide mistakes."""

import torch
from torch import Generator, Tensor, nn

__all__ = ["random_numbers", "random_parameters"]


def random_numbers(
    shape: tuple[int, ...], dtype: torch.dtype, draw: Generator
) -> Tensor:
    """Return random numbers around 1.

    Examples
    --------
    >>> import torch
    >>> from sevenlessons.parity.random_input import random_numbers
    >>> random_numbers((2, 3), torch.float64, torch.Generator()).shape
    torch.Size([2, 3])

    """
    return 2 * torch.randn(shape, generator=draw, dtype=dtype) + 1


def random_parameters(
    theirs: nn.Module, dtype: torch.dtype, draw: Generator
) -> None:
    """Give scale, shift and weight random numbers, not ones and zeros.

    Examples
    --------
    >>> import torch
    >>> from torch import nn
    >>> from sevenlessons.parity.random_input import random_parameters
    >>> layer = nn.LayerNorm(3)
    >>> random_parameters(layer, torch.float64, torch.Generator())
    >>> layer.weight.dtype, bool((layer.weight == 1).any())
    (torch.float64, False)

    """
    theirs.to(dtype)
    with torch.no_grad():
        for parameter in theirs.parameters():
            parameter.normal_(generator=draw)
