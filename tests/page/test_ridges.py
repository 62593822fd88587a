import numpy as np
import pytest

from sevenlessons.page.ridges import ridges


def drawn(**options):
    panels = {"fades": [[-2.0, 0, 2], [0.0]], "explodes": [[9.0], [-99.0]]}
    settings = {"alt": "Two panels.", "x_range": (-3, 3), "x": "output"}
    return ridges(panels, **settings | options)


def test_titles_axes_and_words_are_in_the_drawing():
    html = drawn()._repr_html_()
    for words in ("Two panels.", "fades", "explodes", "output", "layer"):
        assert words in html


def test_the_same_numbers_give_the_same_bytes():
    assert drawn()._repr_html_() == drawn()._repr_html_()


def test_a_third_panel_begins_a_new_row():
    three = {name: [np.arange(5)] for name in "abc"}
    picture = ridges(three, alt="Three panels.", x_range=(0, 4), columns=2)
    assert "Three panels." in picture._repr_html_()


@pytest.mark.parametrize(
    ("panels", "x_range", "words"),
    [
        ({}, (0, 1), "got 0 panels"),
        ({"a": [[1.0]]}, (1, 1), r"and \(1, 1\)"),
        ({"a": []}, (0, 1), "'a' has no ridge"),
        ({"a": [[1.0], []]}, (0, 1), "ridge 2 of panel 'a'"),
        ({"a": [[np.inf]]}, (0, 1), "a layer that overflowed"),
    ],
)
def test_bad_input_is_refused(panels, x_range, words):
    with pytest.raises(ValueError, match=words):
        ridges(panels, alt="Nothing.", x_range=x_range)
