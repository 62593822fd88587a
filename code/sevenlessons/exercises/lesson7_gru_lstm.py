"""Checks of gates: peepholes, gates held by a bias, sizes."""

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial

__all__ = [
    "check_held_gate",
    "check_peephole",
    "check_recurrent_size",
]


def _drawn(trial: Trial, *shape: int) -> Tensor:
    return torch.randn(shape, generator=trial.generator, dtype=torch.float64)


@exercise(
    "lesson7/peephole",
    takes="x, hidden, cell, weight_ih, weight_hh, bias, peep",
    asks="Return the hidden state and the cell after one step of an LSTM "
    "whose gates look at the cell too.",
)
def check_peephole(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check closed peepholes, each one alone, and all of them."""
    hints = [
        "Input and forget gate look at the cell as it was.",
        "Input and forget gate look at the cell as it was.",
        "The output gate looks at the new cell, which is there by then.",
    ]
    for opened in ([], [0], [1], [2], [0, 1, 2]):
        n = trial.random.randint(2, 4)
        size = n + trial.random.randint(1, 3)  # no square to mix up axes
        inputs = size + 2
        peep = torch.zeros(3, size, dtype=torch.float64)
        for row in opened:
            peep[row] = 2 * _drawn(trial, size) + 1
        cell = 2 * _drawn(trial, n, size)
        given = [
            _drawn(trial, n, inputs),
            _drawn(trial, n, size).tanh(),
            cell,
            _drawn(trial, 4 * size, inputs) / 3,
            _drawn(trial, 4 * size, size) / 3,
            _drawn(trial, 4 * size),
            peep,
        ]
        names = [("input", "forget", "output")[row] for row in opened]
        words = f"peepholes of {', '.join(names) or 'no gate'}"
        hint = hints[opened[0]] if len(opened) == 1 else ""
        if not trial.equal(
            words, answer, given, _peep(*given), tolerance=1e-9, hint=hint
        ):
            return


def _peep(
    x: Tensor,
    hidden: Tensor,
    cell: Tensor,
    weight_ih: Tensor,
    weight_hh: Tensor,
    bias: Tensor,
    peep: Tensor,
) -> tuple[Tensor, Tensor]:
    rows = x @ weight_ih.T + hidden @ weight_hh.T + bias
    add, keep, candidate, show = rows.chunk(4, dim=1)
    add = (add + peep[0] * cell).sigmoid()
    keep = (keep + peep[1] * cell).sigmoid()
    new = keep * cell + add * candidate.tanh()
    return (show + peep[2] * new).sigmoid() * new.tanh(), new


@exercise(
    "lesson7/held_gate",
    takes="cell, keep",
    asks="Return a copy of a GRU cell whose update gate keeps the old state "
    "(or never does), by its biases alone.",
)
def check_held_gate(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check that the state stays, or is new each time; and what moved."""
    for keep in (True, False, True, False):
        size, inputs = trial.random.randint(3, 6), trial.random.randint(2, 4)
        cell = nn.GRUCell(inputs, size).double()
        with torch.no_grad():
            for parameter in cell.parameters():
                parameter.copy_(_drawn(trial, *parameter.shape) / 2)
            # A gate that stands the other way, so that little is not enough.
            cell.bias_ih[size : 2 * size] = -4.0 if keep else 4.0
        before = copy.deepcopy(cell.state_dict())
        words = "keeps the old state" if keep else "takes the candidate"
        held = trial.call(words, answer, [cell, keep], may_change=True)
        if not trial.expect(
            f"{words}: the cell given stays as it was",
            _same(cell.state_dict(), before),
            "the weights of the cell that you were given have changed; work "
            "on copy.deepcopy(cell).",
        ):
            return
        if not trial.expect(
            f"{words}: a GRU cell comes back",
            isinstance(held, nn.GRUCell)
            and held.weight_ih.shape == cell.weight_ih.shape,
            "return a cell of the same sizes, not a state.",
        ):
            return
        if not trial.expect(
            f"{words}: only the update gate's biases differ",
            _untouched(held, before, size),
            "something else than the middle third of bias_ih and bias_hh "
            "has changed. The rows are: reset, update, candidate.",
        ):
            return
        if not _behaves(trial, words, held, keep, inputs, size):
            return


def _same(one: dict[str, Tensor], two: dict[str, Tensor]) -> bool:
    return all(torch.equal(one[name], two[name]) for name in two)


def _untouched(held: nn.GRUCell, before: dict[str, Tensor], size: int) -> bool:
    after = held.state_dict()
    middle = slice(size, 2 * size)
    for name, tensor in before.items():
        now = after[name].clone()
        if name.startswith("bias"):
            now[middle] = tensor[middle]
        if not torch.equal(now, tensor):
            return False
    return True


def _behaves(
    trial: Trial,
    words: str,
    held: nn.GRUCell,
    keep: bool,
    inputs: int,
    size: int,
) -> bool:
    """Read 50 steps; compare with the state before, or the candidate."""
    begin = hidden = _drawn(trial, 5, size).tanh()
    farthest = 0.0
    with torch.no_grad():
        for _ in range(50):
            x = _drawn(trial, 5, inputs)
            rows_x = (x @ held.weight_ih.T + held.bias_ih).chunk(3, 1)
            rows_h = (hidden @ held.weight_hh.T + held.bias_hh).chunk(3, 1)
            reset = (rows_x[0] + rows_h[0]).sigmoid()
            candidate = (rows_x[2] + reset * rows_h[2]).tanh()
            hidden = held(x, hidden)
            aim = begin if keep else candidate
            farthest = max(farthest, (hidden - aim).abs().max().item())
    return trial.expect(
        f"{words}: over 50 steps",
        farthest <= 1e-3,
        f"the state was {farthest:.3g} away from what it should be; at most "
        "0.001 is allowed. In torch the update gate is the share of the OLD "
        "state; a bias of 20 or more leaves nothing to the inputs.",
    )


@exercise(
    "lesson7/recurrent_size",
    takes="kind, inputs, hidden, layers",
    asks="Return how many parameters torch's network of that kind has.",
)
def check_recurrent_size(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check all kinds, one layer and several, inputs unlike the states."""
    kinds: dict[str, Callable[..., nn.RNNBase]] = {
        "rnn": nn.RNN,
        "gru": nn.GRU,
        "lstm": nn.LSTM,
    }
    for layers in (1, 2, 4):
        for kind, module in kinds.items():
            inputs = trial.random.randint(2, 9)
            hidden = inputs + trial.random.randint(1, 9)
            built = module(inputs, hidden, layers)
            expected = sum(p.numel() for p in built.parameters())
            if not trial.equal(
                f"{kind}, {layers} layers",
                answer,
                [kind, inputs, hidden, layers],
                expected,
                hint="A plain cell has one block of rows, a GRU three, an "
                "LSTM four; torch has two biases; from the second layer on "
                "the inputs are the states below.",
            ):
                return
