"""Generators and critics for small gray pictures: after DCGAN, and plain.

Both are one plain `nn.Sequential`, so that a web page can run the generator
layer by layer. The layers of `generator`, for noise of `n` numbers and
width `w`, are exactly

====  ================================================  ==================
 #    layer                                             shape that leaves
====  ================================================  ==================
 0    ``Linear(n, 4w * 16)``                            ``64w`` numbers
 1    ``Unflatten(1, (4w, 4, 4))``                      ``4w x 4 x 4``
 2    ``BatchNorm2d(4w)``
 3    ``ReLU()``
 4    ``ConvTranspose2d(4w, 2w, 4, 2, 1, bias=False)``  ``2w x 8 x 8``
 5    ``BatchNorm2d(2w)``
 6    ``ReLU()``
 7    ``ConvTranspose2d(2w, w, 4, 2, 1, bias=False)``   ``w x 16 x 16``
 8    ``BatchNorm2d(w)``
 9    ``ReLU()``
10    ``ConvTranspose2d(w, 1, 4, 2, 1)``                ``1 x 32 x 32``
11    ``Tanh()``                                        from -1 to 1
====  ================================================  ==================

`plain_generator` has ``Linear(n, w)``, ``ReLU``, ``Linear(w, w)``,
``ReLU``, ``Linear(w, 1024)``, ``Tanh``, ``Unflatten(1, (1, 32, 32))``. In a
minute on one core it gets farther than the convolutions.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

__all__ = [
    "critic",
    "from_bytes",
    "generator",
    "plain_critic",
    "plain_generator",
    "to_bytes",
]

EDGE = 32  # pixels: three doublings of 4


def generator(noise: int = 32, width: int = 16) -> nn.Sequential:
    """Return a network from noise to pictures of 32 by 32 pixels.

    Parameters
    ----------
    noise
        Numbers that one picture is made from.
    width
        Channels before the last layer; the layers before have two and four
        times as many.

    Examples
    --------
    >>> made = generator(noise=8)(torch.zeros(2, 8))
    >>> made.shape, bool(made.abs().max() <= 1)
    (torch.Size([2, 1, 32, 32]), True)

    """
    _check(noise=noise, width=width)
    net = nn.Sequential(
        nn.Linear(noise, 4 * width * 16),
        nn.Unflatten(1, (4 * width, 4, 4)),
        nn.BatchNorm2d(4 * width),
        nn.ReLU(),
        nn.ConvTranspose2d(4 * width, 2 * width, 4, 2, 1, bias=False),
        nn.BatchNorm2d(2 * width),
        nn.ReLU(),
        nn.ConvTranspose2d(2 * width, width, 4, 2, 1, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(),
        nn.ConvTranspose2d(width, 1, 4, 2, 1),
        nn.Tanh(),
    )
    return _started(net)


def critic(width: int = 16) -> nn.Sequential:
    """Return a network that scores pictures of 32 by 32, without a norm.

    A batch norm would mix the pictures of a batch, and the gradient penalty
    asks for the slope at *one* picture. The score has no bias: a number
    added to all scores cancels in every loss here.

    Examples
    --------
    >>> critic()(torch.zeros(5, 1, 32, 32)).shape
    torch.Size([5])

    """
    _check(width=width)
    net = nn.Sequential(
        nn.Conv2d(1, width, 4, 2, 1),
        nn.LeakyReLU(0.2),
        nn.Conv2d(width, 2 * width, 4, 2, 1),
        nn.LeakyReLU(0.2),
        nn.Conv2d(2 * width, 4 * width, 4, 2, 1),
        nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Linear(4 * width * 16, 1, bias=False),
        nn.Flatten(0),
    )
    return net


def plain_generator(noise: int = 32, width: int = 128) -> nn.Sequential:
    """Return a network from noise to pictures with linear layers alone.

    Examples
    --------
    >>> plain_generator(noise=8, width=4)(torch.zeros(2, 8)).shape
    torch.Size([2, 1, 32, 32])

    """
    _check(noise=noise, width=width)
    return nn.Sequential(
        nn.Linear(noise, width),
        nn.ReLU(),
        nn.Linear(width, width),
        nn.ReLU(),
        nn.Linear(width, EDGE * EDGE),
        nn.Tanh(),
        nn.Unflatten(1, (1, EDGE, EDGE)),
    )


def plain_critic(width: int = 256) -> nn.Sequential:
    """Return a network that scores pictures with linear layers alone.

    Examples
    --------
    >>> plain_critic(width=4)(torch.zeros(5, 1, 32, 32)).shape
    torch.Size([5])

    """
    _check(width=width)
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(EDGE * EDGE, width),
        nn.LeakyReLU(0.2),
        nn.Linear(width, width),
        nn.LeakyReLU(0.2),
        nn.Linear(width, 1, bias=False),
        nn.Flatten(0),
    )


def from_bytes(images: Tensor) -> Tensor:
    """Return gray bytes (N, H, W) as floats (N, 1, 32, 32) from -1 to 1.

    Smaller pictures get a black border, the same on both sides.

    Examples
    --------
    >>> black = torch.zeros(3, 28, 28, dtype=torch.uint8)
    >>> from_bytes(black).shape, from_bytes(black).unique().item()
    (torch.Size([3, 1, 32, 32]), -1.0)

    """
    if images.dtype != torch.uint8 or images.dim() != 3:
        raise TypeError(
            "images must be uint8 of shape (N, H, W), got "
            f"{images.dtype} of shape {tuple(images.shape)}; gray bytes as "
            "data.fashion and data.digits have them"
        )
    height, width = images.shape[1:]
    if max(height, width) > EDGE or (EDGE - height) % 2 or (EDGE - width) % 2:
        raise ValueError(
            f"pictures must be at most {EDGE} x {EDGE} and of even size, so "
            f"that both borders are the same, got {height} x {width}"
        )
    side, top = (EDGE - width) // 2, (EDGE - height) // 2
    framed = nn.functional.pad(images, (side, side, top, top))
    return framed[:, None].float() / 127.5 - 1


def to_bytes(made: Tensor) -> Tensor:
    """Return floats (N, 1, H, W) from -1 to 1 as gray bytes (N, H, W).

    Examples
    --------
    >>> to_bytes(torch.tensor([-1.0, 0.0, 1.0]).view(3, 1, 1, 1)).flatten()
    tensor([  0, 128, 255], dtype=torch.uint8)

    """
    if made.dim() != 4 or made.shape[1] != 1:
        raise ValueError(
            "made must be gray pictures of shape (N, 1, H, W), got "
            f"{tuple(made.shape)}; add the channel with made[:, None]"
        )
    gray = (made.detach()[:, 0] + 1) * 127.5
    return gray.round().clamp(0, 255).to(torch.uint8)


def _started(net: nn.Sequential) -> nn.Sequential:
    """Draw small weights, as DCGAN does; scales start near 1."""
    for layer in net.modules():
        if isinstance(layer, nn.ConvTranspose2d):
            nn.init.normal_(layer.weight, 0.0, 0.05)
    return net


def _check(**sizes: int) -> None:
    for name, value in sizes.items():
        if value < 1:
            raise ValueError(
                f"{name} must be a whole number of at least 1, got {value}"
            )
