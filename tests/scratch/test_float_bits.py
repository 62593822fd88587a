import math
import struct

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sevenlessons.scratch.float_bits import FORMATS, pieces, rounded

KINDS = {
    "float32": (torch.float32, torch.int32),
    "float16": (torch.float16, torch.int16),
    "bfloat16": (torch.bfloat16, torch.int16),
}
each_format = pytest.mark.parametrize("name", KINDS)
NUMBERS = st.one_of(
    st.floats(),
    st.floats(-1e5, 1e5),
    st.floats(-1e-4, 1e-4),
    st.floats(width=16),
)


def theirs(value, name):
    """Return torch's bits. Double to bfloat16 goes by way of float32 there."""
    kind, whole = KINDS[name]
    tensor = torch.tensor(value, dtype=torch.float64).to(kind)
    bits = FORMATS[name].bits
    number = tensor.view(whole).item() % 2**bits
    return f"{number:0{bits}b}", tensor.double().item()


@each_format
@settings(deadline=None)  # machines differ
@given(NUMBERS)
@example(0.0)
@example(-0.0)
@example(math.inf)
@example(-math.inf)
@example(65519.99)
@example(65520.0)
@example(2.0**-24)
@example(2.0**-25)
@example(1 + 2.0**-8)
@example(1 + 3 * 2.0**-8)
def test_equal_to_torch(name, value):
    value = rounded(value, "float32")  # torch rounds to float32 on the way
    ours = pieces(value, name)
    bits, number = theirs(value, name)
    if math.isnan(value):
        assert math.isnan(ours.value) and math.isnan(number)
        assert ours.exponent == bits[1 : 1 + len(ours.exponent)]
        return
    assert ours.sign + ours.exponent + ours.fraction == bits
    assert ours.value == number == rounded(value, name)


@settings(deadline=None)  # machines differ
@given(st.floats(allow_nan=False))
def test_float32_equal_to_the_standard_library(value):
    try:
        (number,) = struct.unpack("<f", struct.pack("<f", value))
    except OverflowError:
        number = math.copysign(math.inf, value)
    assert rounded(value, "float32") == number


@each_format
def test_limits_equal_torchs(name):
    form, info = FORMATS[name], torch.finfo(KINDS[name][0])
    assert form.bits == info.bits
    assert form.largest == info.max
    assert form.step == info.eps
    assert form.smallest_normal == info.smallest_normal
    assert form.smallest == info.smallest_normal * info.eps


@each_format
@settings(deadline=None)  # machines differ
@given(NUMBERS)
def test_rounding_twice_is_rounding_once(name, value):
    once = rounded(value, name)
    twice = rounded(once, name)
    assert once == twice or math.isnan(value)


def test_an_unknown_format_is_refused():
    for call in (rounded, pieces):
        with pytest.raises(ValueError, match="no format 'float8'; choose"):
            call(1.0, "float8")
