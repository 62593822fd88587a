import base64
import re

import pytest
import torch
from PIL import Image

from sevenlessons.page.gallery import photo_grid


def noise(n=9, height=240, width=300):
    generator = torch.Generator().manual_seed(0)
    small = torch.rand(n, 3, height // 6, width // 6, generator=generator)
    large = torch.nn.functional.interpolate(small, (height, width))
    return (large * 255).byte()


def grid(images, **options):
    words = [f"photo {i}" for i in range(len(images))]
    return photo_grid(images, words, alts=words, **options)


def test_nine_photos_stay_below_150_kb():
    html = grid(noise())._repr_html_()
    assert html.count("<img") == 9
    assert len(html) < 150_000


def test_a_photo_is_square_webp_of_the_asked_size():
    html = grid(noise(1), size=96)._repr_html_()
    data = re.search(r"data:image/webp;base64,([^\"]+)", html)[1]
    path = base64.b64decode(data)
    assert path[8:12] == b"WEBP"
    assert 'width="96" height="96"' in html


def test_paths_pictures_floats_and_grey_tensors(tmp_path):
    picture = Image.new("CMYK", (20, 30))
    picture.convert("RGB").save(tmp_path / "one.png")
    images = [
        picture,
        tmp_path / "one.png",
        str(tmp_path / "one.png"),
        torch.rand(3, 9, 9),
        torch.zeros(1, 28, 28, dtype=torch.uint8),
    ]
    assert repr(grid(images)).startswith("5 photos: photo 0; photo 1")


def test_captions_credits_and_marks():
    html = grid(
        noise(3),
        credits=[("Ann <ESO>", "https://example.org/?a&b"), "Joe", "-"],
        marks=[True, False, None],
    )._repr_html_()
    assert '<a href="https://example.org/?a&amp;b"' in html
    assert "Ann &lt;ESO&gt;" in html
    assert "✓ right" in html and "✗ wrong" in html


@pytest.mark.parametrize("name", ["captions", "alts", "credits", "marks"])
def test_each_photo_has_one_of_each(name):
    lists = {"captions": ["a", "b"], "alts": ["a", "b"], name: ["a"]}
    with pytest.raises(ValueError, match=f"one entry of {name} for each"):
        photo_grid(noise(2), **lists)


def test_a_batch_is_no_image():
    with pytest.raises(ValueError, match=r"batch\[0\]"):
        grid([noise(2)])
