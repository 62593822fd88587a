"""Guided backpropagation: a gradient of the picture with fine lines.

The plain gradient of a score by the pixels looks like noise. Guided
backpropagation sends back, at every ReLU, only what is positive. The picture
that comes out is sharp. Sharp does not mean faithful: much of it stays when
the weights are made random, since it mostly repeats edges.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from sevenlessons.training.hooks import hooked, layers_of

from .gradcam import class_targets, enlarged, grad_cam
from .modes import evaluating

__all__ = ["guided_backprop", "guided_grad_cam"]

_RELUS = (nn.ReLU, nn.ReLU6)


def guided_backprop(
    model: nn.Module, pictures: Tensor, targets: Tensor | int | None = None
) -> Tensor:
    """Return the guided gradient of a class's score by each pixel.

    Parameters
    ----------
    model
        As in `grad_cam`. Its ReLUs must be modules; hooks see nothing else.
        At a ``torch.relu`` in its code the result is not guided, but a plain
        gradient.
    pictures
        Shape (N, C, H, W), bytes or floats. Bytes are divided by 255, as
        `Normalize` does.
    targets
        As in `grad_cam`.

    Returns
    -------
    Tensor
        Shape (N, C, H, W). Gradients and modes of the model stay as they
        were.

    Raises
    ------
    ValueError
        If the model has no ReLU module, or a target is no class.

    Examples
    --------
    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(2, 2), nn.ReLU(),
    ...                       nn.Linear(2, 1))
    >>> for layer, weight in ((1, [[1., 0.], [0., 1.]]), (3, [[2., -3.]])):
    ...     model[layer].weight.data = torch.tensor(weight)
    ...     _ = model[layer].bias.data.zero_()
    >>> guided_backprop(model, torch.ones(1, 1, 1, 2)).flatten()
    tensor([2., 0.])

    """
    if pictures.ndim != 4:
        raise ValueError(
            f"pictures must have shape (N, C, H, W), got "
            f"{tuple(pictures.shape)}; for one picture pass picture[None]"
        )

    def see(name: str, layer: nn.Module, output: Tensor) -> Tensor:
        if output.requires_grad:
            output.register_hook(lambda gradient: gradient.clamp_min(0))
        return output

    relus = layers_of(model, *_RELUS)
    with torch.inference_mode(False), torch.enable_grad():
        pixels = pictures.detach().clone()
        if not pixels.is_floating_point():
            pixels = pixels.float() / 255
        pixels.requires_grad_()
        with evaluating(model), hooked(relus, see):
            scores = model(pixels.clone())  # a ReLU may work in place
        chosen = class_targets(scores, targets)
        score = scores.gather(1, chosen[:, None]).sum()
        (gradient,) = torch.autograd.grad(score, pixels)
    return gradient


def guided_grad_cam(
    model: nn.Module,
    pictures: Tensor,
    layer: nn.Module,
    targets: Tensor | int | None = None,
) -> Tensor:
    """Return the guided gradient, kept where Grad-CAM's map is high.

    Parameters
    ----------
    model, pictures, layer, targets
        As in `grad_cam`.

    Returns
    -------
    Tensor
        Shape (N, C, H, W): the guided gradient times the map, enlarged to
        the size of the picture.

    Examples
    --------
    >>> model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(),
    ...                       nn.Linear(4 * 6 * 6, 2))
    >>> lines = guided_grad_cam(model, torch.rand(2, 3, 8, 8), model[1])
    >>> lines.shape
    torch.Size([2, 3, 8, 8])

    """
    lines = guided_backprop(model, pictures, targets)
    maps = grad_cam(model, pictures, layer, targets)
    height, width = pictures.shape[2:]
    return lines * enlarged(maps, (height, width))[:, None]
