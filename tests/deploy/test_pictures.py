import time

import numpy as np
import pytest
from PIL import Image

from sevenlessons.data.images import read_image
from sevenlessons.deploy.pictures import FORMATS, kind_of, open_picture
from sevenlessons.deploy.refusals import Refused

from .samples import BAD, GOOD, bad, good, of_scans

PIXELS = 40_000_000


@pytest.mark.parametrize("name", GOOD)
def test_good_files_are_read_as_in_training(name):
    content = good(name)
    picture = open_picture(content, PIXELS)
    assert picture.mode == "RGB"
    expected = read_image(content)
    assert np.array_equal(np.asarray(picture), np.asarray(expected))
    assert kind_of(content) in FORMATS


@pytest.mark.parametrize("name", BAD)
def test_bad_files_get_a_status_and_a_sentence(name):
    content, status, words = bad(name)
    with pytest.raises(Refused, match=words) as caught:
        open_picture(content, PIXELS)
    assert caught.value.status == status
    assert caught.value.sentence.endswith(".")


def test_rotation_is_honored():
    plain, turned = good("jpeg"), good("turned jpeg")
    assert open_picture(plain, PIXELS).size == (60, 40)
    assert open_picture(turned, PIXELS).size == (40, 60)


def test_of_an_animation_the_first_frame():
    picture = open_picture(good("animated gif"), PIXELS)
    assert picture.getpixel((4, 4)) == (255, 0, 0)


def test_pixels_are_counted_before_anything_is_decoded(monkeypatch):
    def never(*args, **kwargs):
        raise AssertionError("it was decoded")

    monkeypatch.setattr("sevenlessons.deploy.pictures.read_image", never)
    monkeypatch.setattr(Image.Image, "load", never)
    for name in ("bomb", "large", "line", "scans"):
        with pytest.raises(Refused) as caught:
            open_picture(bad(name)[0], PIXELS)
        assert caught.value.status == 413


def test_the_bound_is_the_last_that_is_taken():
    assert open_picture(good("png"), 60 * 40).size == (60, 40)
    with pytest.raises(Refused, match="60 x 40 pixels"):
        open_picture(good("png"), 60 * 40 - 1)


def test_many_scans_are_taken_to_a_bound():
    own = of_scans(1).count(b"\xff\xda")
    assert 5 < own < 15
    assert open_picture(of_scans(101 - own), PIXELS).size == (16, 16)
    with pytest.raises(Refused, match="too many layers"):
        open_picture(of_scans(102 - own), PIXELS)


def test_scans_hidden_behind_fill_bytes_are_counted():
    content = of_scans(200).replace(b"\xff\xda", b"\xff\xff\xda")
    with pytest.raises(Refused, match="too many layers"):
        open_picture(content, PIXELS)


@pytest.mark.parametrize("place", ["behind", "in the metadata"])
def test_what_looks_like_a_scan_but_is_none_does_no_harm(place):
    content, film = good("jpeg"), 300 * b"\xff\xda\0\x08"
    if place == "behind":  # as phones keep a second of film
        content += film
    else:
        length = (len(film) + 2).to_bytes(2, "big")
        content = content[:2] + b"\xff\xe5" + length + film + content[2:]
    assert open_picture(content, PIXELS).size == (60, 40)


def test_many_empty_segments_do_not_keep_it_busy():
    content = b"\xff\xd8" + 2_000_000 * b"\xff\x01" + 101 * b"\xff\xda"
    begun = time.process_time()
    with pytest.raises(Refused, match="too many layers"):
        open_picture(content, PIXELS)
    assert time.process_time() - begun < 0.5


def test_sentences_repeat_nothing_that_was_sent():
    with pytest.raises(Refused) as caught:
        open_picture(b"secret words <b>", PIXELS)
    assert "secret" not in caught.value.sentence
