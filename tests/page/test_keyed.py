import pytest

from sevenlessons.page.gallery import Gallery
from sevenlessons.page.keyed import KeyedGallery, swatch

ALT = 'A road "at night".'


def test_the_key_stands_below_the_pictures():
    shown = KeyedGallery(Gallery(["<p>"], ["one"], 3, 64), "the key", ALT)
    html = shown._repr_html_()
    assert html.index("<p>") < html.index("the key")
    assert 'aria-label="A road &quot;at night&quot;."' in html
    assert repr(shown) == f"1 overlays: {ALT}"


def test_a_name_is_escaped_and_no_color_means_stripes():
    assert "&lt;b&gt;" in swatch("red", "<b>")
    assert "background:red" in swatch("red", "<b>")
    assert "repeating-linear-gradient" in swatch("", "void")


def test_alt_is_a_sentence():
    with pytest.raises(ValueError, match="alt must say what the pictures"):
        KeyedGallery(Gallery([], [], 3, 64), "", "road")
