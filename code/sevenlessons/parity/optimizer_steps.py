"""Two optimizers, the same problems: where 1 step and 100 steps lead.

There are two problems: a quadratic valley whose bottom moves a little with
each step, and a small network that gets other rows with each step, as in
training. Both sides compute their own gradients from their own weights, so a
difference in one step is carried into all later ones. The noise is there for
RMSProp and Adam: at rest they divide one rounding error by another.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from .pieces import Pair

__all__ = ["compare_steps"]

STEPS = 100


def compare_steps(
    ours: Any,
    theirs: Any,
    settings: Mapping[str, Mapping[str, Any]],
    dtype: torch.dtype,
    seed: int,
) -> Iterator[Pair]:
    """Compare two optimizers by where they lead.

    Parameters
    ----------
    ours, theirs
        Called with parameters and one of the settings.
    settings
        A name and keyword arguments each.
    dtype, seed
        Of the numbers, and of their draw.

    Yields
    ------
    Pair
        The parameters after 1 step and after 100, for each setting, of a
        quadratic valley and of a network.

    Examples
    --------
    >>> import torch
    >>> from sevenlessons.parity.optimizer_steps import compare_steps
    >>> from sevenlessons.scratch.sgd import SGD
    >>> settings = {"plain": {"lr": 0.1}}
    >>> pairs = compare_steps(
    ...     SGD, torch.optim.SGD, settings, torch.float64, seed=0
    ... )
    >>> [pair.what for pair in pairs][:2]
    ['plain: valley after 1 step', 'plain: valley after 100 steps']

    """
    generator = torch.Generator().manual_seed(seed)

    def drawn(*shape: int) -> Tensor:
        # drawn in double: the same numbers for both types
        numbers = torch.randn(*shape, generator=generator, dtype=torch.float64)
        return numbers.to(dtype)

    problems = {
        "valley": (nn.ParameterList([drawn(4)]), _valley(drawn(STEPS, 4))),
        "network": _network(drawn, generator),
    }
    for name, options in settings.items():
        for problem, (model, set_gradients) in problems.items():
            one, two = (
                _walked(make, model, set_gradients, options)
                for make in (ours, theirs)
            )
            for steps, a, b in zip(
                ("1 step", "100 steps"), one, two, strict=True
            ):
                yield Pair(f"{name}: {problem} after {steps}", a, b)


def _valley(bottoms: Tensor) -> Callable[[nn.Module, int], None]:
    """Return what sets the gradient of a quadratic, by its formula."""
    curvature = torch.tensor([0.1, 0.4, 1.0, 4.0], dtype=bottoms.dtype)

    def set_gradients(model: nn.Module, step: int) -> None:
        (weight,) = model.parameters()
        away = weight.detach() - 0.1 * bottoms[step]
        weight.grad = curvature * away

    return set_gradients


def _network(
    drawn: Callable[..., Tensor], generator: torch.Generator
) -> tuple[nn.Module, Callable[[nn.Module, int], None]]:
    """Return a network, and what sets its gradients by `backward`."""
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 3))
    for p in net.parameters():
        p.data = 0.5 * drawn(*p.shape)
    x, y = (
        drawn(STEPS, 8, 3),
        torch.randint(3, (STEPS, 8), generator=generator),
    )

    def set_gradients(model: nn.Module, step: int) -> None:
        cross_entropy(model(x[step]), y[step]).backward()

    return net, set_gradients


def _walked(
    make: Any,
    model: nn.Module,
    set_gradients: Callable[[nn.Module, int], None],
    options: Mapping[str, Any],
) -> tuple[Tensor, Tensor]:
    """Return all parameters in a row after 1 step and after 100."""
    model = copy.deepcopy(model)
    optimizer = make(model.parameters(), **options)
    rows = []
    for step in range(STEPS):
        optimizer.zero_grad()
        set_gradients(model, step)
        if step % 3 == 2:  # one that got no gradient stays where it is
            next(model.parameters()).grad = None
        optimizer.step()
        if step in (0, STEPS - 1):
            rows.append(
                torch.cat([p.detach().flatten() for p in model.parameters()])
            )
    first, last = rows
    return first, last
