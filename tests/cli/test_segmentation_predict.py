import os
import subprocess
import sys

import pytest
import torch
from PIL import Image
from tests.data.mask_samples import picture

from sevenlessons.cli.main import main
from sevenlessons.data.masks import read_mask
from sevenlessons.deploy.segmenter_files import (
    load_segmenter,
    save_segmenter,
)
from sevenlessons.vision.backbones import load_backbone
from sevenlessons.vision.segmenter import Segmenter
from sevenlessons.vision.unet import UNet


@pytest.fixture
def model(tmp_path):
    body = load_backbone("squeezenet_1_1", pretrained=False)
    segmenter = Segmenter(UNet(body, 2, width=4), ["no", "yes"], (32, 40))
    (tmp_path / "model").mkdir()
    return save_segmenter(segmenter, tmp_path / "model")


def ask(model, images, name="out"):
    out = model.parent / name
    words = ["--model", model, "--images", images, "--out", out]
    return main(["predict", "segmentation", *map(str, words)]), out


def test_masks_are_what_the_model_says(model, tmp_path, capsys):
    photos = tmp_path / "photos"
    picture(photos / "a.png", 50, 60)
    picture(photos / "ulm" / "b.png", 30, 20, seed=1)
    picture(photos / "ulm" / "b.bmp", 30, 20, seed=2)
    status, out = ask(model, photos)
    assert status == 0
    made = sorted(p.relative_to(out).as_posix() for p in out.rglob("*.png"))
    assert made == [
        "masks/a.png",
        "masks/ulm/b.png",
        "masks/ulm/b.png.png",
        "overlays/a.png",
        "overlays/ulm/b.png",
        "overlays/ulm/b.png.png",
    ]
    expected = load_segmenter(model).predict(photos / "a.png")
    assert torch.equal(read_mask(out / "masks" / "a.png"), expected)
    with Image.open(out / "overlays" / "a.png") as painted:
        assert painted.size == (60, 50)
    text = capsys.readouterr().out
    assert "a: " in text and "%" in text and "wrote 3 masks" in text


def test_one_picture(model, tmp_path):
    status, out = ask(model, picture(tmp_path / "a.png"))
    assert status == 0 and (out / "masks" / "a.png").exists()


def test_a_broken_picture_is_left_out_and_told(model, tmp_path, capsys):
    photos = tmp_path / "photos"
    picture(photos / "a.png")
    (photos / "b.png").write_bytes(b"nothing")
    status, out = ask(model, photos)
    assert status == 1 and len(list((out / "masks").iterdir())) == 1
    assert "left out" in capsys.readouterr().out
    (photos / "a.png").unlink()
    status, out = ask(model, photos, "other")
    assert status == 1 and not out.exists()


def test_what_is_there_stays(model, tmp_path, capsys):
    path = picture(tmp_path / "photos" / "a.png")
    before = path.read_bytes()
    status, _ = ask(model, tmp_path / "photos", "photos")
    assert status == 1
    assert "nothing is overwritten" in capsys.readouterr().out
    assert path.read_bytes() == before


def test_letters_that_the_terminal_lacks_cost_no_mask(model, tmp_path):
    words = ["predict", "segmentation", "--model", model, "--images"]
    words += [picture(tmp_path / "ä.png"), "--out", tmp_path / "out"]
    done = subprocess.run(
        [sys.executable, "-m", "sevenlessons", *map(str, words)],
        check=False,
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 0 and b"0 no, 1 yes" in done.stdout
    assert (tmp_path / "out" / "masks" / "ä.png").exists()


def test_a_picture_too_large_for_the_memory_is_left_out(
    model, tmp_path, capsys, monkeypatch
):
    def full(*args):
        raise MemoryError

    picture(tmp_path / "photos" / "a.png")
    monkeypatch.setattr(Segmenter, "predict", full)
    status, out = ask(model, tmp_path / "photos")
    assert status == 1 and not out.exists()
    assert "a.png: too little memory" in capsys.readouterr().out
