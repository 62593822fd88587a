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


def slider(html):
    (tag,) = re.findall(r'<input type="range" class="bp-lr"[^>]*>', html)
    names = ("min", "max", "step", "value")
    return [float(re.search(rf'{name}="(.*?)"', tag)[1]) for name in names]


def rates(html):
    return [float(r) for r in re.findall(r"<p>Learning rate (.*?):", html)]


def test_near_a_limit_of_one_the_rates_are_short_numbers():
    html = descent_playground([-1.0, 1.0], [1.0, 3.0], lr=0.1, alt=ALT).html
    assert slider(html) == [0.005, 1.1, 0.005, 0.1]
    assert rates(html) == [0.1, 0.7, 0.97, 1.05]


@pytest.mark.parametrize("scale", [1e-4, 0.01, 0.3, 1, 7, 99, 1e4])
def test_the_slider_and_the_rates_fit_any_limit(scale):
    x = [0.0, scale / 2, scale]
    html = descent_playground(x, [1.0, 3.0, 5.0], alt=ALT).html
    data = json.loads(re.search(r'bp-data">(.*?)</script>', html)[1])
    low, high, step, value = slider(html)
    assert 100 < (high - low) / step < 400
    assert value / data["limit"] == pytest.approx(0.25, abs=0.02)
    shares = [rate / data["limit"] for rate in rates(html)]
    assert shares == pytest.approx([0.25, 0.7, 0.97, 1.05], abs=0.02)
    assert shares[2] < 1 < shares[3]


def test_a_given_rate_is_a_place_of_the_slider():
    for x, lr in ((range(100), 1e-4), (X, 0.001), (X, 0.1)):
        html = descent_playground(x, list(x), lr=lr, alt=ALT).html
        low, high, step, value = slider(html)
        assert low <= value == lr < high
        places = (lr - low) / step
        assert places == pytest.approx(round(places), abs=1e-6)


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
