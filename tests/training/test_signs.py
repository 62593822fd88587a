import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sevenlessons.training.signs import (
    chunk_means,
    first_not_finite,
    highest_level,
    late_share,
    level_noise,
    rise_from_best,
    swing,
)

values = st.lists(
    st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=60
)


@given(values)
def test_every_sign_takes_every_finite_curve(curve):
    rise = rise_from_best(curve)
    assert min(curve) <= rise.best <= max(curve)
    assert 0 <= rise.place < len(curve)
    assert min(curve) <= rise.last <= max(curve)
    level, place = highest_level(curve)
    assert level <= max(curve) + 1e-6 and 0 <= place < len(curve)
    assert math.isfinite(level_noise(curve)) and level_noise(curve) >= 0
    assert math.isfinite(late_share(curve))
    assert math.isfinite(swing(curve)) and swing(curve) >= 0
    assert first_not_finite(curve) is None


@given(values, st.integers(1, 12))
def test_chunk_means_keep_order_and_mean(curve, chunks):
    means = chunk_means(curve, chunks)
    assert len(means) == min(chunks, len(curve))
    assert chunk_means(sorted(curve), chunks) == pytest.approx(
        sorted(chunk_means(sorted(curve), chunks))
    )
    if len(curve) % len(means) == 0:
        assert sum(means) / len(means) == pytest.approx(
            sum(curve) / len(curve), abs=1e-3
        )


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_first_not_finite(bad):
    assert first_not_finite([0.0, bad, bad]) == 1
    assert first_not_finite([]) is None


@pytest.mark.parametrize("scale", [0.01, 1.0, 50.0])
def test_level_noise_measures_the_noise_and_not_the_trend(scale):
    draw = random.Random(0)
    noisy = [10 - 0.1 * i + scale * draw.gauss(0, 1) for i in range(4000)]
    assert level_noise(noisy) == pytest.approx(scale, rel=0.05)
    assert level_noise([1.0, 2.0]) == 0.0


def test_a_lucky_epoch_is_no_best_and_a_bad_last_one_no_rise():
    flat = [1.0] * 10
    assert rise_from_best([*flat, 0.1, *flat]).best == 1.0
    assert rise_from_best([*flat, 9.0]).amount == 0.0


def test_late_share_of_known_curves():
    assert late_share([1.0 - i / 30 for i in range(31)]) == pytest.approx(
        1 / 3
    )
    settled = [math.exp(-i) for i in range(31)]
    assert late_share(settled) < 1e-6
    assert late_share([3, 2, 1, 1, 1, 2, 2, 2, 2]) <= 0
    assert late_share([1.0, 2.0]) == late_share([1, 2, 3, 4]) == 0


def test_highest_level_ignores_one_outlier_and_the_start():
    level, place = highest_level([9.0, 1, 1, 1, 4, 1, 1])
    assert level == 2.0 and place in (3, 4, 5)
    assert highest_level([5.0]) == (5.0, 0)
    assert highest_level([5.0, 7.0]) == (7.0, 1)


def test_swing_sees_jumps_and_no_trend():
    assert swing([1.0, 2.0] * 10) == pytest.approx(math.log(2))
    assert swing([1.1**i for i in range(20)]) == 0
    assert swing([-1.0, 2.0] * 10) == 0  # no ratio of such losses
    assert swing([1.0, 2.0]) == 0
