"""What may be wrong, in words: the helpers of the digits page's checks."""

import math

import pytest
import torch
from torch import nn

from sevenlessons.exercises.lesson5_digits_faults import (
    layer_fault,
    start_fault,
    stop_fault,
    train_plainly,
    train_with,
)

RIGHT, WRONG = {}, {}  # no exercises of its own


def batches(bad=None):
    draws = torch.Generator().manual_seed(0)
    made = [
        (
            torch.randn(6, 3, generator=draws),
            torch.randn(6, 1, generator=draws),
        )
        for _ in range(3)
    ]
    if bad is not None:
        made[bad][0][0, 0] = math.nan
    return made


def test_without_a_callback_both_trainings_are_one():
    found = train_with(object(), [batches()], seed=3)
    good = train_plainly(2 * batches(), seed=3)
    assert stop_fault(found, good, clean=True) == ""
    other = train_plainly(2 * batches(), seed=4)
    assert "as if your callback" in stop_fault(found, other, clean=True)


def test_what_goes_on_after_a_bad_batch_is_found():
    found = train_with(object(), [batches(bad=1)], seed=3)
    good = train_plainly(batches()[:1], seed=3)
    assert "a stop at number 2" in stop_fault(found, good, clean=False)


def test_training_moves_no_global_seed():
    before = torch.get_rng_state()
    train_with(object(), [batches()], seed=3)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("layer", [None, 3, nn.ReLU(), nn.Linear(2, 3)])
def test_what_is_no_layer_is_named(layer):
    assert layer_fault(layer, 3, 2).startswith("expected an `nn.Module`")


def test_a_start_is_judged_only_where_there_are_enough_numbers():
    assert start_fault(nn.Linear(2, 3), nn.Linear(2, 3)) != ""  # the bias
    pair = [nn.Linear(2, 3), nn.Linear(2, 3)]
    for layer in pair:
        nn.init.zeros_(layer.bias)
    assert start_fault(*pair) == ""
