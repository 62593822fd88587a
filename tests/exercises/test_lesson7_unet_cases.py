"""The models that the check of the skips' worth is made with."""

import pytest

from sevenlessons.exercises import lesson7_unet

RIGHT, WRONG = {}, {}  # no exercises of its own


@pytest.mark.parametrize("depth", [2, 3])
def test_the_case_that_stands_ready_shows_each_mistake(depth):
    case = lesson7_unet._case(depth, seed=0)
    assert lesson7_unet._tells(*case)
