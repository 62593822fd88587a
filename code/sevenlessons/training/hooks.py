"""Watch layers at work: hooks that are always taken off again.

A forward hook is a function that torch calls each time a layer has run. It
stays on the layer until somebody removes it, also if the code that put it
there failed. The two functions here are for ``with``: at the end of the
block, by whatever way it is left, every hook is gone from these layers. A copy
of the model that is made inside the block keeps its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from torch import Tensor, nn

__all__ = ["Kept", "hooked", "keep_outputs", "layers_of"]


@dataclass
class Kept:
    """What the last run of one layer left behind.

    Parameters
    ----------
    output
        A copy of what the layer gave, cut off from the graph. A later layer
        that works in place cannot change it. None before the first run.
    gradient
        The gradient of that output, same shape. None until the backward
        pass, and if none was asked for.
    runs
        How often the layer ran.

    """

    output: Tensor | None = None
    gradient: Tensor | None = None
    runs: int = 0


@contextmanager
def hooked(
    layers: Mapping[str, nn.Module],
    see: Callable[[str, nn.Module, Any], Any],
) -> Iterator[None]:
    """Call `see` whenever one of the layers has run, inside the block only.

    Parameters
    ----------
    layers
        Names and modules. A module may carry hooks already, of an outer
        block or of somebody else; they stay.
    see
        Called with name, module and output. What it returns takes the place
        of the output; with None the output stays as it is.

    Raises
    ------
    TypeError
        If `layers` is no mapping, or a value is no module. No hook is left
        on any layer then.

    Examples
    --------
    >>> import torch
    >>> net = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
    >>> def tell(name, layer, output):
    ...     print(name, tuple(output.shape))
    >>> with hooked({"first": net[0], "second": net[1]}, tell):
    ...     _ = net(torch.zeros(4, 2))
    first (4, 3)
    second (4, 3)
    >>> _ = net(torch.zeros(4, 2))  # nothing is told any more

    """
    if not isinstance(layers, Mapping):
        raise TypeError(
            f"layers must be a mapping of names to modules, got "
            f"{type(layers).__name__}; for one layer write {{'name': layer}}"
        )
    with ExitStack() as stack:
        for name, layer in layers.items():
            if not isinstance(layer, nn.Module):
                raise TypeError(
                    f"layer {name!r} must be an nn.Module, got "
                    f"{type(layer).__name__}; take it from "
                    f"dict(model.named_modules())"
                )
            handle = layer.register_forward_hook(partial(_call, see, name))
            stack.callback(handle.remove)
        yield


@contextmanager
def keep_outputs(
    layers: Mapping[str, nn.Module], *, gradients: bool = False
) -> Iterator[dict[str, Kept]]:
    """Keep what each layer last gave, and the gradient of it if wanted.

    Parameters
    ----------
    layers
        Names and modules; each must give one tensor.
    gradients
        Keep the gradient too. Call ``backward`` inside the block for it.

    Yields
    ------
    dict
        A `Kept` for each name. It stays readable after the block.

    Raises
    ------
    TypeError
        As `hooked`; and in the forward pass, if a layer gives something else
        than one tensor.

    Examples
    --------
    >>> import torch
    >>> net = nn.Sequential(nn.Linear(2, 1), nn.ReLU())
    >>> with keep_outputs({"linear": net[0]}, gradients=True) as kept:
    ...     net(torch.ones(5, 2)).sum().backward()
    >>> kept["linear"].output.shape, kept["linear"].gradient.shape
    (torch.Size([5, 1]), torch.Size([5, 1]))

    """
    with ExitStack() as stack:
        kept: dict[str, Kept] = {}
        waiting: dict[str, ExitStack] = {}

        def see(name: str, layer: nn.Module, output: Any) -> None:
            if not isinstance(output, Tensor):
                raise TypeError(
                    f"layer {name!r} ({type(layer).__name__}) must give one "
                    f"tensor, got {type(output).__name__}; use `hooked` and "
                    f"take the part you want"
                )
            mine = kept[name]
            waiting[name].close()  # an earlier run waits no more
            mine.output, mine.gradient = output.detach().clone(), None
            mine.runs += 1
            if gradients and output.requires_grad:
                handle = output.register_hook(partial(_store, mine))
                waiting[name].callback(handle.remove)

        stack.enter_context(hooked(layers, see))
        for name in layers:
            kept[name] = Kept()
            waiting[name] = stack.enter_context(ExitStack())
        yield kept


def layers_of(
    model: nn.Module, *kinds: type[nn.Module]
) -> dict[str, nn.Module]:
    """Return the named layers of some kinds, in the order of the model.

    Parameters
    ----------
    model
        Searched at every depth.
    kinds
        Classes such as ``nn.Conv2d``. Without any: all that hold no further
        modules.

    Raises
    ------
    ValueError
        If there is no such layer.

    Examples
    --------
    >>> net = nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.ReLU()))
    >>> list(layers_of(net, nn.ReLU)), list(layers_of(net))
    (['1.0'], ['0', '1.0'])

    """
    found = {
        name: module
        for name, module in model.named_modules()
        if (isinstance(module, kinds) if kinds else not [*module.children()])
    }
    if not found:
        wanted = ", ".join(kind.__name__ for kind in kinds)
        there = sorted({type(module).__name__ for module in model.modules()})
        raise ValueError(
            f"expected a layer of kind {wanted}, found none in the model; it "
            f"is made of {', '.join(there)}"
        )
    return found


def _call(
    see: Callable[[str, nn.Module, Any], Any],
    name: str,
    layer: nn.Module,
    inputs: Any,
    output: Any,
) -> Any:
    """Pass on what torch tells a forward hook, with the layer's name."""
    return see(name, layer, output)


def _store(kept: Kept, gradient: Tensor) -> None:
    """Keep a gradient as it passes by."""
    kept.gradient = gradient.detach().clone()
