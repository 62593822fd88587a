import numpy as np
import pytest

from sevenlessons.page.convolution_sheets import (
    convolution_sheet,
    dense_sheet,
    pooling_sheet,
)


def test_a_kernel_slides_without_being_turned():
    maps = np.arange(12.0).reshape(1, 3, 4)
    weight = np.array([[[[1.0, 0.0], [0.0, 0.0]]]])
    sheet, made, corners = convolution_sheet(
        "one", ["picture"], [(4, 1)], maps, weight, np.array([0.5])
    )
    assert np.array_equal(made[0], maps[0, :2, :3] + 0.5)
    row, column = corners[0]
    assert sheet.results[row + 1, column + 2] == made[0, 1, 2]


def test_negative_sums_become_zero():
    _, made, _ = convolution_sheet(
        "one",
        ["p"],
        [(4, 1)],
        np.ones((1, 2, 2)),
        -np.ones((1, 1, 1, 1)),
        np.zeros(1),
    )
    assert not made.any()


def test_maps_and_kernels_of_many_filters_do_not_overlap():
    weight = np.ones((3, 5, 3, 3))
    sheet, made, corners = convolution_sheet(
        "many",
        ["p"] * 5,
        [(4, 1 + 9 * c) for c in range(5)],
        np.ones((5, 4, 4)),
        weight,
        np.zeros(3),
    )
    # each of 15 kernels has a head and 9 numbers, each filter a bias, a
    # head and 4 results; two lines stand above
    assert len(sheet.contents) == 15 * 10 + 3 * (2 + 4) + 2
    assert len(sheet.results) == made.size == 12
    assert len({row for row, _ in corners}) == 3


def test_an_odd_row_is_left_out_by_the_pooling():
    maps = np.arange(15.0).reshape(1, 3, 5)
    _, made, _ = pooling_sheet("pool", ["one"], [(4, 3)], maps)
    assert made.tolist() == [[[6.0, 8.0]]]
    with pytest.raises(ValueError, match="use a larger picture"):
        pooling_sheet("pool", ["one"], [(4, 3)], maps[:, :1])


def test_large_scores_give_shares_that_add_up():
    weight = np.array([[1e4], [-1e4], [1e4]])
    sheet = dense_sheet(
        "dense", "pool", [(4, 1)], np.ones((1, 1, 1)), weight, np.zeros(3)
    )
    assert [sheet.results[6 + k, 3] for k in range(3)] == [0.5, 0.0, 0.5]
    assert sheet.results[3, 2] == 0  # the first of equals
