"""A drawing is framed as MNIST's makers framed their digits."""

import pytest
import torch

from sevenlessons.vision.digit_frame import frame_digit


def drawn(height, width, top, left, high, wide):
    ink = torch.zeros(height, width, dtype=torch.uint8)
    generator = torch.Generator().manual_seed(height + top)
    shape = (high, wide)
    part = torch.randint(32, 256, shape, generator=generator)
    ink[top : top + high, left : left + wide] = part.byte()
    return ink


def center(digit):
    mass = digit.double()
    places = torch.arange(28) + 0.5
    down = (mass.sum(1) * places).sum() / mass.sum()
    right = (mass.sum(0) * places).sum() / mass.sum()
    return down.item(), right.item()


@pytest.mark.parametrize("high, wide", [(200, 40), (33, 170), (9, 9), (1, 1)])
def test_the_longer_side_has_20_pixels_and_the_mass_is_centered(high, wide):
    digit = frame_digit(drawn(280, 280, 3, 60, high, wide))
    assert digit.shape == (28, 28) and digit.dtype == torch.uint8
    rows, columns = digit.nonzero().unbind(1)
    spans = [int(p.max() - p.min()) + 1 for p in (rows, columns)]
    assert max(spans) <= 20
    assert all(abs(place - 14) <= 0.51 for place in center(digit))


def test_where_it_was_on_the_sheet_does_not_matter():
    sheets = []
    for top, left in ((0, 0), (150, 33), (180, 220)):
        ink = torch.zeros(280, 280, dtype=torch.uint8)
        ink[top : top + 100, left : left + 60] = drawn(100, 60, 0, 0, 100, 60)
        sheets.append(frame_digit(ink))
    assert torch.equal(sheets[0], sheets[1])
    assert torch.equal(sheets[0], sheets[2])


def test_faint_ink_around_the_digit_does_not_count():
    ink = drawn(100, 100, 20, 20, 60, 40)
    dirty = ink.clone()
    dirty[95, 95] = 31
    assert torch.equal(frame_digit(ink), frame_digit(dirty))


def test_a_heavy_end_is_pulled_to_the_middle_but_nothing_is_cut_off():
    ink = torch.zeros(200, 200, dtype=torch.uint8)
    ink[0:40, 0:200] = 255
    ink[40:200, 0:4] = 60
    digit = frame_digit(ink)
    rows, columns = (digit > 20).nonzero().unbind(1)
    assert rows.max() - rows.min() >= 18
    assert columns.max() - columns.min() >= 18


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="there is no ink"):
        frame_digit(torch.zeros(28, 28, dtype=torch.uint8))
    with pytest.raises(ValueError, match=r"expected one drawing.*float32"):
        frame_digit(torch.ones(28, 28))
    with pytest.raises(ValueError, match=r"shape \(1, 28, 28\)"):
        frame_digit(torch.ones(1, 28, 28, dtype=torch.uint8))
