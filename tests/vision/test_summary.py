import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from sevenlessons.vision.efficientnet_lite import efficientnet_lite0
from sevenlessons.vision.small_cnn import SmallCNN
from sevenlessons.vision.summary import summarize


def flops(model, *inputs):
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model.eval()(*inputs)
    return counter.get_total_flops()


CASES = {
    "plain": (nn.Conv2d(3, 5, (3, 2)), (2, 3, 7, 6)),
    "settings": (
        nn.Conv2d(4, 6, 3, stride=2, padding=1, dilation=2, groups=2),
        (1, 4, 9, 8),
    ),
    "depthwise": (nn.Conv2d(6, 6, 3, groups=6), (1, 6, 5, 5)),
    "transposed": (
        nn.ConvTranspose2d(4, 6, 3, stride=2, groups=2, output_padding=1),
        (2, 4, 5, 4),
    ),
    "transposed with gaps": (
        nn.ConvTranspose2d(3, 2, (2, 3), stride=(2, 1), padding=1, dilation=3),
        (1, 3, 4, 7),
    ),
    "one axis": (nn.Conv1d(2, 3, 5), (3, 2, 11)),
    "three axes": (nn.Conv3d(2, 3, 2), (1, 2, 4, 5, 3)),
    "linear": (nn.Linear(7, 4), (2, 3, 7)),
    "small CNN": (SmallCNN(10), (2, 1, 28, 28)),
    "EfficientNet": (efficientnet_lite0(), (1, 3, 64, 64)),
}


@pytest.mark.parametrize("model, shape", CASES.values(), ids=CASES)
def test_it_counts_half_of_what_torch_counts(model, shape):
    x = torch.zeros(*shape)
    assert 2 * summarize(model, x).multiply_adds == flops(model, x)


@pytest.mark.parametrize("model, shape", CASES.values(), ids=CASES)
def test_it_counts_each_parameter(model, shape):
    told = summarize(model, torch.zeros(*shape))
    assert told.parameters == sum(p.numel() for p in model.parameters())
    assert told.trainable == told.parameters


def test_rows_have_names_kinds_and_shapes():
    model = nn.Sequential(
        nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU()),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(4, 2),
    )
    rows = summarize(model, torch.zeros(5, 1, 8, 6)).layers
    assert [row.name for row in rows] == ["0.0", "0.1", "0.2", "1", "2", "3"]
    assert rows[1].kind == "BatchNorm2d" and rows[1].parameters == 8
    assert [row.shape for row in rows][::3] == [(5, 4, 6, 4), (5, 4, 1, 1)]
    assert rows[2].parameters == rows[2].multiply_adds == 0


def test_frozen_parameters_count_but_are_not_trainable():
    model = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2))
    model[0].requires_grad_(False)
    told = summarize(model, torch.zeros(1, 3))
    assert (told.parameters, told.trainable) == (26, 10)
    assert told.layers[0].trainable == 0


def test_a_single_layer_and_a_model_with_its_own_parameter_have_a_row():
    assert summarize(nn.Linear(3, 4), torch.zeros(1, 3)).layers[0].name == (
        "(model)"
    )

    class Scaled(nn.Module):
        def __init__(self):
            super().__init__()
            self.factor = nn.Parameter(torch.ones(3))
            self.layer = nn.Linear(3, 4)

        def forward(self, x):
            return self.layer(self.factor * x)

    told = summarize(Scaled(), torch.zeros(1, 3))
    assert [row.name for row in told.layers] == ["(model)", "layer"]
    assert told.parameters == 3 + 16


def test_shared_layers_count_once_as_parameters_and_twice_as_work():
    layer = nn.Linear(3, 3)
    told = summarize(nn.Sequential(layer, nn.ReLU(), layer), torch.ones(1, 3))
    assert told.parameters == 12 and told.multiply_adds == 18
    one, two = nn.Linear(3, 3, bias=False), nn.Linear(3, 3, bias=False)
    two.weight = one.weight
    told = summarize(nn.Sequential(one, two), torch.ones(1, 3))
    assert [row.parameters for row in told.layers] == [9, 0]
    assert told.multiply_adds == 18


def test_what_did_not_run_is_listed_without_a_shape():
    class Half(nn.Module):
        def __init__(self):
            super().__init__()
            self.used, self.idle = nn.Linear(2, 2), nn.Linear(2, 5)

        def forward(self, x):
            return self.used(x)

    idle = summarize(Half(), torch.zeros(1, 2)).layers[1]
    assert (idle.shape, idle.parameters, idle.multiply_adds) == (None, 15, 0)


def test_the_model_is_left_as_it_was():
    model = nn.Sequential(nn.BatchNorm1d(3), nn.Dropout())
    model[1].eval()
    before = model[0].running_mean.clone()
    summarize(model, torch.randn(4, 3))
    assert model.training and model[0].training and not model[1].training
    assert torch.equal(model[0].running_mean, before)
    assert not model[0]._forward_hooks


def test_hooks_go_also_if_the_model_fails():
    model = nn.Sequential(nn.Linear(3, 2))
    with pytest.raises(RuntimeError):
        summarize(model, torch.zeros(1, 5))
    assert not model[0]._forward_hooks and model.training


def test_messages():
    with pytest.raises(ValueError, match="got no input; pass a picture"):
        summarize(nn.Linear(2, 2))

    class Idle(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.LazyLinear(2)

        def forward(self, x):
            return x

    with pytest.raises(ValueError, match="one of layer that has none"):
        summarize(Idle(), torch.zeros(1, 2))
