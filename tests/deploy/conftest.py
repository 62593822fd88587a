"""Bundles for all tests of this room: made once, copied for each test."""

import json
import shutil

import pytest
import torch
from PIL import Image

from sevenlessons.deploy import bundle
from sevenlessons.deploy.export import export
from sevenlessons.vision.backbones import load_backbone
from sevenlessons.vision.heads import make_head
from sevenlessons.vision.small_cnn import SmallCNN
from sevenlessons.vision.transfer import TransferModel

ROW = {
    "key": "lesson2/toy_accuracy",
    "value": 0.75,
    "n": 40,
    "interval": (0.6, 0.86),
    "data": "toy pictures, fresh seed",
    "baselines": {"always no": 0.5},
    "unit": "",
}


def settle(model):
    """Give every batch norm statistics that are not the trivial ones."""
    generator = torch.Generator().manual_seed(3)
    for layer in model.modules():
        if isinstance(layer, torch.nn.modules.batchnorm._BatchNorm):
            shape = layer.running_mean.shape
            layer.running_mean.copy_(torch.randn(shape, generator=generator))
            layer.running_var.copy_(1 + torch.rand(shape, generator=generator))
    return model.eval()


@pytest.fixture(scope="session")
def transfer_model():
    backbone = load_backbone("mobilenet_v2", pretrained=False)
    return settle(TransferModel(backbone, make_head(1280, 3, hidden=8)))


@pytest.fixture(scope="session")
def _made(tmp_path_factory, transfer_model):
    folder = tmp_path_factory.mktemp("bundles")
    export(
        settle(SmallCNN(2, width=4)),
        folder / "gray",
        classes=["no", "yes"],
        size=28,
        metrics=[ROW],
    )
    export(
        transfer_model,
        folder / "color",
        classes=["ant", "bee", "cat"],
        size=32,
    )
    return folder


@pytest.fixture
def gray(_made, tmp_path):
    """Return a bundle of two classes of gray pictures, free to be spoiled."""
    return shutil.copytree(_made / "gray", tmp_path / "gray")


@pytest.fixture
def color(_made, tmp_path):
    """Return a bundle of three classes on a MobileNetV2, untrained."""
    return shutil.copytree(_made / "color", tmp_path / "color")


@pytest.fixture
def noise():
    """Return random bytes as pictures of the shape asked for."""

    def pictures(*shape, seed=0):
        generator = torch.Generator().manual_seed(seed)
        return torch.randint(
            0, 256, shape, generator=generator, dtype=torch.uint8
        )

    return pictures


@pytest.fixture
def photo(tmp_path, noise):
    """Return the path of a photo that is not square."""
    pixels = noise(37, 53, 3).numpy()
    path = tmp_path / "photo.png"
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def edit():
    """Change settings of a bundle as somebody with an editor would."""

    def change(folder, **fields):
        path = folder / "bundle.json"
        settings = json.loads(path.read_text())
        path.write_text(json.dumps({**settings, **fields}))
        return folder

    return change


@pytest.fixture
def forge(edit):
    """Change settings and the checksum too, as somebody with skill would."""

    def change(folder, **fields):
        edit(folder, **fields)
        settings = json.loads((folder / "bundle.json").read_text())
        return edit(folder, checksum=bundle._checksum(settings))

    return change
