"""The planted cases tell a careless answer from a careful one."""

import pytest

from sevenlessons.exercises.lesson5_fine_tuning_cases import (
    CUT_FAULTS,
    choose_from,
    drifting_by_trial,
    planted_depths,
    planted_norms,
    scores_by_folds,
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
def test_the_best_depth_is_chosen_if_it_is_clear(seed):
    for lonely in (True, False):
        case = planted_depths(Trial(seed), lonely=lonely)
        scores = scores_by_folds(*case)
        assert choose_from(scores) == max(
            scores, key=lambda d: scores[d].mean()
        )


@pytest.mark.parametrize("seed", range(5))
def test_a_lonely_class_is_never_learned_from_where_it_is_judged(seed):
    _, target, folds = planted_depths(Trial(seed), lonely=True)
    alone = [
        set(target[judge].tolist()) - set(target[learn].tolist())
        for learn, judge in folds
    ]
    assert sorted(len(kinds) for kinds in alone) == [0, 0, 0, 0, 1]


@pytest.mark.parametrize("fault", CUT_FAULTS)
def test_each_fault_is_told_from_the_rule(fault):
    for seed in range(3):
        scores = scores_by_folds(*planted_depths(Trial(seed), fault))
        assert CUT_FAULTS[fault](scores) != choose_from(scores)
