"""Features computed once: the shortcut that makes training heads cheap.

A frozen body gives the same maps for the same picture in every epoch. Run
it once over all pictures and train the head on the stored numbers: the
epochs then cost next to nothing.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval
from torchvision.models.resnet import BasicBlock, Bottleneck

from .backbones import Backbone
from .heads import ConcatPool2d
from .modes import evaluating

__all__ = ["cached_features", "fused_copy"]

# A batch of this many pixels keeps its maps near the processor: on a CPU
# small batches are several times faster than the large ones of training.
_CPU_PIXELS = 2**18
_POOLINGS: dict[str, Callable[[], nn.Module]] = {
    "concat": ConcatPool2d,
    "average": lambda: nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
    "none": nn.Identity,
}
# In these a batch norm listed right after a convolution also runs after it.
_IN_ORDER = (nn.Sequential, BasicBlock, Bottleneck)


def fused_copy(model: nn.Module) -> nn.Module:
    """Return a copy in eval mode, batch norms put into the convolutions.

    In eval mode batch normalization is one multiplication and one addition
    a channel, which the convolution's weights can absorb. The result is the
    same up to rounding, with half as many passes over memory. Only for
    prediction: what is left cannot be trained as before.

    Examples
    --------
    >>> body = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4))
    >>> [type(layer).__name__ for layer in fused_copy(body)]
    ['Conv2d', 'Identity']

    """
    model = copy.deepcopy(model).eval()
    for module in list(model.modules()):
        if not isinstance(module, _IN_ORDER):
            continue
        layers = list(module.named_children())
        for (name, conv), (next_name, norm) in pairwise(layers):
            if (
                isinstance(conv, nn.Conv2d)
                and isinstance(norm, nn.BatchNorm2d)
                and norm.running_mean is not None
            ):
                setattr(module, name, fuse_conv_bn_eval(conv, norm))
                setattr(module, next_name, nn.Identity())
    return model


def cached_features(
    backbone: Backbone,
    images: Tensor,
    *,
    pool: str = "concat",
    batch_size: int | None = None,
    fast: bool = True,
) -> Tensor:
    """Return what `backbone` makes of each picture, without gradients.

    The backbone itself is left as it is, in its mode and with its weights.

    Parameters
    ----------
    backbone
        A whole backbone, or the later part of one.
    images
        Pictures (N, 3, H, W), bytes or floats in [0, 1]; for the later part
        of a backbone the maps of the earlier part. Turned or cropped
        pictures (`augment`) give the features of other views.
    pool
        ``"concat"``: average and largest value of each map, (N, 2C), what a
        head from `make_head` begins with. ``"average"``: the average alone,
        (N, C). ``"none"``: the maps, (N, C, h, w).
    batch_size
        Pictures at a time, at least 1; None picks a size that suits the
        device. Does not change the result beyond rounding.
    fast
        True rearranges the computation (batch norm inside the convolutions,
        channels last in memory): several times faster, equal to 1e-4 of the
        largest feature. False computes exactly what a training loop would.

    Returns
    -------
    Tensor
        On the backbone's device, float32.

    Examples
    --------
    >>> from sevenlessons.vision.backbones import load_backbone
    >>> backbone = load_backbone("mobilenet_v2", pretrained=False)
    >>> photos = torch.zeros(2, 3, 32, 32, dtype=torch.uint8)
    >>> cached_features(backbone, photos).shape
    torch.Size([2, 2560])

    """
    if pool not in _POOLINGS:
        raise ValueError(
            f"pool must be one of {', '.join(_POOLINGS)}, got {pool!r}"
        )
    if batch_size is not None and batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    if len(images) == 0:
        raise ValueError("images is empty; pass at least one picture")
    device = next(backbone.parameters()).device
    model = nn.Sequential(backbone, _POOLINGS[pool]())
    size = batch_size or _fitting_batch_size(images, device)
    if fast:
        fused = fused_copy(model).to(memory_format=torch.channels_last)
        return _run(fused, images, size, device)
    with evaluating(model):
        return _run(model, images, size, device)


def _fitting_batch_size(images: Tensor, device: torch.device) -> int:
    """Return a batch size for pictures of this size on this device."""
    if device.type != "cpu" or images.shape[1] != 3:
        return 64
    return max(1, min(64, _CPU_PIXELS // (images.shape[2] * images.shape[3])))


def _run(
    model: nn.Module, images: Tensor, batch_size: int, device: torch.device
) -> Tensor:
    """Return the outputs of `model` for all `images`, batch by batch."""
    features = torch.empty(0)
    for start in range(0, len(images), batch_size):
        batch = images[start : start + batch_size].to(device)
        with torch.inference_mode():
            output = model(batch)
        if start == 0:  # made outside inference mode: it may be trained on
            features = output.new_empty(len(images), *output.shape[1:])
        features[start : start + len(output)] = output
    return features
