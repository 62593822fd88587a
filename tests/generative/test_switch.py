import pytest

from sevenlessons.generative.switch import AdaptiveSwitch


def played(switch, losses):
    for loss in losses:
        switch.step(loss)
    return "".join(phase[0] for phase in switch.log)


def test_the_golden_sequence():
    losses = [0.9, 0.6, 0.4, 0.1, 0.49, 7.0, 0.5, 0.499, 0.2, 0.3]
    #         C    C    C    g    C     g    C    C      g    C
    switch = AdaptiveSwitch(0.5)
    assert played(switch, losses) == "cccgcgccgc"
    assert switch.phase == "generator"


def test_equal_to_the_threshold_is_not_below():
    assert AdaptiveSwitch(0.5).step(0.5) == "critic"


def test_the_longest_row_ends_in_a_turn_and_is_counted_anew():
    switch = AdaptiveSwitch(0.1, longest=3)
    assert played(switch, [1.0] * 9) == "cccgcccgc"


def test_goes_on_where_it_was():
    switch, other = AdaptiveSwitch(0.1, longest=3), AdaptiveSwitch(0.1)
    played(switch, [1.0] * 6)
    other = AdaptiveSwitch(0.1, longest=3)
    other.load_state_dict(switch.state_dict())
    assert played(other, [1.0] * 3) == played(switch, [1.0] * 3)
    assert other.log is not switch.log


@pytest.mark.parametrize("threshold", [0, -1, float("nan"), float("inf")])
def test_refuses_thresholds_that_mean_nothing(threshold):
    with pytest.raises(ValueError, match="above 0, a loss of the critic"):
        AdaptiveSwitch(threshold)


def test_refuses_no_step_at_all_and_a_loss_that_is_no_number():
    with pytest.raises(ValueError, match=r"at least 1 step .* got 0; None"):
        AdaptiveSwitch(longest=0)
    with pytest.raises(FloatingPointError, match="critic's loss is nan"):
        AdaptiveSwitch().step(float("nan"))
