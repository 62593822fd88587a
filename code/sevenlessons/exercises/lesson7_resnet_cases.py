"""Cases for the checks of residual networks, and the right answers."""

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from sevenlessons.page.trial import Trial

__all__ = ["learns", "norms_by_name", "shaken", "sums_of_ways"]


def shaken(block: nn.Module, trial: Trial) -> nn.Module:
    """Return the block with all its numbers drawn anew, variances positive.

    Examples
    --------
    >>> block = shaken(nn.BatchNorm2d(3), Trial(0))
    >>> bool((block.running_var >= 0.5).all())
    True

    """
    with torch.no_grad():
        for tensor in (*block.parameters(), *block.buffers()):
            if tensor.is_floating_point():
                drawn = torch.rand(tensor.shape, generator=trial.generator)
                shift = 0.5 if tensor.ndim == 1 else -0.5
                tensor.copy_(drawn + shift)
    return block


def learns(block: nn.Module, x: Tensor) -> bool:
    """Tell whether one step makes the block differ from the identity.

    Examples
    --------
    >>> learns(nn.Linear(2, 2), torch.eye(2))
    True

    """
    wanted = x.flip(0)
    learning = [p for p in block.parameters() if p.requires_grad]
    if not learning:
        return False
    optimizer = torch.optim.SGD(learning, lr=0.5)
    optimizer.zero_grad()
    ((block(x) - wanted) ** 2).mean().backward()
    optimizer.step()
    return bool((block(x) - x).abs().max() > 1e-4)


def sums_of_ways(matrices: Tensor) -> list[Tensor]:
    """Return the sums of products of 0, 1, 2, ... matrices.

    Examples
    --------
    >>> sums_of_ways(torch.tensor([[[2.0]], [[3.0]]]))
    [tensor([[1.]]), tensor([[5.]]), tensor([[6.]])]

    """
    sums = [torch.eye(matrices.shape[-1], dtype=matrices.dtype)]
    for matrix in matrices:
        through = [matrix @ ways for ways in sums]
        zero = torch.zeros_like(matrix)
        around = [*sums, zero]
        sums = [a + t for a, t in zip(around, [zero, *through], strict=True)]
    return sums


def norms_by_name(
    model: nn.Module, images: Tensor, target: Tensor
) -> dict[str, float]:
    """Return each convolution's gradient length; the model stays as it was.

    Examples
    --------
    >>> model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten())
    >>> images, target = torch.ones(1, 1, 3, 3), torch.tensor([0])
    >>> list(norms_by_name(model, images, target))
    ['0']

    """
    state = {k: v.clone() for k, v in model.state_dict().items()}
    layers = {
        name: layer
        for name, layer in model.named_modules()
        if isinstance(layer, nn.Conv2d)
    }
    weights = [layer.weight for layer in layers.values()]
    loss = cross_entropy(model(images), target)
    found = torch.autograd.grad(loss, weights)
    model.load_state_dict(state)
    return {
        name: gradient.norm().item()
        for name, gradient in zip(layers, found, strict=True)
    }
