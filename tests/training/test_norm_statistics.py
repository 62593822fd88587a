"""Statistics measured anew: torch's numbers, and eval mode is respected."""

import copy

import pytest
import torch
from torch import nn

from sevenlessons.training.norm_statistics import remeasure_statistics


def model():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.BatchNorm1d(4)
    )


def batches(count=3):
    generator = torch.Generator().manual_seed(1)
    return [(torch.randn(6, 3, generator=generator),) for _ in range(count)]


def test_equal_to_torch():
    ours, theirs = model(), model()
    assert remeasure_statistics(ours, batches()) == 2
    torch.optim.swa_utils.update_bn(batches(), theirs)
    for a, b in zip(ours.buffers(), theirs.buffers(), strict=True):
        assert torch.equal(a, b)


def test_forgets_what_was_there():
    one, other = model(), model()
    other[1].running_mean.fill_(1e6)
    remeasure_statistics(one, batches())
    remeasure_statistics(other, batches())
    assert torch.equal(one[1].running_mean, other[1].running_mean)


def test_a_norm_in_eval_mode_is_left_alone():
    one = model()
    one[1].eval()
    before = copy.deepcopy(one[1].state_dict())
    assert remeasure_statistics(one, batches()) == 1
    for name, tensor in one[1].state_dict().items():
        assert torch.equal(tensor, before[name])


def test_momentum_and_weights_come_back():
    one = model()
    one[3].momentum = 0.3
    weights = [p.detach().clone() for p in one.parameters()]
    remeasure_statistics(one, batches())
    assert (one[1].momentum, one[3].momentum) == (0.1, 0.3)
    for p, before in zip(one.parameters(), weights, strict=True):
        assert torch.equal(p, before)
    assert one.training


def test_momentum_comes_back_after_an_error():
    one = model()
    with pytest.raises(RuntimeError):
        remeasure_statistics(one, [(torch.zeros(2, 9),)])
    assert one[1].momentum == 0.1


def test_no_batch_changes_nothing():
    one = model()
    one[1].running_mean.fill_(2.0)
    with pytest.raises(ValueError, match=r"at least one batch.*got none"):
        remeasure_statistics(one, [])
    assert bool((one[1].running_mean == 2).all())
