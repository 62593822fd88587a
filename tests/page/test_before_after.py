import base64
import io
import json
import re

import numpy as np
import pytest
import torch
from PIL import Image
from scripts.bookrun.gates import _Images

from sevenlessons.page.before_after import before_after

ALT = "A small picture of noise."


@pytest.fixture
def pictures():
    generator = torch.Generator().manual_seed(1)
    noise = torch.randint(256, (3, 3, 10, 20), generator=generator)
    names = ["spoiled", "<repaired>", "true"]
    return dict(zip(names, noise.to(torch.uint8), strict=True))


def test_it_passes_the_gate_and_has_no_ids(pictures):
    made = before_after(pictures, alt=ALT, caption="Move it.")
    gate = _Images()
    gate.feed(made._repr_html_())
    assert gate.bad == []
    assert not re.search(r"\sid=", made.html)
    assert repr(made) == f"Before and after: {ALT}"
    assert "Move it." in made.html
    assert "<repaired>" not in made.html.split("<script")[0]


def test_the_pictures_are_stored_bit_for_bit_and_once(pictures):
    html = before_after(pictures, alt=ALT).html
    found = re.findall(r"data:image/webp;base64,([^\"]+)", html)
    assert len(found) == 3
    for text, picture in zip(found, pictures.values(), strict=True):
        image = Image.open(io.BytesIO(base64.b64decode(text))).convert("RGB")
        assert np.array_equal(np.asarray(image), picture.permute(1, 2, 0))


def test_names_alt_and_size(pictures):
    html = before_after(pictures, alt=ALT, size=300).html
    data = json.loads(re.search(r'bp-data">(.*?)</script>', html)[1])
    assert data == {"names": list(pictures)}
    assert html.count(f'alt="{ALT} Here: ') == 3
    assert html.count('width="300" height="150"') == 3
    assert html.count('<option value="0" selected') == 1
    assert html.count('<option value="2" selected') == 1


def test_the_credit_may_have_a_link(pictures):
    plain = before_after(pictures, alt=ALT, credit="A & B").html
    assert "A &amp; B" in plain and "<a " not in plain
    linked = before_after(pictures, alt=ALT, credit=("A", "http://x")).html
    assert '<a href="http://x"' in linked
    assert "credit" not in before_after(pictures, alt=ALT).html


def test_bad_input(pictures):
    first = pictures["true"]
    with pytest.raises(ValueError, match="at least two pictures, got 1"):
        before_after({"one": first}, alt=ALT)
    with pytest.raises(TypeError, match="'b' must be uint8"):
        before_after({"a": first, "b": first / 255}, alt=ALT)
    with pytest.raises(ValueError, match="one shape"):
        before_after({"a": first, "b": first[:, 1:]}, alt=ALT)
    with pytest.raises(ValueError, match="one shape"):
        before_after({"a": first[:1], "b": first[:1]}, alt=ALT)
    with pytest.raises(ValueError, match="alt must say"):
        before_after(pictures, alt="noise")
    with pytest.raises(ValueError, match="at least 64"):
        before_after(pictures, alt=ALT, size=10)
