import random

import pytest
import torch
from torch import nn

from sevenlessons.vision.receptive_field import receptive_fields
from sevenlessons.vision.seen_pixels import seen_pixels


def drawn(draw):
    """Return a stack without gaps: no stride is larger than what it sees."""
    layers, channels = [], 2
    for _ in range(draw.randint(1, 4)):
        kernel, gap = draw.randint(1, 4), draw.randint(1, 2)
        border = draw.randint(0, kernel // 2)
        how = {"stride": 1 if gap > 1 else draw.randint(1, kernel)}
        how["padding"] = border
        kind = draw.choice(["conv", "max", "mean", "act"])
        if kind == "conv":
            made = draw.choice([2, 4])
            groups = draw.choice([1, 2])
            layers.append(
                nn.Conv2d(
                    channels, made, kernel, dilation=gap, groups=groups, **how
                )
            )
            channels = made
        elif kind == "max":
            layers.append(nn.MaxPool2d(kernel, dilation=gap, **how))
        elif kind == "mean":
            layers.append(nn.AvgPool2d(kernel, **how))
        else:
            layers += [nn.BatchNorm2d(channels), nn.ReLU(), nn.Dropout()]
    return nn.Sequential(*layers, nn.Conv2d(channels, 3, 2))


def edges(seen, axis):
    where = seen.any(dim=1 - axis).nonzero()
    return int(where.min()), int(where.max()) + 1


@pytest.mark.parametrize("seed", range(24))
def test_formula_and_gradient_agree_on_random_stacks(seed):
    draw = random.Random(seed)
    model, size = drawn(draw), (41, 38)
    field = receptive_fields(model)[-1]
    with torch.no_grad():
        places = model(torch.zeros(1, 2, *size)).shape[2:]
    for place in [(0, 0), tuple(n // 2 for n in places)]:
        seen = seen_pixels(model, (2, *size), place)
        for axis, pixels in enumerate(field.pixels(place, size)):
            first, end = edges(seen, axis)
            if len(pixels) == field.size[axis]:
                assert (first, end) == (pixels.start, pixels.stop)
            else:  # cut off by the border, perhaps in a gap
                assert pixels.start <= first < end <= pixels.stop


def test_gaps_are_seen_by_the_gradient_alone():
    model = nn.Sequential(nn.Conv2d(1, 1, 1, stride=3), nn.Conv2d(1, 1, 2))
    seen = seen_pixels(model, (1, 6, 6), (0, 0))
    assert seen.nonzero().tolist() == [[0, 0], [0, 3], [3, 0], [3, 3]]
    assert receptive_fields(model)[-1].size == (4, 4)


def test_dead_units_zero_weights_and_maxima_hide_nothing():
    model = nn.Sequential(
        nn.Conv2d(1, 1, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(1, 1, 1)
    )
    for parameter in model.parameters():
        nn.init.constant_(parameter, -1)
    nn.init.zeros_(model[3].weight)
    assert seen_pixels(model, (1, 4, 4), (0, 0)).all()
    assert model[0].weight.eq(-1).all() and model.training


def test_shortcuts_and_global_pooling_are_seen_too():
    class Shortcut(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(1, 1, 3, padding=1)

        def forward(self, x):
            return x[:, :, :, :1] + nn.functional.relu(self.conv(x))

    seen = seen_pixels(Shortcut(), (1, 5, 9), (2, 5))
    assert seen[2, 0] and seen[1:4, 4:7].all() and seen.sum() == 10
    assert seen_pixels(nn.AdaptiveAvgPool2d(1), (3, 5, 4), (0, 0)).all()


def test_a_deep_stack_neither_overflows_nor_vanishes():
    model = nn.Sequential(
        *(nn.Conv2d(16, 16, 3, padding=1) for _ in range(40))
    )
    seen = seen_pixels(model, (16, 9, 9), (4, 4))
    assert seen.all()


@pytest.mark.parametrize(
    "size, place, words",
    [
        ((8, 8), (0, 0), r"size as \(channels, rows, columns\)"),
        ((1, 8, 8), (0,), r"place as \(row, column\)"),
        ((1, 8, 8), (6, 0), r"a place \(6, 0\), got an answer of shape"),
        ((1, 8, 8), (0, -1), "got an answer"),
    ],
)
def test_messages(size, place, words):
    with pytest.raises(ValueError, match=words):
        seen_pixels(nn.Conv2d(1, 1, 3), size, place)


def test_a_layer_that_runs_twice_counts_twice():
    def stack(first, second):
        return nn.Sequential(
            nn.Conv2d(1, 2, 3), first, nn.Conv2d(2, 2, 3), second
        )

    shared = nn.MaxPool2d(2)
    expected = receptive_fields(stack(nn.MaxPool2d(2), nn.MaxPool2d(2)))[-1]
    found = receptive_fields(stack(shared, shared))[-1]
    assert found.size == expected.size == (10, 10)
    seen = seen_pixels(stack(shared, shared), (1, 22, 22), (0, 0))
    assert int(seen.sum()) == 100


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_it_needs_no_gradients_around_it(mode):
    layer = nn.Conv2d(1, 1, 2)
    with mode():
        assert int(seen_pixels(layer, (1, 3, 3), (0, 0)).sum()) == 4
