"""What may be wrong with a callback or a layer: in words.

`lesson5_digits` asks; each function here returns a sentence for the reader,
or an empty text if nothing is wrong.
"""

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss

from sevenlessons.scratch.small_learner import SmallLearner

__all__ = [
    "Trained",
    "layer_fault",
    "start_fault",
    "stop_fault",
    "train_plainly",
    "train_with",
]

Batches = Sequence[tuple[Tensor, Tensor]]


class Trained:
    """What a training left: the model's state, its length, its end.

    Examples
    --------
    >>> Trained({}, steps=3, stopped=False).steps
    3

    """

    def __init__(
        self, state: dict[str, Tensor], *, steps: int, stopped: bool
    ) -> None:
        # The counter of batches is not compared: nothing depends on it.
        self.state = {n: v for n, v in state.items() if "num_" not in n}
        self.steps, self.stopped = steps, stopped


def train_with(
    callback: object, fits: Sequence[Batches], seed: int
) -> Trained:
    """Fit a small network, two epochs on each list of batches.

    Examples
    --------
    >>> batches = [(torch.randn(6, 3), torch.randn(6, 1))]
    >>> train_with(object(), [batches], seed=0).steps
    2

    """
    model = _network(seed)
    calm = [(torch.ones(2, 3), torch.zeros(2, 1))]
    sgd = torch.optim.SGD(model.parameters(), lr=0.05)
    learner = SmallLearner(
        model, fits[0], calm, mse_loss, sgd, callbacks=[callback]
    )
    for batches in fits:
        learner.train_loader = batches
        learner.fit(2)
    return Trained(
        model.state_dict(),
        steps=len(learner.history.steps),
        stopped=learner.should_stop,
    )


def train_plainly(batches: Batches, seed: int) -> Trained:
    """Take one step on each batch, without a learner.

    Examples
    --------
    >>> batches = [(torch.randn(6, 3), torch.randn(6, 1))]
    >>> train_plainly(batches, seed=0).steps
    1

    """
    model = _network(seed).train()
    sgd = torch.optim.SGD(model.parameters(), lr=0.05)
    for inputs, target in batches:
        sgd.zero_grad()
        mse_loss(model(inputs), target).backward()
        sgd.step()
    return Trained(model.state_dict(), steps=len(batches), stopped=False)


def stop_fault(found: Trained, good: Trained, *, clean: bool) -> str:
    """Compare a training under a callback with one on good batches only.

    Examples
    --------
    >>> one = Trained({}, steps=3, stopped=False)
    >>> stop_fault(one, one, clean=True)
    ''

    """
    steps = good.steps + (not clean)
    if found.steps != steps or found.stopped is clean:
        wanted = "all of them, and no stop: every loss was finite."
        if not clean:
            wanted = (
                f"a stop at number {steps}, the bad one. Call "
                "`learner.stop()` when the loss is not finite: NaN or "
                "infinite."
            )
        return f"{found.steps} batches were trained; expected {wanted}"
    pairs = zip(found.state.values(), good.state.values(), strict=True)
    if all(torch.equal(a, b) for a, b in pairs):
        return ""
    if clean:
        return "the model should be as if your callback were not there."
    return (
        "weights and buffers (`state_dict`) are not those from before the "
        "bad batch. Copy them before each batch, with `deepcopy`: the forward "
        "pass alone already moves the running statistics of a batch norm."
    )


def layer_fault(layer: Any, inputs: int, outputs: int) -> str:
    """Say what keeps an object from being a linear layer.

    Examples
    --------
    >>> layer_fault(nn.Linear(3, 2), 3, 2)
    ''

    """
    shapes: Any = type(layer).__name__
    if isinstance(layer, nn.Module):
        shapes = {n: tuple(p.shape) for n, p in layer.named_parameters()}
    wanted = {"weight": (outputs, inputs), "bias": (outputs,)}
    fault = (
        f"expected an `nn.Module` with the parameters {wanted}, got {shapes}; "
        "a tensor becomes a parameter by `nn.Parameter`"
    )
    return "" if shapes == wanted else fault


def start_fault(one: Any, two: Any) -> str:
    """Say what is wrong with the start of two layers of the same size.

    Examples
    --------
    >>> layer = nn.Linear(30, 50)
    >>> start_fault(layer, layer)[:10]
    'two layers'

    """
    weight = one.weight.detach()
    if torch.equal(weight, two.weight.detach()):
        return (
            "two layers have the same weights. Draw them at random, and set "
            "no seed inside."
        )
    if one.bias.any():
        return "the bias should start at zero."
    spread = math.sqrt(2 / weight.shape[1])
    mean, std = weight.mean().item(), weight.std().item()
    fits = abs(std / spread - 1) < 0.03 and abs(mean) < 0.03 * spread
    if fits or weight.numel() < 10_000:
        return ""
    return (
        f"the weights have mean {mean:.4f} and standard deviation {std:.4f}. "
        "Their mean should be zero; and Kaiming's variance is 2 divided by "
        "the number of what? And is that the deviation, or its square?"
    )


def _network(seed: int) -> nn.Sequential:
    """Return the same small network for the same seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(
            nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1)
        )
