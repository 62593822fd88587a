import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sevenlessons.training.monitor import Monitor

numbers = st.lists(st.floats(-1e6, 1e6), min_size=1)


@settings(deadline=None)  # machines differ
@given(numbers)
def test_the_best_is_the_lowest_or_the_highest(values):
    low = Monitor("valid_loss")
    high = Monitor("valid_accuracy", lower_is_better=False)
    for i, value in enumerate(values):
        new_low = value < min(values[:i], default=math.inf)
        new_high = value > max(values[:i], default=-math.inf)
        assert low.improved({"valid_loss": value}) == new_low
        assert high.improved({"valid_accuracy": value}) == new_high
    assert (low.best, high.best) == (min(values), max(values))


def test_a_small_change_does_not_count():
    monitor = Monitor("valid_loss", min_delta=0.5)
    answers = [monitor.improved({"valid_loss": v}) for v in (3, 2.6, 2.4, 2)]
    assert answers == [True, False, True, False]
    monitor = Monitor("valid_f1", lower_is_better=False, min_delta=0.5)
    answers = [monitor.improved({"valid_f1": v}) for v in (0.0, 0.4, 0.6)]
    assert answers == [True, False, True]


def test_nan_is_never_better():
    for lower in (True, False):
        monitor = Monitor("valid_loss", lower_is_better=lower)
        assert not monitor.improved({"valid_loss": math.nan})
        assert monitor.improved({"valid_loss": 1.0})
        assert not monitor.improved({"valid_loss": math.nan})
        assert monitor.best == 1.0


def test_reset_forgets():
    monitor = Monitor("valid_loss")
    monitor.improved({"valid_loss": 1.0})
    monitor.reset()
    assert monitor.improved({"valid_loss": 2.0})


def test_messages():
    with pytest.raises(ValueError, match="is less or more of 'valid_accur"):
        Monitor("valid_accuracy")
    for delta in (-0.1, math.nan):
        with pytest.raises(ValueError, match="min_delta must be at least 0"):
            Monitor("valid_loss", min_delta=delta)
    known = "monitor='val_loss' is not recorded; available: epoch, valid_loss"
    with pytest.raises(ValueError, match=known):
        Monitor("val_loss").improved({"epoch": 0, "valid_loss": 1.0})
