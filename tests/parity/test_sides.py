import torch
from torch import nn

from sevenlessons.parity.compare import deviation
from sevenlessons.parity.sides import (
    arrived,
    compare_functions,
    compare_modules,
)


def test_a_wrong_gradient_is_seen_where_the_value_is_right():
    def ours(x):  # the value is that of x * x, the gradient is half
        return x * x.detach()

    x = torch.tensor([1.0, 2.0, -1.0])
    found = {
        p.what: deviation(p)
        for p in compare_functions(ours, torch.square, [x])
    }
    assert found["value"] == 0
    assert found["gradient of input 1"] > 0.1


def test_inputs_are_left_alone():
    x = torch.tensor([1.0, 2.0])
    list(compare_functions(torch.exp, torch.exp, [x], prefix="a: "))
    assert x.grad is None
    assert not x.requires_grad


def test_modules_compare_parameters_and_buffers():
    x = torch.randn(4, 3, generator=torch.Generator().manual_seed(0))
    ours, theirs = nn.BatchNorm1d(3, momentum=0.2), nn.BatchNorm1d(3)
    found = {p.what: deviation(p) for p in compare_modules(ours, theirs, [x])}
    assert found["value"] == 0
    assert found["gradient of weight"] == 0
    assert found["running_mean"] > 0.01
    assert found["num_batches_tracked"] == 0


def test_a_gradient_that_did_not_arrive_equals_nothing():
    x = torch.tensor([1.0, 2.0])
    assert arrived(None, x).isinf().all()
    assert arrived(x, x) is x
