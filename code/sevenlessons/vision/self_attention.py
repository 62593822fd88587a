r"""Self-attention for maps: each place may look at every other place.

A convolution sees a few pixels around. Here each place :math:`i` asks
(query :math:`q_i`), all places answer (keys :math:`k_j`), and what they have
to say (values :math:`v_j`) is averaged with the shares

.. math::
    a_{ij} = \mathrm{softmax}_j(q_i \cdot k_j), \qquad
    y_i = x_i + \gamma \sum_j a_{ij} v_j .

:math:`\gamma` begins at 0, so a network that works keeps working when the
layer is put in (Zhang and others, 2019, arXiv:1805.08318). The cost grows
with the square of the number of places. Taught in: unet.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

__all__ = ["MapAttention"]

_NARROW = 8  # queries and keys have an eighth of the channels


class MapAttention(nn.Module):
    """Add to each place of maps what the other places say.

    Parameters
    ----------
    channels
        Of the maps, at least 1.

    Examples
    --------
    >>> layer = MapAttention(16)
    >>> maps = torch.randn(2, 16, 4, 5)
    >>> torch.equal(layer(maps), maps)
    True

    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        if channels < 1:
            raise ValueError(f"channels must be at least 1, got {channels}")
        narrow = max(1, channels // _NARROW)
        self.query = nn.Conv2d(channels, narrow, 1, bias=False)
        self.key = nn.Conv2d(channels, narrow, 1, bias=False)
        self.value = nn.Conv2d(channels, channels, 1, bias=False)
        self.gamma = nn.Parameter(torch.zeros(()))

    def shares(self, maps: Tensor) -> Tensor:
        """Return who looks at whom: (N, places, places), rows sum to 1."""
        self._check(maps)
        asked = self.query(maps).flatten(2).mT  # N, places, narrow
        answered = self.key(maps).flatten(2)  # N, narrow, places
        return (asked @ answered).softmax(dim=-1)

    def forward(self, maps: Tensor) -> Tensor:
        """Return maps of the same shape (N, C, H, W)."""
        shares = self.shares(maps)
        said = self.value(maps).flatten(2)  # N, C, places
        seen = (said @ shares.mT).reshape(maps.shape)
        return maps + self.gamma * seen

    def _check(self, maps: Tensor) -> None:
        channels = self.value.in_channels
        if maps.ndim != 4 or maps.shape[1] != channels:
            raise ValueError(
                f"expected maps of shape (N, {channels}, H, W), got "
                f"{tuple(maps.shape)}"
            )
