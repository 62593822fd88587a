"""Starts and dropout beside torch's: the same draws from the same seed."""

from collections.abc import Callable, Iterator

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from sevenlessons.scratch import initialization
from sevenlessons.scratch.dropout import Dropout, dropout
from sevenlessons.scratch.gains import calculate_gain
from sevenlessons.scratch.lsuv import layer_outputs, lsuv_

from .pieces import Pair, Piece
from .sides import compare_functions

__all__ = ["initialization_pieces"]

_SHAPES = ((7, 5), (1, 9), (6, 4, 3, 2), (2, 3, 5))
_FILLS = {
    "uniform_": ({"a": -2.0, "b": 0.5}, {}),
    "normal_": ({"mean": 1.0, "std": 3.0}, {}),
    "xavier_uniform_": ({}, {"gain": 5 / 3}),
    "xavier_normal_": ({}, {"gain": 5 / 3}),
    "kaiming_uniform_": (
        {},
        {"a": 5**0.5},
        {"mode": "fan_out", "nonlinearity": "relu"},
    ),
    "kaiming_normal_": (
        {},
        {"a": 0.2},
        {"mode": "fan_out", "nonlinearity": "tanh"},
    ),
}
_FORMULAS = {
    "uniform_": ("even draws", r"w \sim U(a, b)"),
    "normal_": ("draws from a bell", r"w \sim N(\mu, \sigma^2)"),
    "xavier_uniform_": (
        "Xavier, even",
        r"\operatorname{Var} w = g^2 \cdot 2 / (n_\text{in} + n_\text{out})",
    ),
    "xavier_normal_": (
        "Xavier, from a bell",
        r"\operatorname{Var} w = g^2 \cdot 2 / (n_\text{in} + n_\text{out})",
    ),
    "kaiming_uniform_": (
        "Kaiming, even",
        r"\operatorname{Var} w = g^2 / n_\text{in}",
    ),
    "kaiming_normal_": (
        "Kaiming, from a bell",
        r"\operatorname{Var} w = g^2 / n_\text{in}",
    ),
}


def initialization_pieces() -> tuple[Piece, ...]:
    """Return the pieces of `scratch.initialization`, `lsuv` and `dropout`.

    Examples
    --------
    >>> from sevenlessons.parity.initialization import initialization_pieces
    >>> len(initialization_pieces())
    9

    """
    page = "lesson5/initialization"
    fills = tuple(
        Piece(
            f"Start: {words}",
            "scratch/initialization",
            f"torch.nn.init.{name}",
            formula,
            page,
            _fill(name),
        )
        for name, (words, formula) in _FORMULAS.items()
    )
    return (
        *fills,
        Piece(
            "Gain of an activation",
            "scratch/gains",
            "torch.nn.init.calculate_gain",
            r"g = \sqrt{2 / (1 + a^2)}",
            page,
            _gains,
        ),
        Piece(
            "LSUV",
            "scratch/lsuv",
            "torch.std of each layer's output, divided out by hand",
            r"W \leftarrow W / \operatorname{std}(y)",
            page,
            _lsuv,
        ),
        Piece(
            "Dropout",
            "scratch/dropout",
            "torch.nn.functional.dropout",
            r"y = m\,x / (1 - p), \quad m \sim \text{Bernoulli}(1 - p)",
            "lesson5/parity",
            _dropout,
        ),
    )


def _fill(
    name: str,
) -> Callable[[torch.dtype, int], Iterator[Pair]]:
    def compare(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
        ours, theirs = getattr(initialization, name), getattr(nn.init, name)
        for shape in _SHAPES:
            for options in _FILLS[name]:
                filled: list[Tensor] = [
                    fill(
                        torch.empty(shape, dtype=dtype),
                        **options,
                        generator=Generator().manual_seed(seed),
                    )
                    for fill in (ours, theirs)
                ]
                words = ", ".join(f"{k} {v}" for k, v in options.items())
                yield Pair(f"{shape}, {words or 'defaults'}", *filled)

    return compare


def _gains(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    reference: Callable[..., float] = nn.init.calculate_gain
    slope = torch.rand((), generator=Generator().manual_seed(seed)).item()
    for name, param in (
        ("linear", None),
        ("sigmoid", None),
        ("tanh", None),
        ("relu", None),
        ("leaky_relu", None),
        ("leaky_relu", slope),
        ("selu", None),
    ):
        yield Pair(
            f"{name}, {'default' if param is None else 'random slope'}",
            torch.tensor(calculate_gain(name, param), dtype=dtype),
            torch.tensor(reference(name, param), dtype=dtype),
        )


def _lsuv(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    """Compare with right angles from torch, divided by their own output."""
    inputs = torch.randn(
        60, 8, generator=Generator().manual_seed(seed), dtype=dtype
    )
    with torch.random.fork_rng(devices=[]):  # what it draws is not kept
        layers = nn.Linear(8, 12), nn.Linear(12, 5)
    model = nn.Sequential(layers[0], nn.ReLU(), layers[1], nn.Tanh()).to(dtype)
    lsuv_(
        model,
        inputs,
        tolerance=1e-6 if dtype == torch.float32 else 1e-12,
        generator=Generator().manual_seed(seed),
    )
    draw = Generator().manual_seed(seed)
    first = nn.init.orthogonal_(
        torch.empty(12, 8, dtype=dtype), generator=draw
    )
    last = nn.init.orthogonal_(torch.empty(5, 12, dtype=dtype), generator=draw)
    first = first / torch.std(inputs @ first.T)
    hidden = torch.relu(inputs @ first.T)
    last = last / torch.std(hidden @ last.T)
    yield Pair("weight of layer 1", layers[0].weight, first)
    yield Pair("weight of layer 2", layers[1].weight, last)
    for name, output in layer_outputs(model, inputs).items():
        one = torch.ones((), dtype=dtype)
        yield Pair(f"deviation after layer {name}", output.std(), one)


def _dropout(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    draw = Generator().manual_seed(seed)
    for shape in ((40,), (3, 1, 5, 2), (0, 4)):
        x = torch.randn(shape, generator=draw, dtype=dtype)
        for p in (0.0, 0.1, 0.5, 1.0):
            for training in (True, False):
                yield from compare_functions(
                    _seeded(dropout, seed, p, training),
                    _seeded(functional.dropout, seed, p, training),
                    [x],
                    prefix=f"{shape}, p {p}, training {training}: ",
                )
    x = torch.randn(9, generator=draw, dtype=dtype)
    yield from compare_functions(
        _seeded(Dropout(0.3), seed),
        _seeded(nn.Dropout(0.3), seed),
        [x],
        prefix="layer: ",
    )


def _seeded(
    function: Callable[..., Tensor], seed: int, *rest: object
) -> Callable[[Tensor], Tensor]:
    """Return `function` drawing from torch's global generator at a seed."""

    def call(x: Tensor) -> Tensor:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return function(x, *rest)

    return call
