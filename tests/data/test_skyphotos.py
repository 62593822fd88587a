import json

import numpy as np
import pytest

from sevenlessons.data.skyphotos import SkyPhoto, read_photos


@pytest.fixture
def path(tmp_path):
    return tmp_path / "textures.json"


def write(path, *tiles):
    path.write_text(json.dumps({"subTiles": tiles}), encoding="utf-8")


def test_photos_by_name_with_credit_and_link(path, toy_sky):
    write(
        path,
        toy_sky.tile("n2.png", 20, 0, 1, {"Short": "B", "infoUrl": "www.a.b"}),
        toy_sky.tile("m1.png", 10, 0, 1, {"short": "A"}),
    )
    first, second = read_photos(path)
    assert isinstance(first, SkyPhoto)
    assert (first.file, first.credit, first.link) == ("m1.png", "A", "")
    assert (second.file, second.credit, second.link) == (
        "n2.png",
        "B",
        "https://www.a.b",
    )
    assert np.allclose(first.frame.xy(first.frame.center), 0.5, atol=0.01)


def test_numbers_without_a_leading_zero(path, toy_sky):
    tile = toy_sky.tile("m1.png", 0.5, -0.5, 0.5)
    text = json.dumps({"subTiles": [tile]})
    short = text.replace("0.25", ".25").replace("0.75", ".75")
    assert "[.25, -.25]" in short
    path.write_text(short, encoding="utf-8")
    (photo,) = read_photos(path)
    write(path, tile)
    assert np.allclose(photo.frame.center, read_photos(path)[0].frame.center)


def test_lists_of_another_form_are_refused(path, toy_sky):
    tile = toy_sky.tile("m1.png", 10, 0, 1)
    write(path, tile, tile)
    with pytest.raises(ValueError, match="it names a photo twice"):
        read_photos(path)
    write(path, tile | {"textureCoords": [[[0, 1]]]})
    with pytest.raises(ValueError, match=r"m1\.png has corners of another k"):
        read_photos(path)
    write(path, tile | {"imageCredits": {}})
    with pytest.raises(ValueError, match=r"not the list of photos.*'short'"):
        read_photos(path)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match="delete it, and the data set is fe"):
        read_photos(path)
