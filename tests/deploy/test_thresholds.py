import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sevenlessons.deploy.thresholds import choose_threshold, coverage_and_error

ROWS = st.lists(
    st.tuples(st.sampled_from([0.5, 0.6, 0.7, 0.8, 0.9]), st.booleans()),
    min_size=1,
    max_size=30,
)


def table(rows):
    surest = torch.tensor([p for p, _ in rows])
    probabilities = torch.stack([surest, 1 - surest], 1)
    probabilities[:, 1] = probabilities[:, 1] - 0.01  # no tie
    return probabilities, torch.tensor(
        [0 if right else 1 for _, right in rows]
    )


@given(ROWS, st.sampled_from([0.0, 0.1, 0.25, 0.5]))
def test_the_lowest_that_is_good_enough(rows, allowed):
    probabilities, target = table(rows)
    levels = [0.0, *sorted(set(probabilities.max(1).values.tolist()))]
    good = [
        level
        for level in levels
        if coverage_and_error(probabilities, target, level)[1] <= allowed
    ]
    if not good:
        with pytest.raises(ValueError, match="no threshold brings the error"):
            choose_threshold(probabilities, target, error=allowed)
        return
    chosen = choose_threshold(probabilities, target, error=allowed)
    everyone = coverage_and_error(probabilities, target, good[0])
    assert coverage_and_error(probabilities, target, chosen) == everyone


def test_by_hand():
    probabilities, target = table(
        [(0.9, True), (0.8, True), (0.7, False), (0.6, True)]
    )
    assert coverage_and_error(probabilities, target, 0.0) == (1.0, 0.25)
    assert coverage_and_error(probabilities, target, 0.75) == (0.5, 0.0)
    assert coverage_and_error(probabilities, target, 0.95) == (0.0, 0.0)
    chosen = choose_threshold(probabilities, target, error=0.0)
    assert chosen == pytest.approx(0.8)
    assert choose_threshold(probabilities, target, error=0.25) == 0.0


def test_refuses_what_cannot_be():
    probabilities, target = table([(0.9, True), (0.8, False)])
    with pytest.raises(ValueError, match=r"error must be a share in \[0, 1\)"):
        choose_threshold(probabilities, target, error=1.0)
    with pytest.raises(ValueError, match=r"expected probabilities \(N, K\)"):
        coverage_and_error(probabilities, target[:1], 0.5)
    with pytest.raises(ValueError, match="there is no row"):
        coverage_and_error(probabilities[:0], target[:0], 0.5)
