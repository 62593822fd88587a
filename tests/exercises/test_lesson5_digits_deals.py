"""What may be wrong with dealt rows, in words."""

import pytest
import torch

from sevenlessons.exercises.lesson5_digits_deals import (
    deal_fault,
    left_fault,
    order_fault,
)

RIGHT, WRONG = {}, {}  # no exercises of its own


@pytest.mark.parametrize("value", [None, 3, ["a"], [[None]], torch.zeros(0)])
def test_odd_batches_are_refused_in_words(value):
    assert deal_fault(value, 4, 2, drop_last=False)


def test_a_fixed_place_is_found():
    epochs = [[[0, i], [9 - i, 8]] for i in range(1, 6)]
    assert "Shuffle all rows" in order_fault(epochs, epochs[0])


def test_rows_that_never_come_are_found():
    always = [[[0, 1], [2, 3]]] * 8
    assert "always left out" in left_fault(always, 5)
    turns = [[[row for row in range(5) if row != i % 5]] for i in range(8)]
    assert left_fault(turns, 5) == ""


def test_neighbors_that_stay_are_found():
    orders = [[(start + row) % 60 for row in range(60)] for start in range(8)]
    epochs = [[order[i : i + 5] for i in range(0, 60, 5)] for order in orders]
    assert "same neighbors" in order_fault(epochs, epochs[0])
