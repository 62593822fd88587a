import json
import re

import pytest
from scripts.bookrun.gates import _Images

from sevenlessons.page.panels import Panel
from sevenlessons.page.player import animate

ALT = "A line turns until it fits."
SAYS = [f"Step {k}." for k in range(20)]
PANELS = [
    Panel(
        "x",
        "y",
        points={"data": ([0, 1], [0, 1])},
        moving={"line": [([0, 1], [0, k]) for k in range(20)]},
    ),
    Panel("step", "loss", trails={"loss": (range(20), range(20))}),
]


def data_of(html):
    return json.loads(re.search(r'bp-data">(.*?)</script>', html)[1])


def test_the_script_gets_every_frame():
    data = data_of(animate(PANELS, SAYS, alt=ALT, seconds=4).html)
    assert data["says"] == SAYS and data["ms"] == 200
    line, loss = data["layers"]
    assert len(set(line["frames"])) == 20 and len(set(loss["trail"])) == 20


def test_chosen_frames_stand_still_with_their_sentences():
    html = animate(PANELS, SAYS, alt=ALT).html
    for number in (0, 2, 6, 19):
        assert f"<p>Step {number}.</p>" in html
    html = animate(PANELS, SAYS, alt=ALT, stills=[3]).html
    assert html.count('class="bp-still"') == 1 and "<p>Step 3.</p>" in html


def test_it_may_open_on_the_last_frame():
    html = animate(PANELS, SAYS, alt=ALT, begin=-1).html
    assert data_of(html)["begin"] == 19
    assert 'class="bp-says">Step 19.</p>' in html and 'value="19"' in html
    assert data_of(animate(PANELS, SAYS, alt=ALT).html)["begin"] == 0


def test_it_passes_the_gate_of_the_runner_and_has_no_ids():
    player = animate(PANELS, SAYS, alt=ALT)
    gate = _Images()
    gate.feed(player._repr_html_())
    assert gate.bad == []
    assert not re.search(r"\sid=", player.html)
    assert repr(player) == f"Animation of 20 frames: {ALT}"


def test_the_same_call_gives_the_same_bytes():
    first, second = (animate(PANELS, SAYS, alt=ALT).html for _ in "ab")
    assert first == second


@pytest.mark.parametrize(
    "change, words",
    [
        ({"says": SAYS[:1]}, "at least 2 frames"),
        ({"seconds": 0}, "seconds > 0"),
        ({"begin": 20}, "begin must be a frame from -20 to 19, got 20"),
        ({"alt": "line"}, "alt must say"),
        ({"says": SAYS[:9]}, "'line' has 20 frames, but there are 9"),
    ],
)
def test_messages(change, words):
    arguments = {"panels": PANELS, "says": SAYS, "alt": ALT} | change
    with pytest.raises(ValueError, match=words):
        animate(**arguments)


def test_a_swarm_travels_as_dots_and_needs_a_heap_a_frame():
    heaps = [([0, 1], [0, 1]), ([2, 3], [2, 5])]
    panel = Panel("x", "y", swarms={"made": heaps})
    shown = animate([panel], ["here", "there"], alt="Two dots that move.")
    assert "h0M" in shown.html.split("<script")[1]
    with pytest.raises(
        ValueError, match="'made' has 2 frames, but there are 3"
    ):
        animate([panel], ["one", "two", "three"], alt="Two dots that move.")
