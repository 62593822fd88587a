import json
import math
import re

import pytest
from scripts.bookrun.gates import _Images

from sevenlessons.page.stepper import stepper

ALT = "A kernel that walks over a picture."
PICTURE = [[0, 0, 3, 3, 0, 1]] * 5
KERNELS = {
    "left edge": [[-1, 0, 1]] * 3,
    "mean & more": [[0.5, 0.5]],
}


def test_it_passes_the_gate_of_the_runner_and_has_no_ids():
    made = stepper(PICTURE, KERNELS, alt=ALT, caption="Try it.")
    gate = _Images()
    gate.feed(made._repr_html_())
    assert gate.bad == []
    assert not re.search(r"\sid=", made.html)
    assert repr(made) == f"Stepper: {ALT}"
    assert len(made.html) < 60_000


def test_the_script_gets_the_picture_and_the_kernels():
    html = stepper(PICTURE, KERNELS, alt=ALT).html
    data = json.loads(re.search(r'bp-data">(.*?)</script>', html)[1])
    assert data == {"picture": PICTURE, "kernels": list(KERNELS.values())}
    assert "mean &amp; more" in html and "mean & more" not in html


def test_the_stills_tell_the_sum_of_a_place():
    html = stepper(PICTURE, KERNELS, alt=ALT).html
    assert html.count('class="bp-still"') == 3
    row = "3 x (-1) + 3 x 0 + 0 x 1"
    told = (
        "Kernel left edge, stride 1, padding 0, dilation 1: 5 by 6 pixels "
        f"become 3 by 4. Row 2, column 3: {row} + {row} + {row} = -9."
    )
    assert told in html.replace("\u2212", "-").replace("\u00d7", "x")
    assert "stride 2, padding 1, dilation 1" in html
    assert "stride 1, padding 0, dilation 2" in html


@pytest.mark.parametrize(
    "picture, kernels, alt, words",
    [
        (PICTURE[:4], KERNELS, ALT, "picture: expected 5 to 8 rows"),
        ([[0] * 9] * 5, KERNELS, ALT, r"got 5 rows of \[9\]"),
        ([[0] * 5, [0] * 6] * 3, KERNELS, ALT, r"rows of \[5, 6\]"),
        ([[math.nan] * 5] * 5, KERNELS, ALT, "-99 to 99, got nan"),
        ([[100] * 5] * 5, KERNELS, ALT, "do not fit into a square"),
        ([[90] * 5] * 5, {"k": [[99, 99]]}, ALT, "may reach 17820, which"),
        (PICTURE, {}, ALT, "at least one kernel, got none"),
        (PICTURE, {"big": [[1] * 4] * 4}, ALT, "kernel 'big': expected 1 to"),
        (PICTURE, {"none": []}, ALT, "kernel 'none'"),
        (PICTURE, KERNELS, "steps", "alt must say"),
    ],
)
def test_messages(picture, kernels, alt, words):
    with pytest.raises(ValueError, match=words):
        stepper(picture, kernels, alt=alt)
