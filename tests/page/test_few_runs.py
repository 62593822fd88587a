import math

import pytest
import torch
from scipy import stats

from sevenlessons.page.few_runs import (
    paired_student,
    student,
    student_quantile,
)

RUNS = [0.842, 0.851, 0.847, 0.839, 0.850]


@pytest.mark.parametrize("freedom", [*range(1, 12), 30, 99])
@pytest.mark.parametrize("share", [0.005, 0.3, 0.5, 0.6, 0.975, 0.9995])
def test_quantile_is_scipys(share, freedom):
    expected = stats.t.ppf(share, freedom)
    got = student_quantile(share, freedom)
    assert got == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_interval_is_scipys(confidence):
    expected = stats.ttest_1samp(RUNS, 0).confidence_interval(confidence)
    got = student(RUNS, confidence=confidence)
    assert got == pytest.approx(tuple(expected), rel=1e-9)


def test_paired_interval_is_scipys():
    other = [0.840, 0.853, 0.843, 0.836, 0.842]
    expected = stats.ttest_rel(RUNS, other).confidence_interval(0.95)
    assert paired_student(other, RUNS) == pytest.approx(tuple(expected))
    low, high = paired_student(RUNS, other)
    assert (-high, -low) == pytest.approx(tuple(expected))


def test_nineteen_of_twenty_cover_the_truth():
    generator = torch.Generator().manual_seed(0)
    draws = torch.randn(2000, 5, generator=generator)
    hits = sum(low < 0 < high for low, high in map(student, draws))
    # 2000 trials: 0.95 with a standard error of 0.005
    assert abs(hits / 2000 - 0.95) < 0.02


def test_equal_runs_have_no_spread():
    assert student([0.5, 0.5, 0.5]) == (0.5, 0.5)


@pytest.mark.parametrize("bad", [[], [1.0], [1.0, math.nan]])
def test_one_run_says_nothing(bad):
    with pytest.raises(ValueError, match="at least two runs, all finite"):
        student(bad)


def test_other_refusals():
    with pytest.raises(ValueError, match=r"in \(0, 1\), got 95"):
        student(RUNS, confidence=95)
    with pytest.raises(ValueError, match="equally long lists of the same se"):
        paired_student(RUNS, RUNS[:4])
    with pytest.raises(ValueError, match="at least 1 degree of freedom"):
        student_quantile(0.9, 0)
