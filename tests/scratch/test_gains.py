import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from sevenlessons.scratch.gains import (
    calculate_gain,
    fans,
    kaiming_std,
    xavier_std,
)


@pytest.mark.parametrize("name", ["linear", "sigmoid", "tanh", "relu", "selu"])
def test_gains_are_those_of_torch(name):
    assert calculate_gain(name) == nn.init.calculate_gain(name)


@settings(max_examples=30, deadline=None)
@given(st.floats(-5, 5))
def test_the_gain_of_a_leaky_relu_keeps_the_mean_square(slope):
    gain = calculate_gain("leaky_relu", slope)
    assert gain == nn.init.calculate_gain("leaky_relu", slope)
    # half of a bell is kept, half is scaled by the slope
    assert gain**2 * (1 + slope**2) / 2 == pytest.approx(1)


def test_the_default_slope_of_a_leaky_relu_is_that_of_torch():
    assert calculate_gain("leaky_relu") == nn.init.calculate_gain("leaky_relu")


def test_a_convolution_counts_its_places():
    assert fans(torch.empty(8, 3, 5, 4)) == (60, 160)


def test_standard_deviations():
    weight = torch.empty(32, 18)
    assert xavier_std(weight, gain=3) == pytest.approx(3 * math.sqrt(2 / 50))
    assert kaiming_std(weight) == pytest.approx(math.sqrt(2 / 18))
    assert kaiming_std(weight, mode="fan_out") == pytest.approx(0.25)
    assert kaiming_std(weight, 1.0) == pytest.approx(math.sqrt(1 / 18))


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match=r"got \(3,\); a bias has no fan"):
        fans(torch.empty(3))
    with pytest.raises(ValueError, match=r"'fan_in' or 'fan_out', got 'out'"):
        kaiming_std(torch.empty(2, 2), mode="out")
    with pytest.raises(ValueError, match=r"linear, .*, got 'gelu'; measure"):
        calculate_gain("gelu")


def test_an_empty_weight_has_a_width_too():
    for shape in ((5, 0), (0, 5), (0, 0)):
        weight = torch.empty(shape)
        for mode in ("fan_in", "fan_out"):
            assert math.isfinite(kaiming_std(weight, mode=mode))
        assert math.isfinite(xavier_std(weight))
