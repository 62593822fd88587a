import re

import pytest
import torch
from torch.nn import functional

from sevenlessons.page.stepper_grids import Slide, grid, number_text

PICTURE = [
    [float((3 * i + 5 * j * j) % 7) for j in range(7)] for i in range(6)
]


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("size", [(3, 3), (2, 1), (1, 3)])
def test_the_answer_is_that_of_torch(stride, padding, dilation, size):
    kernel = torch.arange(-2.0, size[0] * size[1] - 2).view(size)
    slide = Slide(PICTURE, kernel.tolist(), stride, padding, dilation)
    expected = functional.conv2d(
        torch.tensor(PICTURE)[None, None],
        kernel[None, None],
        stride=stride,
        padding=padding,
        dilation=dilation,
    )[0, 0]
    assert slide.places == tuple(expected.shape)
    assert slide.answer == expected.tolist()
    place = tuple(n - 1 for n in slide.places)
    products = slide.products(place)
    assert sum(p * w for p, w in products) == expected[place]
    assert [w for _, w in products] == kernel.flatten().tolist()


def test_a_grid_shows_numbers_border_and_marks():
    svg = grid(
        [[0, 0, 0], [0, -2, 0], [0, 0, 0]],
        'a "title"',
        border=1,
        marked=[(1, 1)],
    )
    assert svg.count("<rect") == 10 and svg.count("st-border") == 8
    assert svg.count("st-marked") == 1 and "a &quot;title&quot;" in svg
    assert "st-below" in svg and ">\u22122<" in svg
    assert svg.count('fill-opacity="0.45"') == 1
    assert re.search(r'viewBox="0 0 81 97"', svg)


def test_zeros_alone_have_no_color():
    assert 'fill-opacity="0.00"' in grid([[0.0]], "zero")


@pytest.mark.parametrize(
    "value, text",
    [(0, "0"), (-0.0, "0"), (0.004, "0"), (1.5, "1.5"), (-12, "\u221212")],
)
def test_numbers_are_short(value, text):
    assert number_text(value) == text


def test_halves_are_rounded_as_in_the_browser():
    values = (0.125, 0.625, -0.125, 2.675, 99.0, -0.004)
    found = [number_text(value) for value in values]
    # 2.675 lies below the half in floating point
    assert found == ["0.13", "0.63", "\u22120.13", "2.67", "99", "0"]
