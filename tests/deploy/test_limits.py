import pytest

from sevenlessons.deploy.limits import Limits


def test_the_defaults_hold_together():
    limits = Limits()
    assert limits.max_held_bytes >= limits.max_bytes
    assert limits.max_waiting < limits.max_connections


@pytest.mark.parametrize("name", Limits.__dataclass_fields__)
def test_nothing_may_be_zero_or_less(name):
    with pytest.raises(ValueError, match=f"{name} must be above 0, got -1"):
        Limits(**{name: -1})


@pytest.mark.parametrize("value", ["3", None, True, 1.5])
def test_counts_are_whole_numbers(value):
    with pytest.raises(TypeError, match="workers must be a whole number"):
        Limits(workers=value)


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_times_are_finite(value):
    with pytest.raises(ValueError, match="upload_seconds must be above 0"):
        Limits(upload_seconds=value)


def test_memory_must_hold_one_picture():
    with pytest.raises(ValueError, match="less than one picture may have"):
        Limits(max_bytes=1000, max_held_bytes=999)


def test_larger_pictures_than_the_package_reads_make_no_sense():
    with pytest.raises(ValueError, match="max_pixels must be at most"):
        Limits(max_pixels=10**9)
