import json
import math
import re

import pytest
from scripts.bookrun.gates import _Images

from sevenlessons.page.race import race
from sevenlessons.page.race_panels import RACERS
from sevenlessons.page.surfaces import surfaces

ALT = "Five walkers on a landscape, and their losses."
RATES = {g.name: dict.fromkeys(RACERS, 0.1) for g in surfaces()}


def home(racer, ground, lr, steps):
    return [ground.start] * (steps + 1)


def data_of(html):
    return json.loads(re.search(r'bp-data">(.*?)</script>', html)[1])


def test_it_passes_the_gate_of_the_runner_and_has_no_ids():
    figure = race(surfaces(), RATES, home, alt=ALT, caption="Try it.")
    gate = _Images()
    gate.feed(figure._repr_html_())
    assert gate.bad == []
    assert not re.search(r"\sid=", figure.html)
    assert repr(figure) == f"Race: {ALT}"
    assert len(figure.html) < 150_000


def test_the_script_gets_the_rules_and_the_coefficients():
    html = race(surfaces()[:2], RATES, home, steps=80, alt=ALT).html
    data = data_of(html)
    assert list(data["racers"]) == list(RACERS) and data["steps"] == 80
    assert data["racers"]["Adam"] == {"betas": [0.9, 0.999]}
    bowl, ravine = data["grounds"]
    assert bowl["terms"] == [[2, 0, 0.5], [0, 2, 0.5]]
    assert ravine["rates"]["SGD"] == 0.1 and ravine["start"] == [-2.7, 1.0]


def test_the_walks_of_paper_are_those_that_were_given():
    asked = []

    def walk(racer, ground, lr, steps):
        asked.append((racer, ground.name, lr, steps))
        return home(racer, ground, lr, steps)

    bowl = surfaces()[0]
    html = race([bowl], RATES, walk, steps=20, alt=ALT).html
    assert asked == [(name, bowl.name, 0.1, 20) for name in RACERS]
    assert html.count('class="bp-still"') == 1


@pytest.mark.parametrize("far", [2e6, math.inf, math.nan])
def test_who_flies_off_stays_where_that_was(far):
    def walk(racer, ground, lr, steps):
        return [ground.start, (1.0, 1.0), *[(far, far)] * (steps - 1)]

    bowl = surfaces()[0]
    html = race([bowl], RATES, walk, steps=5, alt=ALT).html
    assert "after 5 steps: SGD flew off, momentum flew off" in html
    assert "NaN" not in html
    assert "inf" not in re.findall(r' d="([^"]*)"', html)


@pytest.mark.parametrize(
    "change, words",
    [
        ({"grounds": []}, "at least one surface .* got 0 surfaces"),
        ({"steps": 0}, "got 6 surfaces and 0 steps"),
        ({"steps": 151}, r"steps in \[1, 150\]"),
        ({"rates": {}}, "positive rate on 'round bowl' for each of SGD"),
        (
            {"rates": {g: {**r, "Adam": 0.0} for g, r in RATES.items()}},
            "got none for Adam",
        ),
        ({"walk": lambda *a: [(0.0, 0.0)]}, "SGD has 1 places; expected"),
        ({"alt": "race"}, "alt must say"),
    ],
)
def test_messages(change, words):
    given = {
        "grounds": surfaces(),
        "rates": RATES,
        "walk": home,
        "alt": ALT,
    } | change
    with pytest.raises(ValueError, match=words):
        race(
            given.pop("grounds"),
            given.pop("rates"),
            given.pop("walk"),
            **given,
        )
