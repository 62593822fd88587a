import pytest
import torch

from sevenlessons.scratch.lstm import lstm_layer, lstm_step


def layer(inputs=3, hidden=5):
    torch.manual_seed(0)
    made = torch.nn.LSTM(inputs, hidden, batch_first=True)
    return made.double()


@pytest.mark.parametrize("shape", [(2, 7, 3), (1, 1, 3), (4, 30, 3)])
@pytest.mark.parametrize("given", [True, False])
def test_layer_equals_torch(shape, given):
    reference = layer()
    x = torch.randn(shape).double()
    state = None
    if given:
        state = tuple(torch.randn(2, shape[0], 5).double())
    expected, (h, c) = reference(
        x, None if state is None else tuple(s[None] for s in state)
    )
    outputs, (hidden, cell) = lstm_layer(x, *reference.parameters(), state)
    torch.testing.assert_close(outputs, expected)
    torch.testing.assert_close(hidden, h[0])
    torch.testing.assert_close(cell, c[0])


def test_gradients_equal_torch():
    reference, ours = layer(), layer()
    x = torch.randn(2, 6, 3).double()
    reference(x)[0].square().sum().backward()
    lstm_layer(x, *ours.parameters())[0].square().sum().backward()
    for a, b in zip(reference.parameters(), ours.parameters(), strict=True):
        torch.testing.assert_close(a.grad, b.grad)


def test_step_equals_torchs_cell():
    cell = torch.nn.LSTMCell(3, 5)
    x, state = torch.randn(2, 3), (torch.randn(2, 5), torch.randn(2, 5))
    ours = lstm_step(x, state, *cell.parameters())
    for a, b in zip(ours, cell(x, state), strict=True):
        torch.testing.assert_close(a, b)


def test_an_open_forget_gate_keeps_the_cell():
    weights = torch.zeros(8, 1), torch.zeros(8, 2)
    bias = torch.tensor([-50.0] * 2 + [50.0] * 2 + [0.0] * 4)
    cell = torch.tensor([[3.0, -2.0]])
    state = torch.zeros(1, 2), cell
    _, (_, after) = lstm_layer(
        torch.ones(1, 40, 1), *weights, bias, torch.zeros(8), state
    )
    torch.testing.assert_close(after, cell)


def test_refuses_shapes():
    weights = list(layer().float().parameters())
    with pytest.raises(ValueError, match=r"\(N, T, E\) with at least one st"):
        lstm_layer(torch.ones(2, 0, 3), *weights)
    with pytest.raises(ValueError, match=r"weights \(20, 4\) and \(20, 5\)"):
        lstm_layer(torch.ones(2, 3, 4), *weights)
