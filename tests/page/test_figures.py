import re

import pytest
from matplotlib.colors import to_rgb

from sevenlessons.page.figures import CYCLE, new_figure, show


def drawing(alt="A line that rises to the right.", **options):
    fig, ax = new_figure(**options)
    ax.plot([1, 2, 3], label="line")
    ax.fill_between([0, 1], 0, 1, color="black", alpha=0.5)
    ax.set_title("title")
    ax.legend()
    return show(fig, alt)


def luminance(colour):
    linear = [
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
        for c in to_rgb(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", CYCLE)
@pytest.mark.parametrize("ground", ["#ffffff", "#121212"])
def test_lines_stand_out_on_white_and_on_black(colour, ground):
    a, b = sorted([luminance(colour), luminance(ground)])
    assert (b + 0.05) / (a + 0.05) >= 3


def test_text_and_axes_take_the_colour_of_the_page():
    svg = drawing().svg
    assert "#000000" not in svg
    assert 'fill="currentColor"' in svg
    assert "stroke: currentColor" in svg
    assert not re.search(r"fill: (#ffffff|white)", svg)
    assert ">title</text>" in svg  # text, not outlines


def test_the_same_figure_gives_the_same_bytes():
    assert drawing().svg == drawing().svg
    assert "<metadata" not in drawing().svg
    assert "<style" not in drawing().svg  # would reach the whole page


def test_two_figures_on_a_page_share_no_id():
    first = set(re.findall(r' id="([^"]+)"', drawing().svg))
    other = drawing("Another line that rises.")
    second = set(re.findall(r' id="([^"]+)"', other.svg))
    assert first and second
    assert not first & second
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', other.svg))
    assert used <= second


def test_it_is_named_for_those_who_cannot_see_it():
    picture = drawing('A "line" rises & rises.')
    assert 'role="img"' in picture.svg
    assert (
        "<title>A &quot;line&quot; rises &amp; rises.</title>" in picture.svg
    )
    assert repr(picture) == 'Figure: A "line" rises & rises.'
    html = picture._repr_html_()
    assert html.startswith('<figure class="book-figure"')
    assert "figcaption" not in html


def test_it_shrinks_on_a_phone_and_has_a_natural_size():
    svg = drawing(width=6, height=2).svg
    assert "width:100%;max-width:576px;height:auto" in svg


def test_a_caption_is_escaped():
    fig, _ = new_figure(ncols=2)
    html = show(fig, "Two empty panels.", "a < b")._repr_html_()
    assert "<figcaption>a &lt; b</figcaption>" in html


@pytest.mark.parametrize("alt", ["", "plot"])
def test_no_figure_without_a_description(alt):
    with pytest.raises(ValueError, match="alt must say what"):
        drawing(alt)
