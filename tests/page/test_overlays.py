import base64
import io
import re

import numpy as np
import pytest
import torch
from PIL import Image

from sevenlessons.page.overlays import (
    error_overlays,
    heat_overlays,
    overlays,
)

ALT = "A square with a road in its upper half."
CLASSES = ["sky", "road"]


def halves(n=1, height=40, width=60):
    masks = torch.zeros(n, height, width, dtype=torch.long)
    masks[:, : height // 2] = 1
    return torch.zeros(n, 3, height, width, dtype=torch.uint8), masks


def pictures(shown):
    found = re.findall(r"base64,([^\"]+)", shown._repr_html_())
    return [
        np.asarray(Image.open(io.BytesIO(base64.b64decode(f)))).astype(int)
        for f in found
    ]


def show(images, masks, **options):
    options = {"classes": CLASSES, "alt": ALT, **options}
    return overlays(images, masks, **options)


def test_the_colors_lie_where_the_mask_is():
    images, masks = halves()
    (picture,) = pictures(show(images, masks, opacity=1.0))
    assert picture.shape == (128, 192, 3)  # not cut to a square
    assert abs(picture[20, 90] - [213, 94, 0]).max() < 12
    assert abs(picture[100, 90] - [86, 180, 233]).max() < 12


def test_html_has_a_key_and_words_for_each_picture():
    html = show(*halves(2), hidden=["sky"], void=255)._repr_html_()
    assert html.count("<img") == 2
    assert 'aria-label="A square with' in html
    assert 'alt="road 50\xa0%, sky 50\xa0%"' in html
    key = html[html.index("overlay-key") :]
    assert "road" in key and "sky" not in key and "void" in key
    assert "currentColor" in key and "color:#" not in key  # dark mode


def test_captions_are_shown_and_escaped():
    html = show(*halves(), captions=["slice <1>"])._repr_html_()
    assert "slice &lt;1&gt;" in html


def test_pictures_of_several_sizes_floats_and_gray():
    images = [torch.rand(1, 20, 30), torch.rand(3, 50, 40)]
    masks = [torch.zeros(20, 30).long(), torch.ones(50, 40).long()]
    shapes = [p.shape for p in pictures(show(images, masks))]
    assert shapes == [(128, 192, 3), (192, 154, 3)]
    assert repr(show(images, masks)) == f"2 overlays: {ALT}"


def test_wrong_pixels_are_marked_and_void_is_not_judged():
    images, truth = halves()
    truth[:, :10] = 255
    shown = error_overlays(
        images, torch.zeros_like(truth), truth, alt=ALT, void=255
    )
    assert "33.3% of the pixels wrong" in shown._repr_html_()
    (picture,) = pictures(shown)
    assert abs(picture[48, 90] - [255, 60, 0]).max() < 16
    assert picture[100].max() < 12  # right, and black
    assert abs(np.diff(picture[16], axis=0)).max() > 20  # stripes
    assert "void: not judged" in shown._repr_html_()


def test_all_void_is_no_error():
    images, truth = halves()
    shown = error_overlays(images, truth, truth * 0, alt=ALT, void=0)
    assert "0.0% of the pixels wrong" in shown._repr_html_()


def test_heat_goes_from_dark_to_bright_with_a_bar():
    images, masks = halves()
    shown = heat_overlays(
        images, masks.float() * 1.5, label="entropy in bits", alt=ALT
    )
    (picture,) = pictures(shown)
    assert picture[20, 90].sum() > picture[100, 90].sum() + 100
    html = shown._repr_html_()
    assert "entropy in bits: 0 " in html and "</span> 1.5" in html
    assert "mean 0.75" in html


def test_heat_of_one_value_only():
    images, masks = halves()
    heat_overlays(images, masks.float() * 0, label="nothing", alt=ALT)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"opacity": 1.5}, r"opacity must be in \[0, 1\], got 1.5"),
        ({"hidden": ["sea"]}, "'sea', which is none of the classes"),
        ({"classes": ["sky"]}, "class number 1, but there are 1 classes"),
        ({"alt": "x"}, "alt must say"),
        ({"captions": ["a", "b"]}, "one entry of captions"),
    ],
)
def test_bad_options(options, message):
    with pytest.raises(ValueError, match=message):
        show(*halves(), **options)


def test_scores_are_no_mask():
    images, masks = halves()
    with pytest.raises(ValueError, match="argmax"):
        show(images, masks.float())


def test_nan_has_no_color():
    images, masks = halves()
    with pytest.raises(ValueError, match="nan_to_num"):
        heat_overlays(images, masks / 0, label="nan", alt=ALT)
