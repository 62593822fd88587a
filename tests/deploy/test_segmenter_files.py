import json
import math

import pytest
import torch
from torch import nn

from sevenlessons.deploy.bundle import describe_bytes
from sevenlessons.deploy.schema import BundleError
from sevenlessons.deploy.segmenter_files import (
    load_segmenter,
    save_segmenter,
)
from sevenlessons.vision.backbones import load_backbone
from sevenlessons.vision.segmenter import Segmenter
from sevenlessons.vision.unet import UNet


def make(encoder="squeezenet_1_1", **options):
    body = load_backbone(encoder, pretrained=False)
    model = UNet(body, 3, width=4, **options)
    return Segmenter(model, ["sky", "straße", "void"], (48, 64), 2)


@pytest.fixture
def saved(tmp_path):
    return save_segmenter(make(), tmp_path, facts={"seed": 3})


def change(folder, **values):
    path = folder / "segmenter.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


@pytest.mark.parametrize(
    ("encoder", "options"),
    [
        ("squeezenet_1_1", {}),
        ("mobilenet_v2", {"skips": False, "num_groups": 4}),
        ("resnet18", {}),
    ],
)
def test_it_answers_as_before(tmp_path, encoder, options):
    segmenter = make(encoder, **options)
    save_segmenter(segmenter, tmp_path)
    again = load_segmenter(tmp_path)
    photo = torch.randint(0, 256, (3, 50, 70), dtype=torch.uint8)
    assert torch.equal(
        again.probabilities(photo), segmenter.probabilities(photo)
    )
    kept = ("classes", "size", "void")
    for name in kept:
        assert getattr(again, name) == getattr(segmenter, name)


def test_the_facts_travel_with_it(saved):
    settings = json.loads((saved / "segmenter.json").read_text())
    assert settings["facts"] == {"seed": 3}
    assert settings["encoder"] == "squeezenet_1_1"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", 2),
        ("format", True),
        ("classes", ["a\n\u001b[31m", "b", "c"]),
        ("classes", ["a", "a", "b"]),
        ("size", [8192, 8192]),
        ("task", "classification"),
        ("encoder", "os.system"),
        ("encoder", ["mobilenet_v2"]),
        ("width", 10**9),
        ("width", True),
        ("skips", 1),
        ("groups", 1),
        ("classes", []),
        ("classes", ["a"] * 5000),
        ("classes", [1, 2, 3]),
        ("void", "void"),
        ("size", [48]),
        ("size", [8, 8]),
        ("size", [48, 10**7]),
        ("files", []),
    ],
)
def test_settings_of_a_stranger(saved, key, value):
    change(saved, **{key: value})
    with pytest.raises(BundleError, match=f"says {key} is"):
        load_segmenter(saved)


def test_damaged_files(saved):
    weights = saved / "model.safetensors"
    content = weights.read_bytes()
    weights.write_bytes(content[:-1] + b"\x01")
    with pytest.raises(BundleError, match="is not the file that was written"):
        load_segmenter(saved)
    weights.write_bytes(content[:1000])
    change(saved, files={"model.safetensors": describe_bytes(content[:1000])})
    with pytest.raises(BundleError, match="do not fit the network"):
        load_segmenter(saved)
    (saved / "segmenter.json").write_text("{")
    with pytest.raises(BundleError, match="is damaged"):
        load_segmenter(saved)
    weights.unlink()
    (saved / "segmenter.json").unlink()
    with pytest.raises(FileNotFoundError, match=r"segmenter.json is missing"):
        load_segmenter(saved)


def test_another_network_is_named(saved):
    change(saved, classes=["a", "b"])
    with pytest.raises(BundleError, match="do not fit the network"):
        load_segmenter(saved)


def test_nan_is_not_written(tmp_path):
    segmenter = make()
    segmenter.model.head.last.bias.data[0] = math.nan
    with pytest.raises(ValueError, match="nan or infinity"):
        save_segmenter(segmenter, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_only_a_unet(tmp_path):
    other = Segmenter(nn.Conv2d(3, 2, 1), ["a", "b"], (32, 32))
    with pytest.raises(TypeError, match="model is a UNet"):
        save_segmenter(other, tmp_path)


def test_what_could_not_be_opened_is_not_written(tmp_path):
    body = load_backbone("squeezenet_1_1", pretrained=False)
    model = UNet(body, 2, width=4)
    for names, size in ((["a", "a"], (48, 64)), (["a", "b"], (16, 16))):
        with pytest.raises(ValueError, match=r"own|cannot be kept"):
            save_segmenter(Segmenter(model, names, size), tmp_path)
    assert list(tmp_path.iterdir()) == []
