"""What is traced is what the layers put out, step by step."""

import pytest
import torch
from torch import nn

from sevenlessons.training.activations import dead_share, watched


@pytest.fixture
def net():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 2))


def test_numbers_are_those_of_the_outputs(net):
    batches = [torch.randn(8, 4) for _ in range(3)]
    with watched({"a": net[0], "b": net[1]}, bins=7) as traces:
        for x in batches:
            net(x)
    for step, x in enumerate(batches):
        first = net[0](x).detach()
        trace = traces["a"]
        assert trace.mean[step] == pytest.approx(first.mean().item())
        spread = (first - first.mean()).square().mean().sqrt().item()
        assert trace.std[step] == pytest.approx(spread)
        dead = sum(bool((first[:, i] <= 0).all()) for i in range(6)) / 6
        assert traces["b"].dead[step] == pytest.approx(dead)
        counts = torch.histc(first.clamp(-4, 4), 7, -4, 4)
        assert torch.equal(trace.histogram[step], counts)
        assert trace.histogram[step].sum() == 48
    assert len(trace.mean) == 3
    assert trace.limits == (-4.0, 4.0)


def test_a_validation_is_passed_over(net):
    with watched({"a": net[0]}) as traces:
        net(torch.randn(8, 4))
        net.eval()
        net(torch.randn(8, 4))
    assert len(traces["a"].mean) == 1


def test_training_is_not_changed_and_no_hook_is_left(net):
    x = torch.randn(8, 4)
    expected = net(x)
    with pytest.raises(RuntimeError), watched({"a": net[0]}):
        torch.testing.assert_close(net(x), expected)
        raise RuntimeError
    assert not net[0]._forward_hooks


def test_what_lies_outside_is_counted_at_the_edge():
    layer = nn.Identity()
    values = torch.tensor([[-9.0, 0.1], [9.0, torch.nan]])
    with watched({"a": layer}, bins=2, limits=(-1, 1)) as traces:
        layer(values)
    assert traces["a"].histogram[0].tolist() == [1, 2]


def test_a_diverged_layer_looks_like_no_silent_one():
    layer = nn.Identity()
    with watched({"a": layer}, bins=4) as traces:
        layer(torch.full((2, 2), torch.nan))
        layer(torch.zeros(2, 2))
    trace = traces["a"]
    assert [h.tolist() for h in trace.histogram] == [[0] * 4, [0, 0, 4, 0]]
    assert trace.dead == [0, 1]
    assert trace.mean[0] != trace.mean[0]


def test_refuses_what_it_cannot_trace():
    with pytest.raises(ValueError, match="at least one bin and limits"):
        with watched({}, bins=0):
            pytest.fail("the block must not run")
    with pytest.raises(ValueError, match="got 40 bins and"):
        with watched({}, limits=(1, 1)):
            pytest.fail("the block must not run")
    lstm = nn.LSTM(2, 3)
    with pytest.raises(TypeError, match="'a' must give one tensor"):
        with watched({"a": lstm}):
            lstm(torch.zeros(4, 1, 2))


def test_a_channel_is_a_unit():
    maps = torch.zeros(2, 4, 3, 3)
    maps[1, 2, 0, 0] = 1
    assert dead_share(maps) == 0.75
    with pytest.raises(ValueError, match="with N at least 1, got"):
        dead_share(torch.zeros(0, 4))
    with pytest.raises(ValueError, match="shape"):
        dead_share(torch.zeros(4))
