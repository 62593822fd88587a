import re

from sevenlessons.page.race_panels import (
    KEY,
    RACERS,
    axes,
    live_race,
    still_race,
)
from sevenlessons.page.surfaces import surfaces

BOWL, _, _, SADDLE, *_ = surfaces()


def test_the_axis_of_the_loss_holds_the_start():
    for ground in surfaces():
        _, curve = axes(ground, 100)
        low, high = curve.y_range
        assert low < ground.loss(*ground.start) - ground.least <= high
        assert curve.x_range == (0, 100)


def test_a_still_says_who_leads():
    walks = {name: [BOWL.start, (1.0, 0.0)] for name in RACERS}
    walks["Adam"] = [BOWL.start, (0.0, 0.0)]
    html = still_race(BOWL, walks, 1)
    assert "after 1 steps: Adam 0, SGD 0.5," in html
    assert len(re.findall('class="bp-line"', html)) == 2 * len(RACERS)


def test_a_still_says_who_flew_off():
    walks = {name: [BOWL.start, (1.0, 0.0)] for name in RACERS}
    html = still_race(BOWL, walks, 1, away=["SGD"])
    assert "SGD flew off.</" in html  # last, whatever its last place


def test_losses_are_counted_from_the_lowest():
    walks = {name: [SADDLE.start, (0.0, 1.0)] for name in RACERS}
    assert "SGD 0, momentum 0" in still_race(SADDLE, walks, 1)


def test_each_racer_is_in_the_key_and_looks_different():
    racers = KEY[: len(RACERS)]
    assert [layer.label for layer in racers] == list(RACERS)
    assert len({layer.colour for layer in racers}) == len(RACERS)
    assert len({layer.dash for layer in racers}) == len(RACERS)


def test_each_landscape_has_its_panels_and_its_option():
    html = live_race([BOWL, SADDLE], 80, "Five walkers.")
    assert re.findall(r"<option value=.(\d).>(.*?)<", html) == [
        ("0", "round bowl"),
        ("1", "saddle"),
    ]
    assert html.count("bp-ground") == html.count('role="application"') == 2
    assert html.count("bp-walk") == 2 * len(RACERS)
    assert 'max="80"' in html
