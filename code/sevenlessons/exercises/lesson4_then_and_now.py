"""Checks of the page on the pretrained transformer."""

import copy
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial

__all__ = [
    "check_from_stored",
    "check_mean_pool",
    "check_unfreeze_last",
]


@exercise(
    "lesson4/mean_pool",
    takes="x, lengths",
    asks="Return the mean of the first `lengths[i]` rows of each `x[i]`.",
)
def check_mean_pool(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check against a loop, with rubbish in the padding, and the gradient."""
    for words, size in (("one text", 1), ("several texts", 5)):
        x, lengths = _texts(trial, size)
        expected = _loop(x, lengths)
        if not trial.equal(
            words,
            answer,
            [x, lengths],
            expected,
            tolerance=1e-5,
            hint="What comes after a text's length is padding: it counts "
            "neither above nor below the line.",
        ):
            return
    x, lengths = _texts(trial, 4)
    expected = _loop(x, lengths)
    further = torch.full((4, 3, x.shape[2]), 1e6)
    longer = torch.cat([x, further], dim=1)
    if not trial.equal(
        "more padding changes nothing",
        answer,
        [longer, lengths],
        expected,
        tolerance=1e-5,
        hint="Rows after the length may hold anything, not only zeros.",
    ):
        return
    broken = longer.clone()
    broken[:, -1] = float("nan")
    trial.equal(
        "not even padding that is no number",
        answer,
        [broken, lengths],
        expected,
        tolerance=1e-5,
        hint="0 times nan is nan: set the padding to zero, do not multiply.",
    )


def _texts(trial: Trial, count: int) -> tuple[Tensor, Tensor]:
    longest = trial.random.randint(6, 9)
    x = torch.randn(count, longest, 3, generator=trial.generator) * 3 + 2
    lengths = torch.tensor(
        [trial.random.randint(2, longest - 2) for _ in range(count)]
    )
    lengths[1:2] = 1  # the shortest there is, where there are several
    x[0, 0] = 0.0  # a zero may be real: it counts as any number does
    x[0, 1, 0] = x[-1, 0, 1] = 0.0
    return x, lengths


def _loop(x: Tensor, lengths: Tensor) -> Tensor:
    pairs = zip(x, lengths.tolist(), strict=True)
    return torch.stack([row[:length].mean(0) for row, length in pairs])


class _Net(nn.Module):
    """Embeddings, a norm, layers and a head, to be unfrozen by a reader."""

    def __init__(self, trial: Trial, num_layers: int) -> None:
        super().__init__()
        self.words = nn.Embedding(8, 3)
        with torch.no_grad():
            self.words.weight.copy_(
                torch.randn(8, 3, generator=trial.generator)
            )
        self.norm = nn.LayerNorm(3)
        layers = [_layer(trial) for _ in range(num_layers)]
        self.layers = nn.ModuleList(layers)
        self.head = _layer(trial)

    def forward(self, numbers: Tensor) -> Tensor:
        x = self.norm(self.words(numbers))
        for layer in self.layers:
            x = layer(x).tanh()
        return self.head(x)


def _layer(trial: Trial) -> nn.Linear:
    layer = nn.Linear(3, 3)
    with torch.no_grad():
        for p in layer.parameters():
            p.copy_(torch.randn(p.shape, generator=trial.generator))
    return layer


@exercise(
    "lesson4/unfreeze_last",
    takes="model, count",
    asks="Let the last `count` layers and the head learn and nothing else; "
    "return the model.",
)
def check_unfreeze_last(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check by one step of an optimizer which tensors move."""
    size = trial.random.randint(4, 6)
    for words, before, count in (
        ("the last two of a frozen network", False, 2),
        ("the last one of a network that learns everywhere", True, 1),
        ("none: the head alone", True, 0),
        ("all layers", False, size),
    ):
        model = _Net(trial, size)
        for p in model.parameters():
            p.requires_grad = before
        start = [p.detach().clone() for p in model.parameters()]
        given = [copy.deepcopy(model), count]
        got = trial.call(words, answer, [model, count], may_change=True)
        if got is not model:
            trial.stop(words, "Return the model that was given, changed.")
        expected = {f"layers.{n}" for n in range(size - count, size)}
        expected |= {"head"}
        moved = _moved_by_a_step(trial, model, start)
        detail = (
            f"of {size} layers with count={count}, one step should move "
            f"{_names(expected)}; it moved {_names(moved)}. `words` and "
            "`norm` are the parts below the layers."
        )
        if not trial.expect(words, moved == expected, detail, given=given):
            return


def _moved_by_a_step(
    trial: Trial, model: _Net, start: Sequence[Tensor]
) -> set[str]:
    """Return where a weight or a bias moved; half a move has its own name."""
    learning = [p for p in model.parameters() if p.requires_grad]
    if learning:
        model(torch.arange(8)).square().sum().backward()
        torch.optim.SGD(learning, lr=0.1).step()
    parts: dict[str, list[bool]] = {}
    for (name, p), old in zip(model.named_parameters(), start, strict=True):
        place = name.rpartition(".")[0]
        parts.setdefault(place, []).append(not torch.equal(p, old))
    return {
        place if all(flags) else f"half of {place}"
        for place, flags in parts.items()
        if any(flags)
    }


def _names(places: set[str]) -> str:
    return ", ".join(sorted(places)) or "nothing"


@exercise(
    "lesson4/from_stored",
    takes="layers, x, cut",
    asks="Return what the first `cut` layers say, without a gradient, and "
    "what all of them say, computed from it.",
)
def check_from_stored(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check values and which layers the gradient reaches."""
    size = trial.random.randint(4, 6)
    cuts = [2, size - 1, 0]
    for cut in cuts:
        words = f"{size} layers, the first {cut} stored"
        layers = [_layer(trial) for _ in range(size)]
        x = torch.randn(5, 3, generator=trial.generator)
        with torch.no_grad():
            steps = [x]
            for layer in layers:
                steps.append(layer(steps[-1]))
        got = trial.call(words, answer, [layers, x, cut], may_change=True)
        if not _is_pair(got):
            trial.stop(words, "Return two tensors: stored, output.")
        stored, output = got
        close = [
            one.shape == other.shape and torch.allclose(one, other, atol=1e-5)
            for one, other in ((stored, steps[cut]), (output, steps[-1]))
        ]
        ok = trial.expect(
            f"{words}: the values",
            all(close),
            ("the output" if close[0] else "what is stored")
            + " is not what the layers say one after the other.",
        )
        if not ok or not _gradients_right(trial, words, layers, got, cut):
            return


def _is_pair(got: Any) -> bool:
    return (
        isinstance(got, tuple | list)
        and len(got) == 2
        and all(isinstance(one, Tensor) for one in got)
    )


def _gradients_right(
    trial: Trial,
    words: str,
    layers: Sequence[nn.Linear],
    got: Sequence[Tensor],
    cut: int,
) -> bool:
    stored, output = got
    if not trial.expect(
        f"{words}: what is stored has no gradient",
        not stored.requires_grad,
        "it still hangs on the graph of the lower layers; compute it under "
        "torch.no_grad().",
    ):
        return False
    if output.requires_grad:
        output.square().sum().backward()
    reached = [layer.weight.grad is not None for layer in layers]
    expected = [number >= cut for number in range(len(layers))]
    return trial.expect(
        f"{words}: the gradient reaches the layers above, and only these",
        reached == expected,
        f"it reached the layers {[i for i, r in enumerate(reached) if r]}.",
    )
