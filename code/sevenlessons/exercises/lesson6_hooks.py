"""Checks of hooks: none is left, dead units, spread from batches."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.training.activations import dead_share

__all__ = ["check_dead_units", "check_total_spread", "check_watching"]


class _Planned(Exception):
    """An error that the check raises itself."""


def _count(net: nn.Module) -> int:
    return sum(len(part._forward_hooks) for part in net.modules())


@exercise(
    "lesson6/watching",
    takes="layers, see",
    asks="A context manager that calls see(output) after each run of each "
    "layer, and leaves no hook.",
)
def check_watching(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check what is seen, then what is left: after the end, after errors."""
    width = trial.random.randint(2, 6)
    net = nn.Sequential(nn.Linear(3, width), nn.ReLU(), nn.Linear(width, 2))
    with torch.no_grad():
        for part in net.parameters():
            part.copy_(torch.randn(part.shape, generator=trial.generator))
    x = torch.randn(5, 3, generator=trial.generator)
    strange: list[Any] = []
    net[0].register_forward_hook(lambda *given: strange.append(given))
    plain = net(x)
    expected = [net[0](x), plain, net[0](x[:2]), net(x[:2])]
    strange.clear()
    seen: list[Tensor] = []

    def see(output: Tensor) -> Tensor:
        """Return something, as `torch.Tensor.std` would: nobody asked."""
        seen.append(output)
        return output * 0

    trial.call("a block", answer, [[net[0], net[2]], see])
    block = answer([net[0], net[2]], see)  # no copies: these layers
    is_block = hasattr(block, "__enter__") and hasattr(block, "__exit__")
    if not trial.expect(
        "it can stand after `with`",
        is_block,
        "`contextlib.contextmanager` makes a context manager of a function "
        "with one `yield`.",
    ):
        return
    try:
        with block:
            changed = not torch.equal(net(x), plain)
            net(x[:2])
    except Exception as error:
        trial.stop("the block runs", f"{type(error).__name__}: {error}")
    if not trial.expect(
        "the network gives what it gave",
        not changed,
        "What a hook returns takes the place of the output: call "
        "`see`, and return nothing, whatever `see` returns.",
    ):
        return
    right = len(seen) == 4 and all(
        isinstance(a, Tensor) and a.shape == b.shape and torch.allclose(a, b)
        for a, b in zip(seen, expected, strict=True)
    )
    if not trial.expect(
        "every run of every layer is seen, in order",
        right,
        "`see` gets the output alone, after each run of each layer; nothing "
        "more, nothing less.",
    ):
        return
    if not trial.expect(
        "no hook is left, and those of others stay",
        _count(net) == 1 and net(x).shape == plain.shape and len(seen) == 4,
        f"{_count(net)} hooks are on the network; one was there before.",
    ):
        return
    _check_errors(trial, answer, net, x)


def _check_errors(
    trial: Trial, answer: Callable[..., Any], net: nn.Sequential, x: Tensor
) -> None:
    """Check that errors pass through and leave nothing behind."""
    passed = False
    try:
        with answer([net[0], net[2]], lambda output: None):
            raise _Planned
    except _Planned:
        passed = True
    if not trial.expect(
        "after an error in the block",
        _count(net) == 1,
        "Remove the hooks in a `finally`, so that an error cannot skip it.",
    ):
        return
    if not trial.expect(
        "the error itself comes out",
        passed,
        "Do not swallow errors of the block: the reader must see them.",
    ):
        return
    half = False
    try:
        with answer([net[0], net[2], "no layer"], lambda output: None):
            pass
    except Exception:
        half = True
    if not trial.expect(
        "one layer of three is none",
        half and _count(net) == 1,
        "Put the hooks on inside the `try`: if the third cannot get one, "
        "the first two must lose theirs.",
    ):
        return
    outer: list[Tensor] = []
    inner: list[Tensor] = []
    try:
        with answer([net[0]], outer.append):
            with answer([net[0]], inner.append):
                net(x)
            net(x)
    except Exception as error:
        trial.stop("nested blocks", f"{type(error).__name__}: {error}")
    trial.expect(
        "nested blocks",
        (len(outer), len(inner), _count(net)) == (2, 1, 1),
        "Each block takes off its own hooks and no others.",
    )


@exercise(
    "lesson6/dead_units",
    takes="output",
    asks="Return the share of units that are above zero for no sample.",
)
def check_dead_units(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check both shapes, zeros, negative outputs, and none and all dead."""
    some = torch.tensor([[0.0, 1.0, -1.0], [0.0, 0.0, 2.0]])
    maps = torch.zeros(3, 5, 2, 4)
    maps[1, 2, 1, 3] = 0.5
    maps[0, 4] = -1.0
    cases = [
        ("three units, one dead", some, "Over all samples of the batch."),
        ("channels", maps, "A channel lives if any place of any sample does."),
        ("none is dead", torch.ones(4, 3), ""),
        ("all are dead", -torch.ones(2, 6, 3, 3), "Below zero is dead too."),
    ]
    for _ in range(3):
        units = trial.random.randint(5, 12)
        output = torch.randn(7, units, 3, 2, generator=trial.generator)
        dead = trial.random.randint(1, units - 1)
        output[:, :dead] = -output[:, :dead].abs()
        cases.append((f"{units} channels", output, ""))
        flat = torch.randn(4, units, generator=trial.generator)
        flat[:, :dead].clamp_(max=0)
        cases.append((f"{units} units", flat, ""))
    for words, output, hint in cases:
        if not trial.equal(
            words,
            answer,
            [output],
            dead_share(output),
            tolerance=1e-6,
            hint=hint or "Count units, not outputs.",
        ):
            return


@exercise(
    "lesson6/total_spread",
    takes="counts, means, spreads",
    asks="Return mean and standard deviation of all numbers of all batches.",
)
def check_total_spread(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check against the numbers themselves, batches of unequal size."""
    two = [torch.zeros(3), torch.full((1,), 8.0)]
    cases = [("two batches without any spread", two)]
    for number in (1, 3, 6):
        batches = [
            trial.random.uniform(-5, 5)
            + trial.random.uniform(0.5, 3)
            * torch.randn(
                trial.random.randint(1, 30), generator=trial.generator
            )
            for _ in range(number)
        ]
        cases.append((f"{number} batches", batches))
    for words, batches in cases:
        parts = [part.double() for part in batches]
        whole = torch.cat(parts)
        if not trial.equal(
            words,
            answer,
            [
                [len(part) for part in parts],
                [part.mean().item() for part in parts],
                [part.std(correction=0).item() for part in parts],
            ],
            (whole.mean().item(), whole.std(correction=0).item()),
            tolerance=1e-6,
            hint="Batches count by their size. The spread of all numbers has "
            "two sources: within the batches, and between their means.",
        ):
            return
