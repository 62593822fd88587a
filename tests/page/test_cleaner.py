import importlib
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from sevenlessons.data.decisions import (
    Decision,
    read_decisions,
    write_decisions,
)
from sevenlessons.page.cleaner import PhotoCleaner

CODE = Path(__file__).parents[2] / "code"


@pytest.fixture
def photos(tmp_path):
    paths = [tmp_path / f"{number}.png" for number in range(3)]
    for path in paths:
        Image.new("RGBA", (300, 20)).save(path)
    return paths


def make(photos, save, **options):
    pytest.importorskip("ipywidgets")
    return PhotoCleaner(
        photos,
        ["cat", "cat", "dog"],
        classes=["cat", "dog"],
        save=save,
        **options,
    )


def test_the_button_writes_the_csv_file_of_decisions(photos, tmp_path):
    place = tmp_path / "cleaned.csv"

    def save(choices):
        decisions = [Decision(*choice) for choice in choices]
        write_decisions(decisions, place, replace=True)

    names = ["cat/0.png", "cat/1.png", "dog/2.png"]
    cleaner = make(photos, save, names=names)
    cleaner.button.click()
    assert [d.action for d in read_decisions(place)] == ["keep"] * 3
    options = dict(cleaner.menus[0].options)
    assert list(options) == ["keep as cat", "remove", "it is dog"]
    cleaner.menus[0].value = options["it is dog"]
    cleaner.menus[2].label = "remove"
    cleaner.button.click()
    assert [(d.path, d.action, d.label) for d in read_decisions(place)] == [
        ("cat/0.png", "relabel", "dog"),
        ("cat/1.png", "keep", ""),
        ("dog/2.png", "remove", ""),
    ]
    assert cleaner.status.value == "saved 3 decisions, 2 changes"


def test_photos_are_small_and_left_as_they_are(photos):
    before = [path.read_bytes() for path in photos]
    cleaner = make(photos, print)
    tiles = cleaner.widget.children[0].children
    assert [tile.children[0].format for tile in tiles] == ["png"] * 3
    assert all(len(tile.children[0].value) < 20_000 for tile in tiles)
    assert [path.read_bytes() for path in photos] == before
    assert "text/plain" in cleaner._repr_mimebundle_()


def test_a_failure_to_save_is_told(photos):
    def save(choices):
        raise OSError("disk full")

    cleaner = make(photos, save)
    cleaner.button.click()
    assert cleaner.status.value == "not saved: disk full"


def test_without_ipywidgets_the_message_says_what_to_do(photos, monkeypatch):
    real = importlib.import_module

    def missing(name, *rest):
        if name == "ipywidgets":
            raise ModuleNotFoundError(name)
        return real(name, *rest)

    monkeypatch.setattr(importlib, "import_module", missing)
    build = partial(PhotoCleaner, photos, ["cat"] * 3, classes=["cat"])
    with pytest.raises(ModuleNotFoundError, match="pip install ipywidgets"):
        build(save=print)


def test_bad_input(photos):
    with pytest.raises(ValueError, match="got 3 photos, 1 labels and 3 names"):
        PhotoCleaner(photos, ["cat"], classes=["cat"], save=print)


def test_nothing_else_imports_ipywidgets():
    for path in (CODE / "sevenlessons").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if path.name != "cleaner.py":
            assert not re.search(r"import.*ipywidgets", text), path
    program = (
        "import sys, sevenlessons.page.cleaner; "
        "sys.exit('ipywidgets' in sys.modules)"
    )
    subprocess.run(
        [sys.executable, "-c", program], check=True, cwd=CODE, timeout=120
    )
