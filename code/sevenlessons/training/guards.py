"""What `Learner` refuses, and what it says then.

Kept apart so that the loop in `learner` can be read without them.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from .callbacks import Callback

__all__ = [
    "bind_hooks",
    "check_epochs",
    "check_parts",
    "check_rates",
    "clear_errors",
    "modes_kept",
    "move_batch",
]

_HOOKS = tuple(name for name in vars(Callback) if name.startswith("on_"))
_BROADCAST = re.compile(
    r"Using a target size \(torch\.Size\(\[(.*?)\]\)\) that is different to "
    r"the input size \(torch\.Size\(\[(.*?)\]\)\)"
)
_REMEDIES = {
    "only for scalar outputs": (
        "loss_fn must return one number, the mean over the batch; it "
        "returned one for each sample: use reduction='mean'"
    ),
    "does not require grad": (
        "the loss depends on no parameter that learns: every layer is "
        "frozen, or the model ran under no_grad; unfreeze a part of it"
    ),
}


def bind_hooks(
    callbacks: Sequence[Callback],
) -> dict[str, tuple[Callable[[Any], None], ...]]:
    """Return for each hook the methods that do something, in list order.

    A hook that nobody overrides then costs nothing in the loop.

    Examples
    --------
    >>> bind_hooks([Callback()])["on_loss"]
    ()

    """
    for callback in callbacks:
        _check_callback(callback)
    return {
        hook: tuple(
            getattr(callback, hook)
            for callback in callbacks
            if hook in vars(callback)
            or getattr(type(callback), hook) is not getattr(Callback, hook)
        )
        for hook in _HOOKS
    }


def _check_callback(callback: Callback) -> None:
    if not isinstance(callback, Callback):
        hint = ""
        if isinstance(callback, type) and issubclass(callback, Callback):
            hint = f"; write {callback.__name__}(...)"
        raise TypeError(
            f"callbacks must be Callback objects, got {callback!r}{hint}"
        )
    for name in dir(callback):
        if name.startswith("on_") and name not in _HOOKS:
            raise TypeError(
                f"{type(callback).__name__}.{name} is not a hook; "
                f"the hooks are {', '.join(_HOOKS)}"
            )


def check_parts(
    model: nn.Module,
    loss_fn: object,
    optimizer: torch.optim.Optimizer,
    metrics: object,
    callbacks: object,
    device: torch.device,
) -> None:
    """Refuse parts that cannot work together, before anything is trained."""
    if isinstance(callbacks, Callback):
        raise TypeError(
            f"callbacks must be a list, got one {type(callbacks).__name__}; "
            "put it into brackets"
        )
    if not isinstance(model, nn.Module):
        raise TypeError(f"model must be a torch.nn.Module, got {model!r}")
    if not callable(loss_fn) or isinstance(loss_fn, type):
        raise TypeError(
            "loss_fn must be callable as loss_fn(prediction, target), "
            f"got {loss_fn!r}"
        )
    if not isinstance(optimizer, torch.optim.Optimizer):
        raise TypeError(
            f"optimizer must be a torch optimizer object, got {optimizer!r}; "
            "build it on model.parameters()"
        )
    held = {id(p) for g in optimizer.param_groups for p in g["params"]}
    if held.isdisjoint(id(p) for p in model.parameters()):
        raise ValueError(
            "optimizer holds none of the model's parameters, so nothing "
            "would be learned; build it on model.parameters()"
        )
    if metrics is not None and not isinstance(metrics, Mapping):
        raise TypeError(
            "metrics must be a dictionary of name to metric, such as "
            f'{{"accuracy": accuracy}}, got {metrics!r}'
        )
    if device.type == "cuda" and not torch.cuda.is_available():
        raise ValueError(
            f"device={str(device)!r} was asked for, but torch sees no GPU "
            "here; use device='cpu'"
        )


def check_epochs(epochs: int) -> int:
    """Return `epochs` if it is a whole number of at least 1."""
    if isinstance(epochs, bool) or not isinstance(epochs, int):
        raise TypeError(f"epochs must be a whole number, got {epochs!r}")
    if epochs < 1:
        raise ValueError(f"epochs must be at least 1, got {epochs}")
    return epochs


def check_rates(optimizer: torch.optim.Optimizer) -> None:
    """Refuse a learning rate below 0 or not finite in any group."""
    for i, group in enumerate(optimizer.param_groups):
        lr = float(group["lr"])
        if not (math.isfinite(lr) and lr >= 0):
            raise ValueError(
                "lr must be a finite number of at least 0, "
                f"got {lr} in parameter group {i}"
            )


def move_batch(batch: object, device: torch.device) -> tuple[Tensor, ...]:
    """Return `batch` as a tuple of tensors on `device`.

    Examples
    --------
    >>> move_batch([torch.ones(2)], torch.device("cpu"))
    (tensor([1., 1.]),)

    """
    if not isinstance(batch, (tuple, list)) or not batch:
        raise TypeError(
            "a loader must yield tuples (*inputs, target) of tensors, "
            f"got {type(batch).__name__}"
        )
    wait_not = device.type != "cpu"  # copies towards a GPU may overlap
    try:
        return tuple([x.to(device, non_blocking=wait_not) for x in batch])
    except AttributeError:
        for i, x in enumerate(batch):
            if not hasattr(x, "to"):
                raise TypeError(
                    f"item {i} of the batch must be a tensor, got "
                    f"{type(x).__name__}; turn it into one in the loader"
                ) from None
        raise


@contextmanager
def modes_kept(model: nn.Module) -> Iterator[None]:
    """Give every submodule back the train or eval mode that it had."""
    modes = [(module, module.training) for module in model.modules()]
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turn two common slips into errors that name the remedy.

    Torch only warns when the shapes of prediction and target differ, and
    then compares every prediction with every target.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Using a target size")
        try:
            yield
        except UserWarning as warning:
            shapes = _BROADCAST.search(str(warning))
            if shapes is None:
                raise
            raise ValueError(
                f"prediction has shape ({shapes[2]}) but target has shape "
                f"({shapes[1]}); give both one shape, for example with "
                "target[:, None] or prediction.squeeze(1)"
            ) from warning
        except RuntimeError as error:
            for sign, words in _REMEDIES.items():
                if sign in str(error):
                    raise ValueError(words) from error
            raise
