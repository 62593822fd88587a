"""A GRU by hand: torch's cell and layer, its gates, bad shapes."""

import pytest
import torch
from torch import nn

from sevenlessons.scratch.gru import gru_gates, gru_layer, gru_step


def numbers(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


@pytest.mark.parametrize("seed", range(3))
def test_step_is_torchs_cell(seed):
    torch.manual_seed(seed)
    cell = nn.GRUCell(3, 5).double()
    x, hidden = numbers(4, 3, seed=seed), numbers(4, 5, seed=seed + 9)
    ours = gru_step(x, hidden, *cell.parameters())
    torch.testing.assert_close(ours, cell(x, hidden), rtol=0, atol=1e-12)


@pytest.mark.parametrize("hoisted", [False, True])
@pytest.mark.parametrize("steps", [1, 7])
def test_two_layers_are_torchs_forward_and_backward(steps, hoisted):
    torch.manual_seed(1)
    theirs = nn.GRU(3, 5, num_layers=2, batch_first=True).double()
    weights = [
        p.detach().clone().requires_grad_() for p in theirs.parameters()
    ]
    x, start = numbers(2, steps, 3), numbers(2, 2, 5)
    y, first = gru_layer(x, *weights[:4], start[0], hoisted=hoisted)
    y, second = gru_layer(y, *weights[4:], start[1], hoisted=hoisted)
    expected, last = theirs(x, start)
    torch.testing.assert_close(y, expected, rtol=0, atol=1e-12)
    torch.testing.assert_close(
        torch.stack([first, second]), last, rtol=0, atol=1e-12
    )
    uneven = torch.linspace(-1, 2, y.numel(), dtype=y.dtype).view_as(y)
    (y * uneven).sum().backward()
    (expected * uneven).sum().backward()
    for ours, parameter in zip(weights, theirs.parameters(), strict=True):
        torch.testing.assert_close(
            ours.grad, parameter.grad, rtol=0, atol=1e-10
        )


def test_a_state_carried_on_is_one_long_text():
    torch.manual_seed(2)
    weights = list(nn.GRU(3, 4).double().parameters())
    x = numbers(2, 9, 3)
    whole, _ = gru_layer(x, *weights)
    first, state = gru_layer(x[:, :4], *weights)
    second, _ = gru_layer(x[:, 4:], *weights, state)
    torch.testing.assert_close(torch.cat([first, second], 1), whole)


def test_gates_stay_between_their_ends():
    reset, update, candidate = gru_gates(
        50 * numbers(6, 9), 50 * numbers(6, 9, seed=1)
    )
    for gate in (reset, update):
        assert gate.min() >= 0
        assert gate.max() <= 1
    assert candidate.abs().max() <= 1


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        (((2, 3), (12, 3), (12, 4)), "at least one step, got shape"),
        (((2, 0, 3), (12, 3), (12, 4)), "at least one step"),
        (((2, 5, 3), (16, 3), (16, 4)), "an LSTM four"),
        (((2, 5, 2), (12, 3), (12, 4)), r"expected weights \(12, 2\)"),
    ],
)
def test_bad_shapes(shapes, words):
    x, *weights = (torch.zeros(*shape) for shape in shapes)
    biases = torch.zeros(12), torch.zeros(12)
    with pytest.raises(ValueError, match=words):
        gru_layer(x, *weights, *biases)


def test_a_state_of_another_batch():
    weights = list(nn.GRU(3, 4).parameters())
    with pytest.raises(ValueError, match=r"expected a hidden state \(2, 4\)"):
        gru_layer(torch.zeros(2, 5, 3), *weights, torch.zeros(1, 4))
