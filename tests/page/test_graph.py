import re

import pytest
from scripts.bookrun.gates import _Images

from sevenlessons.page.graph import computational_graph

ALT = "A number is doubled, then squared."
BOXES = [
    ("a < b", -3.0, 24.0, []),
    ("2", 2.0, None, []),
    ("*", -6.0, -12.0, [0, 1]),
    ("** 2", 36.0, 1.0, [2]),
]


def made(**options):
    return computational_graph(BOXES, **{"alt": ALT} | options)


def test_it_passes_the_gate_and_needs_no_script_and_no_id():
    figure = made(caption="An <odd> graph.")
    gate = _Images()
    gate.feed(figure._repr_html_())
    assert gate.bad == []
    assert "<script" not in figure.html
    assert not re.search(r"\sid=", figure.html)
    assert "<odd>" not in figure.html and "a &lt; b" in figure.html
    assert repr(figure) == f"Computational graph: {ALT}"


def test_a_box_each_and_an_arrow_each():
    html = made().html
    assert html.count("<rect") == 4 and html.count("<polyline") == 3
    assert html.count("bg-start") == 1 + 2  # the style, and two boxes
    texts = re.findall(r"<text[^>]*>(.*?)</text>", html)
    assert texts[:3] == ["a &lt; b", "= \N{MINUS SIGN}3", "grad 24"]
    assert texts[3:5] == ["2", "= 2"]  # a constant has no gradient


def test_the_table_says_the_same():
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", made().html)
    cells = [re.findall(r">?([^<>]+)</t[hd]>", row) for row in rows]
    assert cells[2] == [
        "3: *",
        "1 and 2",
        "\N{MINUS SIGN}6",
        "\N{MINUS SIGN}12",
    ]
    assert cells[1] == ["2: 2", "the start", "2", "none"]
    assert "<th></th>" not in made().html


def test_it_fits_a_telephone():
    html = made().html
    assert "viewBox" in html and "width:100%" not in html.split("<svg")[1]
    width = float(re.search(r'viewBox="0 0 ([\d.]+)', html)[1])
    assert width <= 360


def test_bad_input():
    with pytest.raises(ValueError, match="alt must say"):
        made(alt="x")
    with pytest.raises(ValueError, match=r"none for boxes \[0\]"):
        computational_graph([(" ", 1.0, 1.0, [])], alt=ALT)
    with pytest.raises(ValueError, match="made of boxes before it"):
        computational_graph([("a", 1.0, 1.0, [0])], alt=ALT)


def test_a_name_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="room for 14 letters"):
        computational_graph(
            [("softmax cross-entropy", 1.0, 1.0, [])], alt="One box alone."
        )
