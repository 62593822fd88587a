"""Hooks see everything inside their block and are gone after it."""

import pytest
import torch
from torch import nn

from sevenlessons.training.hooks import hooked, keep_outputs, layers_of


@pytest.fixture
def net():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(4, 3), nn.ReLU(inplace=True), nn.Linear(3, 2)
    )


def hooks_on(net):
    return sum(len(module._forward_hooks) for module in net.modules())


def test_every_run_is_seen_and_nothing_after(net):
    told = []
    with hooked(
        {"a": net[0], "b": net[2]},
        lambda name, layer, output: told.append((name, layer, output.shape)),
    ):
        net(torch.zeros(5, 4))
        net(torch.zeros(6, 4))
    net(torch.zeros(7, 4))
    assert told == [
        ("a", net[0], (5, 3)),
        ("b", net[2], (5, 2)),
        ("a", net[0], (6, 3)),
        ("b", net[2], (6, 2)),
    ]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_no_hook_is_left_after_an_error(net, error):
    with pytest.raises(error), keep_outputs(layers_of(net)):
        assert hooks_on(net) == 3
        raise error
    assert hooks_on(net) == 0


def test_an_error_in_the_forward_pass_leaves_no_hook(net):
    with pytest.raises(RuntimeError), keep_outputs({"a": net[0]}):
        net(torch.zeros(5, 9))
    assert hooks_on(net) == 0


def test_a_failure_half_way_leaves_no_hook(net):
    layers = {"a": net[0], "b": net[2], "broken": "2"}
    with pytest.raises(TypeError, match=r"'broken' must be an nn.Module, got"):
        with hooked(layers, print):
            pytest.fail("the block must not run")
    assert hooks_on(net) == 0


def test_one_module_is_no_mapping(net):
    with pytest.raises(TypeError, match=r"write {'name': layer}"):
        with hooked(net, print):
            pytest.fail("the block must not run")


def test_nested_blocks_each_take_off_their_own(net):
    outer, inner = [], []
    with hooked({"a": net[0]}, lambda *seen: outer.append(seen[0])):
        with hooked({"b": net[0]}, lambda *seen: inner.append(seen[0])):
            net(torch.zeros(1, 4))
        net(torch.zeros(1, 4))
        assert hooks_on(net) == 1
    assert outer == ["a", "a"]
    assert inner == ["b"]


def test_hooks_of_others_stay(net):
    net[0].register_forward_hook(lambda *seen: None)
    with hooked(layers_of(net), lambda *seen: None):
        assert hooks_on(net) == 4
    assert hooks_on(net) == 1


def test_what_is_returned_takes_the_place_of_the_output(net):
    with hooked({"last": net[2]}, lambda name, layer, output: output * 0 + 7):
        assert (net(torch.zeros(1, 4)) == 7).all()


def test_outputs_are_copies_that_later_layers_cannot_change(net):
    x = torch.randn(50, 4)
    with keep_outputs(layers_of(net)) as kept:
        net(x)
    torch.testing.assert_close(kept["0"].output, net[0](x).detach())
    assert (kept["0"].output < 0).any()  # the ReLU works in place
    assert not kept["0"].output.requires_grad
    assert kept["0"].gradient is None


def test_gradients_are_those_of_autograd(net):
    x = torch.randn(5, 4)
    middle = net[0](x).detach().requires_grad_()
    scores = net[2](middle.relu())
    expected = torch.autograd.grad(scores.square().sum(), middle)[0]
    with keep_outputs({"a": net[0]}, gradients=True) as kept:
        net(x).square().sum().backward()
    torch.testing.assert_close(kept["a"].gradient, expected)


def test_the_last_run_counts_and_forgets_the_gradient_before(net):
    with keep_outputs({"a": net[0]}, gradients=True) as kept:
        net(torch.randn(5, 4)).sum().backward()
        first = net(torch.randn(2, 4))
        assert kept["a"].gradient is None
        net(torch.randn(3, 4))
        first.sum().backward()  # an earlier run: no longer waited for
        assert kept["a"].gradient is None
    assert kept["a"].output.shape == (3, 3)
    assert kept["a"].runs == 3


def test_a_backward_pass_after_the_block_is_not_seen(net):
    with keep_outputs({"a": net[0]}, gradients=True) as kept:
        scores = net(torch.randn(5, 4))
    scores.sum().backward()
    assert kept["a"].gradient is None


def test_without_a_graph_there_is_no_gradient(net):
    with torch.no_grad(), keep_outputs({"a": net[0]}, gradients=True) as kept:
        net(torch.randn(5, 4))
    assert kept["a"].output.shape == (5, 3)
    assert kept["a"].gradient is None


def test_a_layer_that_gives_a_tuple_is_refused_in_words():
    lstm = nn.LSTM(2, 3)
    with pytest.raises(TypeError, match=r"'lstm' \(LSTM\) must give one"):
        with keep_outputs({"lstm": lstm}):
            lstm(torch.zeros(4, 1, 2))
    assert hooks_on(lstm) == 0


def test_layers_of_says_what_there_is(net):
    assert list(layers_of(net, nn.Linear)) == ["0", "2"]
    with pytest.raises(ValueError, match=r"Conv2d, found none.*Linear, ReLU"):
        layers_of(net, nn.Conv2d)
