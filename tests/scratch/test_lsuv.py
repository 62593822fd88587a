import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from sevenlessons.scratch.lsuv import layer_outputs, lsuv_


def draw(seed=0):
    return torch.Generator().manual_seed(seed)


def rows(*shape, seed=0):
    return torch.randn(*shape, generator=draw(seed))


@settings(max_examples=15, deadline=None)
@given(
    st.integers(1, 8),
    st.sampled_from([nn.ReLU, nn.Tanh, nn.Sigmoid, nn.GELU]),
    st.floats(1e-4, 1e4),
)
def test_each_layer_puts_out_unit_variance(depth, activation, scale):
    layers = [nn.Linear(6, 9)]
    for _ in range(depth - 1):
        layers += [activation(), nn.Linear(9, 9)]
    model = nn.Sequential(*layers)
    x = scale * rows(80, 6) + scale
    reached = lsuv_(model, x, generator=draw())
    outputs = layer_outputs(model, x)
    assert list(reached) == list(outputs)
    for name, y in outputs.items():
        assert y.std().item() == pytest.approx(1, abs=0.03)
        assert reached[name] == pytest.approx(y.std().item())


def test_convolutions_and_dropout():
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.BatchNorm2d(4),
        nn.Flatten(),
        nn.Linear(4 * 9, 2),
    )
    model[3].eval()
    lsuv_(model, rows(40, 1, 5, 5), generator=draw())
    assert model.training and model[2].training and not model[3].training
    assert model[3].num_batches_tracked == 0
    model.eval()
    for y in layer_outputs(model, rows(40, 1, 5, 5)).values():
        assert y.std().item() == pytest.approx(1, abs=0.03)


def test_weights_are_at_right_angles_or_keep_their_direction():
    model = nn.Sequential(nn.Linear(8, 4))
    lsuv_(model, rows(50, 8), generator=draw())
    product = model[0].weight @ model[0].weight.T
    assert (product - product.diag().diag()).abs().max() < 1e-5
    assert not model[0].bias.any()
    nn.init.normal_(model[0].weight, generator=draw(3))
    before = model[0].weight.detach().clone()
    lsuv_(model, rows(50, 8), orthogonal=False)
    ratio = model[0].weight / before
    torch.testing.assert_close(ratio, ratio[0, 0].expand_as(ratio))


def test_layers_come_in_the_order_of_their_calls():
    class Turned(nn.Module):
        def __init__(self):
            super().__init__()
            self.last, self.first = nn.Linear(3, 2), nn.Linear(4, 3)

        def forward(self, x):
            return self.last(self.first(x).relu())

    assert list(layer_outputs(Turned(), rows(5, 4))) == ["first", "last"]


def test_hooks_are_gone_afterwards_even_after_an_error():
    model = nn.Sequential(nn.Linear(4, 3))
    with pytest.raises(RuntimeError):
        layer_outputs(model, rows(5, 7))
    layer_outputs(model, rows(5, 4))
    assert not model[0]._forward_hooks


def test_bad_input_is_refused():
    model = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))
    with pytest.raises(ValueError, match="'0' has the standard deviation 0"):
        lsuv_(model, torch.zeros(5, 4))
    assert model.training
    with pytest.raises(ValueError, match=r"calls no linear layer .*: ReLU"):
        lsuv_(nn.ReLU(), rows(2, 2))
    with pytest.raises(ValueError, match=r"got 0 and 0.02"):
        lsuv_(model, rows(5, 4), max_tries=0)
