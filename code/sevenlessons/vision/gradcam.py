"""Grad-CAM: where in a picture lies what spoke for the class.

The last maps of a convolutional network still know where things are. Grad-CAM
asks the gradient how much a class's score would rise with each map, and adds
up the maps with these weights. Places that speak against the class come out
negative, and the paper's ReLU drops them.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sevenlessons.training.hooks import hooked

from .modes import evaluating

__all__ = ["class_targets", "enlarged", "grad_cam"]


def grad_cam(
    model: nn.Module,
    pictures: Tensor,
    layer: nn.Module,
    targets: Tensor | int | None = None,
    *,
    relu: bool = True,
    counterfactual: bool = False,
) -> Tensor:
    r"""Return a coarse map for each picture: where it looks like the class.

    With the layer's output :math:`A`, the score :math:`s` of the class and
    the mean over all places :math:`\langle\cdot\rangle`, the map is
    :math:`\operatorname{ReLU}(\sum_k \langle \partial s / \partial A_k
    \rangle A_k)`.

    Parameters
    ----------
    model
        Gives scores before softmax, shape (N, K). It runs in eval mode;
        modes, gradients and hooks are afterwards as they were. Its weights
        may be frozen.
    pictures
        Shape (N, C, H, W), prepared as the model wants them.
    layer
        A part of the model whose output has shape (N, channels, h, w), most
        often the last such part.
    targets
        The class asked about: one number for all or a tensor (N,). None asks
        about the class with the highest score.
    relu
        Keep only what speaks for the class, as in the paper. False also
        shows, as negative numbers, what speaks against it.
    counterfactual
        Turn the sign of the gradients: where is what speaks *against*?

    Returns
    -------
    Tensor
        Shape (N, h, w), not scaled.

    Raises
    ------
    ValueError
        If the layer is not part of the model, does not run exactly once,
        gives no maps, or has no influence on the scores; if a target is no
        class.

    Examples
    --------
    >>> model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(),
    ...                       nn.Linear(4 * 6 * 6, 2))
    >>> maps = grad_cam(model, torch.rand(5, 3, 8, 8), model[0], targets=1)
    >>> maps.shape, bool((maps >= 0).all())
    (torch.Size([5, 6, 6]), True)

    """
    if pictures.ndim != 4:
        raise ValueError(
            f"pictures must have shape (N, C, H, W), got "
            f"{tuple(pictures.shape)}; for one picture pass picture[None]"
        )
    if all(module is not layer for module in model.modules()):
        raise ValueError(
            f"layer ({type(layer).__name__}) is not a part of the model; "
            f"take it from dict(model.named_modules())"
        )
    seen: list[Tensor] = []

    def cut(name: str, layer: nn.Module, output: Any) -> Tensor:
        """Let the graph begin here: nothing below is needed."""
        if not isinstance(output, Tensor) or output.ndim != 4:
            what = getattr(output, "shape", type(output).__name__)
            raise ValueError(
                f"the layer must give maps of shape (N, channels, h, w), got "
                f"{tuple(what) if isinstance(output, Tensor) else what}; "
                f"choose a layer before pooling and flattening"
            )
        torch.set_grad_enabled(True)  # until no_grad below ends
        seen.append(output.detach().clone().requires_grad_())
        return seen[-1].clone()  # a later layer may work in place

    with torch.inference_mode(False):
        with torch.no_grad(), evaluating(model), hooked({"it": layer}, cut):
            scores = model(pictures.detach().clone())
        if len(seen) != 1:
            raise ValueError(
                f"the layer must run once in a forward pass, it ran "
                f"{len(seen)} times; choose one that is not shared or skipped"
            )
        chosen = class_targets(scores, targets)
        gradient = None
        if scores.requires_grad:
            with torch.enable_grad():
                score = scores.gather(1, chosen[:, None]).sum()
            (gradient,) = torch.autograd.grad(score, seen, allow_unused=True)
    if gradient is None:
        raise ValueError(
            "the scores do not depend on the layer's output through a "
            "gradient; choose a layer on the way to the scores, and see that "
            "the model does not run it under no_grad"
        )
    if counterfactual:
        gradient = -gradient
    weights = gradient.mean(dim=(2, 3))
    maps = torch.einsum("nc,nchw->nhw", weights, seen[0].detach())
    return maps.clamp_min(0) if relu else maps


def class_targets(scores: Tensor, targets: Tensor | int | None) -> Tensor:
    """Return the class asked about for each picture, as numbers of shape (N,).

    Parameters
    ----------
    scores
        Shape (N, K).
    targets
        None for the highest score, a number for all, or a tensor (N,).

    Raises
    ------
    ValueError
        If the scores have another shape, or a target is no class number.

    Examples
    --------
    >>> scores = torch.tensor([[1.0, 2.0], [5.0, 3.0]])
    >>> class_targets(scores, None).tolist(), class_targets(scores, 1).tolist()
    ([1, 0], [1, 1])

    """
    if scores.ndim != 2:
        raise ValueError(
            f"the model must give scores of shape (N, K), got "
            f"{tuple(scores.shape)}; pass the classifier itself"
        )
    if targets is None:
        return scores.argmax(dim=1)
    chosen = torch.as_tensor(targets, device=scores.device)
    if chosen.is_floating_point() or chosen.dtype == torch.bool:
        raise ValueError(
            f"targets must be class numbers, got {chosen.dtype}; pass whole "
            f"numbers"
        )
    if chosen.ndim == 0:
        chosen = chosen.expand(len(scores))
    if chosen.shape != scores.shape[:1]:
        raise ValueError(
            f"targets must be one number or have shape ({len(scores)},), got "
            f"{tuple(chosen.shape)}"
        )
    wrong = chosen[(chosen < 0) | (chosen >= scores.shape[1])]
    if len(wrong):
        raise ValueError(
            f"targets must be class numbers in [0, {scores.shape[1]}), got "
            f"{int(wrong[0])}"
        )
    return chosen.long()


def enlarged(maps: Tensor, size: tuple[int, int]) -> Tensor:
    """Return coarse maps (N, h, w) stretched to the size of a picture.

    Each number stands for the middle of its cell; between the middles runs a
    straight line.

    Parameters
    ----------
    maps
        As `grad_cam` gives them.
    size
        Height and width in pixels.

    Raises
    ------
    ValueError
        If the maps have another number of axes.

    Examples
    --------
    >>> enlarged(torch.tensor([[[0.0, 1.0]]]), (1, 4)).tolist()
    [[[0.0, 0.25, 0.75, 1.0]]]

    """
    if maps.ndim != 3:
        raise ValueError(
            f"maps must have shape (N, h, w), got {tuple(maps.shape)}; for "
            f"one map pass heat[None]"
        )
    large = F.interpolate(maps[:, None].float(), size=size, mode="bilinear")
    return large[:, 0]
