import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import pad, unfold

from sevenlessons.scratch.windows import Windows, output_size, padded, pair

few = settings(max_examples=60, deadline=None)


@few
@given(
    st.integers(1, 12),
    st.integers(1, 4),
    st.integers(1, 4),
    st.integers(0, 3),
    st.integers(1, 3),
)
def test_counts_the_windows_that_torch_has(size, kernel, stride, edge, gap):
    if size + 2 * edge < gap * (kernel - 1) + 1:
        with pytest.raises(ValueError, match="take a smaller kernel"):
            output_size(
                size, kernel, stride=stride, padding=edge, dilation=gap
            )
        return
    theirs = unfold(
        torch.zeros(1, 1, 1, size),
        (1, kernel),
        stride=(1, stride),
        padding=(0, edge),
        dilation=(1, gap),
    ).shape[2]
    ours = output_size(size, kernel, stride=stride, padding=edge, dilation=gap)
    assert ours == theirs


@pytest.mark.parametrize(("size", "up"), [(6, 3), (7, 4), (5, 3), (4, 2)])
def test_rounds_up_if_asked(size, up):
    assert output_size(size, 2, stride=2, ceil_mode=True) == up


def test_pixels_and_views_agree():
    x = torch.arange(30.0).view(1, 1, 5, 6)
    windows = Windows((5, 6), (2, 3), stride=(2, 1), dilation=(2, 1))
    met = torch.stack([x[view] for view in windows.views()], dim=-1)
    for i in range(windows.places[0]):
        for j in range(windows.places[1]):
            rows, columns = windows.pixels(0, i), windows.pixels(1, j)
            seen = [6 * row + column for row in rows for column in columns]
            assert met[0, 0, i, j].tolist() == seen


def test_pads_as_torch_does():
    x = torch.randn(2, 3, 4, 1)
    assert torch.equal(padded(x, (1, 2)), pad(x, (2, 2, 1, 1)))


@pytest.mark.parametrize(
    "numbers",
    [
        (-1, 1, 1, 0, 1),
        (3, 0, 1, 0, 1),
        (3, 1, 0, 0, 1),
        (3, 1, 1, -1, 1),
        (3, 1, 1, 0, 0),
    ],
)
def test_refuses_numbers_that_are_too_small(numbers):
    size, kernel, stride, edge, gap = numbers
    with pytest.raises(ValueError, match="of at least 1, got"):
        output_size(size, kernel, stride=stride, padding=edge, dilation=gap)


@pytest.mark.parametrize("value", [(1, 2, 3), (1.0, 2.0), (1,)])
def test_refuses_what_is_no_pair(value):
    with pytest.raises(ValueError, match="stride must be a whole number, or"):
        pair(value, "stride")


@pytest.mark.parametrize("value", [1.5, None, True, "12", (True, 1)])
def test_one_that_is_no_whole_number(value):
    with pytest.raises(ValueError, match="padding must be a whole number, or"):
        pair(value, "padding")


def test_a_tensor_is_no_whole_number():
    with pytest.raises(ValueError, match=r"got tensor\(2\)"):
        pair(torch.tensor(2), "stride")


def test_rounded_up_the_only_window_may_be_too_large():
    assert output_size(1, 2, stride=2, ceil_mode=True) == 1
    with pytest.raises(ValueError, match="take a smaller kernel"):
        output_size(1, 2, stride=2)
    with pytest.raises(ValueError, match="take a smaller kernel"):
        output_size(1, 3, stride=1, ceil_mode=True)
