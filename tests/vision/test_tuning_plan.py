"""A plan refuses what cannot be trained."""

import pytest

from sevenlessons.vision.tuning_plan import TuningPlan


def test_bad_input():
    with pytest.raises(ValueError, match=r"a rate for each layer group"):
        TuningPlan((1e-3,))
    with pytest.raises(ValueError, match=r"at least one epoch.*epochs=0"):
        TuningPlan((1e-3, 1e-3), epochs=0)
    with pytest.raises(ValueError, match=r"none below zero.*-1"):
        TuningPlan((1e-3, 1e-3), epochs=3, head_epochs=-1)
