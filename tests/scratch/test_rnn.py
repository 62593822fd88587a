import pytest
import torch

from sevenlessons.scratch.rnn import rnn_layer, rnn_step


def layer(inputs=3, hidden=5):
    torch.manual_seed(0)
    return torch.nn.RNN(inputs, hidden, batch_first=True).double()


@pytest.mark.parametrize("shape", [(2, 7, 3), (1, 1, 3), (4, 30, 3)])
@pytest.mark.parametrize("given", [True, False])
def test_layer_equals_torch(shape, given):
    reference = layer()
    x = torch.randn(shape).double()
    hidden = torch.randn(shape[0], 5).double() if given else None
    expected, last = reference(x, hidden[None] if given else None)
    outputs, ours = rnn_layer(x, *reference.parameters(), hidden)
    torch.testing.assert_close(outputs, expected)
    torch.testing.assert_close(ours, last[0])


def test_gradients_equal_torch():
    reference, ours = layer(), layer()
    x = torch.randn(2, 6, 3).double()
    reference(x)[0].square().sum().backward()
    rnn_layer(x, *ours.parameters())[0].square().sum().backward()
    for a, b in zip(reference.parameters(), ours.parameters(), strict=True):
        torch.testing.assert_close(a.grad, b.grad)


def test_two_layers_are_torchs_two_layers():
    torch.manual_seed(0)
    reference = torch.nn.RNN(3, 4, num_layers=2, batch_first=True)
    x = torch.randn(2, 6, 3)
    weights = list(reference.parameters())
    first, _ = rnn_layer(x, *weights[:4])
    second, _ = rnn_layer(first, *weights[4:])
    torch.testing.assert_close(second, reference(x)[0])


def test_step_equals_torchs_cell():
    cell = torch.nn.RNNCell(3, 5)
    x, hidden = torch.randn(2, 3), torch.randn(2, 5)
    torch.testing.assert_close(
        rnn_step(x, hidden, *cell.parameters()), cell(x, hidden)
    )


def test_reading_in_two_parts_is_reading_at_once():
    weights = list(layer().parameters())
    x = torch.randn(2, 9, 3).double()
    whole, end = rnn_layer(x, *weights)
    first, hidden = rnn_layer(x[:, :4], *weights)
    second, last = rnn_layer(x[:, 4:], *weights, hidden)
    torch.testing.assert_close(torch.cat([first, second], 1), whole)
    torch.testing.assert_close(last, end)


def test_refuses_shapes():
    weights = list(layer().float().parameters())
    with pytest.raises(ValueError, match=r"\(N, T, E\) with at least one st"):
        rnn_layer(torch.ones(2, 0, 3), *weights)
    with pytest.raises(ValueError, match=r"\(N, T, E\) .* \(2, 3\)"):
        rnn_layer(torch.ones(2, 3), *weights)
    with pytest.raises(ValueError, match=r"weights \(5, 4\) and \(5, 5\)"):
        rnn_layer(torch.ones(2, 3, 4), *weights)
    with pytest.raises(ValueError, match=r"state \(2, 5\).*\(64, 5\); begin"):
        rnn_layer(torch.ones(2, 3, 3), *weights, torch.zeros(64, 5))
