"""The planted cases tell a careless answer from a careful one."""

import pytest

from sevenlessons.exercises.lesson5_fine_tuning_cases import (
    choose_by_folds,
    drifting_by_trial,
    planted_depths,
    planted_norms,
)
from sevenlessons.page.trial import Trial

RIGHT: dict = {}  # the answers stand in test_lesson5_fine_tuning
WRONG: dict = {}


@pytest.mark.parametrize("seed", range(5))
def test_the_planted_norms_drift_as_planted(seed):
    model = planted_norms(Trial(seed))
    assert sorted(drifting_by_trial(model)) == [
        "body.asleep",
        "body.frozen",
        "body.plain",
        "head.1",
    ]
    assert drifting_by_trial(model.eval()) == []


@pytest.mark.parametrize("seed", range(5))
def test_the_best_depth_is_chosen_only_if_it_is_clear(seed):
    for clear in (True, False):
        case = planted_depths(Trial(seed), clear)
        chosen, means = choose_by_folds(*case)
        assert (chosen == max(means, key=means.get)) == clear
