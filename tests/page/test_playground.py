import json
import re

import pytest
from scripts.bookrun.gates import _Images

from sevenlessons.page.playground import descent_playground

X, Y = [-1.0, -0.5, 0.2, 1.0], [0.0, 1.1, 1.9, 4.2]
ALT = "A valley of loss, and the way down."


def test_it_passes_the_gate_of_the_runner_and_has_no_ids():
    ground = descent_playground(X, Y, alt=ALT, caption="Try it.")
    gate = _Images()
    gate.feed(ground._repr_html_())
    assert gate.bad == []
    assert not re.search(r"\sid=", ground.html)
    assert repr(ground) == f"Playground: {ALT}"
    assert len(ground.html) < 60_000


def test_the_script_gets_the_sums_and_the_limit():
    html = descent_playground(X, Y, alt=ALT).html
    data = json.loads(re.search(r'bp-data">(.*?)</script>', html)[1])
    assert data["square"][1][1] == 1.0
    assert data["constant"] == pytest.approx(sum(y * y for y in Y) / 4)
    assert 0 < data["limit"] <= 1.0 and data["start"] == [-1.0, 1.0]


def test_paper_shows_four_rates_with_a_verdict_each():
    html = descent_playground(X, Y, alt=ALT).html
    stills = re.findall(r"<p>(Learning rate .*?)</p>", html)
    verdicts = [s.split(": ")[1].split(".")[0] for s in stills]
    arrives = "it oscillates, and arrives"
    assert verdicts == ["it converges", arrives, arrives, "it diverges"]


@pytest.mark.parametrize(
    "options, words",
    [
        ({"steps": 101}, r"expected steps in \[0, 100\]"),
        ({"lr": 0}, "got 30 and 0"),
        ({"lr": 5}, "got 30 and 5"),
        ({"alt": "bowl"}, "alt must say"),
    ],
)
def test_messages(options, words):
    with pytest.raises(ValueError, match=words):
        descent_playground(X, Y, **({"alt": ALT} | options))
