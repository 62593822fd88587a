"""Examples of a demo: the files, and what Python says of each."""

import base64
import json

import pytest
import torch

from sevenlessons.page.examples import publish_digits, publish_photos
from sevenlessons.page.publish import VARIABLE

KNOWN = {"galaxy": 0.75, "nebula": 0.25}


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "kept"))
    return tmp_path / "kept/sky/examples"


def rows(folder):
    return json.loads((folder / "examples.json").read_text())["examples"]


def test_photos_are_copied_and_described(kept, tmp_path):
    paths = [tmp_path / "m 31.PNG", tmp_path / "m42.jpg"]
    for path in paths:
        path.write_bytes(path.name.encode())
    publish_photos(
        paths,
        "sky",
        alts=["a galaxy", "a nebula"],
        credits=["one", ("two", "page.html")],
        probabilities=[KNOWN, KNOWN],
    )
    assert (kept / "1.png").read_bytes() == b"m 31.PNG"
    assert rows(kept)[1] == {
        "file": "2.jpg",
        "alt": "a nebula",
        "credit": "two",
        "link": "page.html",
        "probabilities": KNOWN,
    }


def test_digits_travel_as_bytes(kept):
    images = torch.arange(8, dtype=torch.uint8).view(2, 2, 2)
    publish_digits(images, [3, 5], "sky", probabilities=[KNOWN] * 2)
    (first, second) = rows(kept)
    assert base64.b64decode(second["pixels"]) == bytes([4, 5, 6, 7])
    assert (first["label"], second["alt"]) == ("3", "a handwritten 5")


def test_bad_lists_are_refused():
    image = torch.zeros(1, 2, 2, dtype=torch.uint8)
    with pytest.raises(ValueError, match="labels has 2 entries, but there"):
        publish_digits(image, [1, 2], "sky", probabilities=[KNOWN])
    with pytest.raises(ValueError, match="there is no example"):
        publish_photos([], "sky", alts=[], credits=[], probabilities=[])
    with pytest.raises(ValueError, match=r"expected bytes of shape \(N, H, W"):
        publish_digits(image.float(), [1], "sky", probabilities=[KNOWN])
