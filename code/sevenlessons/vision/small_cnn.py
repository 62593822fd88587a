"""A small convolutional network for small gray pictures, such as digits.

Three convolutions, each looking at the picture in half the detail of the
one before, then the average of what they found and one score a class. It
learns handwritten digits in seconds and fits into a web page.
"""

from __future__ import annotations

from torch import Tensor, nn

from .normalize import Normalize

__all__ = ["SmallCNN"]

_MEAN, _STD = 0.13, 0.31  # of white ink on black paper, as MNIST has it


def _block(in_channels: int, out_channels: int, kernel: int) -> nn.Sequential:
    """Return convolution, batch norm, ReLU: half the height and width."""
    return nn.Sequential(
        nn.Conv2d(
            in_channels,
            out_channels,
            kernel,
            stride=2,
            padding=kernel // 2,
            bias=False,  # the batch norm has one
        ),
        nn.BatchNorm2d(out_channels),
        nn.ReLU(),
    )


class SmallCNN(nn.Module):
    """Three convolutions for gray pictures of about 28 by 28 pixels.

    Parameters
    ----------
    num_classes
        Scores a picture, at least 1.
    width
        Channels of the first convolution; the others have two and four
        times as many.

    Examples
    --------
    >>> import torch
    >>> model = SmallCNN(num_classes=10)
    >>> digits = torch.zeros(2, 1, 28, 28, dtype=torch.uint8)
    >>> model(digits).shape
    torch.Size([2, 10])
    >>> sum(p.numel() for p in model.parameters())
    24314

    """

    def __init__(self, num_classes: int = 10, *, width: int = 16) -> None:
        super().__init__()
        for name, value in (("num_classes", num_classes), ("width", width)):
            if value < 1:
                raise ValueError(f"{name} must be at least 1, got {value}")
        self.num_classes = num_classes
        self.width = width
        self.normalize = Normalize((_MEAN,), (_STD,))
        self.body = nn.Sequential(
            _block(1, width, 5),
            _block(width, 2 * width, 3),
            _block(2 * width, 4 * width, 3),
        )
        self.head = nn.Linear(4 * width, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        """Return scores (N, K) of gray pictures (N, 1, H, W).

        Bytes (0 is paper, 255 is ink) or floats in [0, 1].
        """
        maps = self.body(self.normalize(images))
        return self.head(maps.mean((2, 3)))
