r"""Slices through the loss: walk away from the weights along a random line.

A network has as many weights as the landscape has directions. A slice shows
one or two of them. For the slices of two networks to be comparable, a step of
a given length must mean the same in both. In training, weights before a batch
norm can be doubled without changing anything, so a step is measured in units
of the weights themselves: each filter of the direction gets the length of the
same filter of the network. Norms and biases stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

__all__ = ["extra_climb", "loss_along", "loss_plane", "random_direction"]

Direction = Mapping[str, Tensor]


def random_direction(
    model: nn.Module, generator: torch.Generator
) -> dict[str, Tensor]:
    """Return a random direction, filter by filter as long as the weights.

    Parameters
    ----------
    model
        Its parameters say how long each filter is; nothing is changed.
    generator
        Draws the direction.

    Returns
    -------
    dict
        Name of each parameter with two axes or more to a tensor of its shape.
        What is no weight of a filter (biases, the scales of norms) is left
        out.

    Raises
    ------
    ValueError
        If the model has no such parameter.

    Notes
    -----
    Li et al. (2018), "Visualizing the Loss Landscape of Neural Nets". Taught
    in: resnet-parts.

    Examples
    --------
    >>> model = nn.Linear(3, 2)
    >>> way = random_direction(model, torch.Generator().manual_seed(0))
    >>> list(way)
    ['weight']
    >>> torch.allclose(way["weight"].norm(dim=1), model.weight.norm(dim=1))
    True

    """
    found: dict[str, Tensor] = {}
    for name, weight in model.named_parameters():
        if weight.ndim < 2:
            continue
        drawn = torch.randn(weight.shape, generator=generator).to(weight)
        share = _lengths(weight.detach()) / _lengths(drawn)
        found[name] = drawn * share
    if not found:
        raise ValueError(
            "expected a model with weights of two axes or more, got "
            f"{type(model).__name__} with none; a direction needs filters"
        )
    return found


def loss_along(
    model: nn.Module,
    direction: Direction,
    places: Sequence[float],
    loss: Callable[[], float],
) -> list[float]:
    """Return the loss at places along a line through the weights.

    Parameters
    ----------
    model
        Its weights are moved, and put back to the bit.
    direction
        As `random_direction` returns it.
    places
        How far to go, 0 for the weights as they are.
    loss
        Called at each place; measures the model. Put the model in eval mode
        first: a batch norm in training mode would remember the walk.

    Raises
    ------
    ValueError
        If the direction does not fit the model.

    Examples
    --------
    >>> model = nn.Linear(1, 1, bias=False)
    >>> _ = nn.init.constant_(model.weight, 2.0)
    >>> way = {"weight": torch.ones(1, 1)}
    >>> loss_along(model, way, [-1, 0, 1], lambda: model.weight.item() ** 2)
    [1.0, 4.0, 9.0]

    """
    losses = []
    for place in places:
        with _moved(model, [(place, direction)]):
            losses.append(loss())
    return losses


def loss_plane(
    model: nn.Module,
    first: Direction,
    second: Direction,
    places: Sequence[float],
    loss: Callable[[], float],
) -> list[list[float]]:
    """Return the loss on a grid of two directions.

    Parameters
    ----------
    model, places, loss
        As in `loss_along`.
    first, second
        The directions of columns and of rows.

    Returns
    -------
    list of list of float
        One row for each place along `second`.

    Examples
    --------
    >>> model = nn.Linear(2, 1, bias=False)
    >>> _ = nn.init.zeros_(model.weight)
    >>> one = {"weight": torch.tensor([[1.0, 0.0]])}
    >>> two = {"weight": torch.tensor([[0.0, 2.0]])}
    >>> loss_plane(
    ...     model, one, two, [0, 1], lambda: model.weight.sum().item()
    ... )
    [[0.0, 1.0], [2.0, 3.0]]

    """
    rows = []
    for down in places:
        row = []
        for across in places:
            with _moved(model, [(across, first), (down, second)]):
                row.append(loss())
        rows.append(row)
    return rows


def extra_climb(losses: Sequence[float]) -> float:
    """Return how much a curve goes up and down beyond a single valley.

    Parameters
    ----------
    losses
        Heights along a walk, at least three.

    Returns
    -------
    float
        The sum of all ups and downs, divided by what one descent to the
        lowest place and one climb from it need, minus 1. It is 0 for a curve
        with one valley, however steep, and for a flat one; infinite for a
        hill whose ends are its lowest places.

    Raises
    ------
    ValueError
        If there are fewer than three, or one is not finite.

    Examples
    --------
    >>> extra_climb([4.0, 1.0, 0.0, 2.0])
    0.0
    >>> extra_climb([4.0, 1.0, 3.0, 0.0])  # 3 down, 2 up, 3 down
    1.0

    """
    heights = torch.as_tensor(losses, dtype=torch.float64)
    if len(heights) < 3 or not bool(heights.isfinite().all()):
        raise ValueError(
            "expected at least three finite losses, got "
            f"{heights.tolist()}; go a shorter way, or take more places"
        )
    needed = (heights[0] + heights[-1] - 2 * heights.min()).item()
    went = heights.diff().abs().sum().item()
    if needed > 0:
        return went / needed - 1
    return float("inf") if went > 0 else 0.0


def _lengths(weight: Tensor) -> Tensor:
    """Return the length of each filter, with axes that broadcast."""
    each = weight.flatten(1).norm(dim=1)
    return each.view(-1, *[1] * (weight.ndim - 1))


@contextmanager
def _moved(
    model: nn.Module, steps: Sequence[tuple[float, Direction]]
) -> Iterator[None]:
    """Add multiples of directions to the weights, for a while."""
    parameters = dict(model.named_parameters())
    for _, direction in steps:
        for name, way in direction.items():
            fits = name in parameters and parameters[name].shape == way.shape
            if not fits:
                raise ValueError(
                    f"expected a direction that fits the model, got {name!r} "
                    f"of shape {tuple(way.shape)}; draw one for this model "
                    "with random_direction"
                )
    before = {n: p.detach().clone() for n, p in parameters.items()}
    try:
        with torch.no_grad():
            for size, direction in steps:
                for name, way in direction.items():
                    parameters[name].add_(way, alpha=size)
        yield
    finally:
        with torch.no_grad():
            for name, parameter in parameters.items():
                parameter.copy_(before[name])
