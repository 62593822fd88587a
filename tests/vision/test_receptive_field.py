import pytest
from torch import nn

from sevenlessons.vision.receptive_field import (
    ReceptiveField,
    looks_at_single_numbers,
    receptive_fields,
    window_settings,
)
from sevenlessons.vision.small_cnn import SmallCNN


def conv(*args, **how):
    return nn.Conv2d(1, 1, *args, **how)


@pytest.mark.parametrize(
    "layers, size, step, start",
    [
        ([conv(3)], 3, 1, 0),
        ([conv(3, padding=1)], 3, 1, -1),
        ([conv(3, dilation=4)], 9, 1, 0),
        ([conv(3), conv(3), conv(3)], 7, 1, 0),
        ([conv(3, stride=2), conv(3)], 7, 2, 0),
        ([conv(3), conv(3, stride=2)], 5, 2, 0),
        ([nn.MaxPool2d(2), nn.AvgPool2d(2), conv(3)], 12, 4, 0),
        ([nn.MaxPool2d(3, 2, 1), conv(3, padding=1)], 7, 2, -3),
        ([conv(1, stride=3), conv(2)], 4, 3, 0),
    ],
)
def test_stacks_worked_out_on_paper(layers, size, step, start):
    last = receptive_fields(nn.Sequential(*layers))[-1]
    assert last.size == (size, size)
    assert last.step == (step, step) and last.start == (start, start)


def test_rows_and_columns_may_differ():
    (field,) = receptive_fields(
        nn.Sequential(conv((3, 5), stride=(1, 2), padding=(0, 2)))
    )
    assert (field.size, field.step) == ((3, 5), (1, 2))
    assert field.start == (0, -2)


def test_names_are_those_of_the_model_and_activations_have_no_row():
    model = SmallCNN().body
    fields = receptive_fields(model)
    assert [field.name for field in fields] == ["0.0", "1.0", "2.0"]
    assert [field.size[0] for field in fields] == [5, 9, 17]
    modules = dict(model.named_modules())
    for field in fields:
        assert type(modules[field.name]).__name__ == field.kind


def test_pixels_beyond_the_picture_are_cut_off():
    field = ReceptiveField("0", "Conv2d", (5, 3), (2, 2), (-2, -1))
    assert field.pixels((0, 0), (9, 4)) == (range(3), range(2))
    assert field.pixels((4, 1), (9, 4)) == (range(6, 9), range(1, 4))


def test_windows_and_single_numbers_are_told_apart():
    assert looks_at_single_numbers(nn.BatchNorm2d(3))
    assert not looks_at_single_numbers(nn.Linear(3, 3))
    assert window_settings(nn.AvgPool2d((2, 3), stride=1, padding=1)) == (
        (2, 3),
        (1, 1),
        (1, 1),
        (1, 1),
    )


@pytest.mark.parametrize(
    "layer, words",
    [
        (nn.Linear(2, 2), "ceil_mode and layers such as ReLU, got Linear"),
        (nn.AdaptiveAvgPool2d(1), "got AdaptiveAvgPool2d; cut the model"),
        (nn.MaxPool2d(2, ceil_mode=True), "without ceil_mode"),
        (conv(3, padding="same"), "got padding 'same'"),
        (conv(3, padding=1, padding_mode="circular"), "'circular'"),
    ],
)
def test_layers_that_have_no_formula_are_refused(layer, words):
    with pytest.raises(TypeError, match=words):
        receptive_fields(nn.Sequential(nn.ReLU(), layer))


def test_a_stack_without_windows_is_refused():
    with pytest.raises(ValueError, match="at least one convolution"):
        receptive_fields(nn.Sequential(nn.ReLU()))
