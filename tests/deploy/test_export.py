import json
import os
import stat
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from sevenlessons.deploy import export as module
from sevenlessons.deploy.bundle import read_settings
from sevenlessons.deploy.export import export
from sevenlessons.deploy.predictor import Predictor
from sevenlessons.deploy.schema import BundleError
from sevenlessons.training.learner import Learner
from sevenlessons.vision import backbones
from sevenlessons.vision import classifier as classifier_module
from sevenlessons.vision.classifier import PhotoClassifier
from sevenlessons.vision.heads import make_head
from sevenlessons.vision.small_cnn import SmallCNN

NAMES = ["no", "yes"]


def small(path, model=None, **more):
    options = {"classes": NAMES, "size": 28, **more}
    return export(model or SmallCNN(2, width=2), path, **options)


@pytest.fixture
def classifier(monkeypatch, noise):
    def untrained(name):
        return backbones.load_backbone(name, pretrained=False)

    monkeypatch.setattr(classifier_module, "load_backbone", untrained)
    made = PhotoClassifier("mobilenet_v2", size=32, views=[0, 4], epochs=2)
    return made.fit(noise(8, 3, 32, 32), ["a", "b", "c", "d"] * 2)


def test_a_photo_classifier_keeps_its_bits(classifier, tmp_path, noise):
    predictor = Predictor.load(export(classifier, tmp_path / "photos"))
    assert predictor.classes == list("abcd") and predictor.size == 32
    for count in (1, 5, 70):  # 70 is more than one batch
        images = noise(count, 3, 32, 32, seed=count)
        ours = classifier.predict_proba(images)
        assert torch.equal(predictor.probabilities(images), ours)


def test_a_learner_keeps_its_bits_and_is_left_alone(tmp_path, noise):
    model = SmallCNN(2)
    images, target = noise(6, 1, 28, 28), torch.tensor([0, 1] * 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    learner = Learner(
        model, [(images, target)], None, nn.functional.cross_entropy, optimizer
    )
    learner.fit(2)
    before = [p.clone() for p in model.parameters()]
    predictor = Predictor.load(small(tmp_path / "digits", learner))
    assert model.training
    assert all(p.requires_grad for p in model.parameters())
    assert all(map(torch.equal, before, model.parameters()))
    expected = model.eval()(images).softmax(1)
    assert torch.equal(predictor.probabilities(images), expected)


def test_a_transfer_model_keeps_its_bits(transfer_model, color, noise):
    images = noise(4, 3, 32, 32)
    expected = transfer_model(images).softmax(1)
    assert torch.equal(Predictor.load(color).probabilities(images), expected)


def test_what_is_in_the_folder(gray):
    names = sorted(path.name for path in gray.iterdir())
    assert names == ["README.md", "bundle.json", "model.safetensors"]
    assert stat.S_IMODE(gray.stat().st_mode) == 0o755
    settings = read_settings(gray)
    assert settings["input"]["mode"] == "L"
    assert settings["input"]["channels"] == 1
    assert settings["metrics"][0]["interval"] == [0.6, 0.86]
    assert "# Model card: gray" in (gray / "README.md").read_text()


def test_numbers_of_numpy_and_torch_become_plain(tmp_path):
    row = {
        "key": "lesson2/x",
        "value": np.float64(0.5),
        "n": np.int64(9),
        "data": "toy",
        "interval": (np.float32(0.25), torch.tensor(0.75)),
        "baselines": {"coin": torch.tensor(0.5)},
    }
    settings = read_settings(small(tmp_path / "x", metrics=[row]))
    plain = {**row, "value": 0.5, "n": 9, "interval": [0.25, 0.75]}
    assert settings["metrics"] == [{**plain, "baselines": {"coin": 0.5}}]


def test_the_same_network_gives_the_same_weights(tmp_path):
    model = SmallCNN(2)
    a, b = (small(tmp_path / name, model) for name in "ab")
    name = "model.safetensors"
    assert (a / name).read_bytes() == (b / name).read_bytes()


def test_nothing_is_replaced_unless_asked(tmp_path):
    path = small(tmp_path / "deep" / "m")
    with pytest.raises(FileExistsError, match="pass overwrite=True to replac"):
        small(path, classes=["on", "off"])
    assert read_settings(path)["classes"] == NAMES
    (path / "model.onnx").touch()
    small(path, classes=["on", "off"], overwrite=True)
    assert read_settings(path)["classes"] == ["on", "off"]
    assert not (path / "model.onnx").exists()
    assert os.listdir(path.parent) == ["m"]  # nothing left over


def test_other_things_are_never_replaced(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter1.md").touch()
    with pytest.raises(FileExistsError, match=r"holds .*chapter1\.md.* noth"):
        small(tmp_path / "thesis", overwrite=True)
    with pytest.raises(FileExistsError, match="is a file or a link"):
        small(tmp_path / "thesis" / "chapter1.md", overwrite=True)
    (tmp_path / "link").symlink_to(tmp_path / "thesis")
    with pytest.raises(FileExistsError, match="is a file or a link"):
        small(tmp_path / "link", overwrite=True)
    mine = small(tmp_path / "mine") / "thesis.txt"
    mine.touch()
    with pytest.raises(FileExistsError, match=r"more than .*thesis\.txt"):
        small(tmp_path / "mine", overwrite=True)
    assert mine.is_file()
    (tmp_path / "empty").mkdir()
    assert small(tmp_path / "empty").name == "empty"


def test_a_failure_leaves_what_was_there(tmp_path, monkeypatch):
    path = small(tmp_path / "m")
    before = (path / "bundle.json").read_bytes()

    def lie(*args):
        return torch.zeros(2, 2)

    monkeypatch.setattr(module, "probabilities_of", lie)
    with pytest.raises(RuntimeError, match="does not answer as the network"):
        small(path, overwrite=True)
    assert (path / "bundle.json").read_bytes() == before
    assert os.listdir(tmp_path) == ["m"]


def test_a_network_of_nans_is_not_kept(tmp_path):
    model = SmallCNN(2)
    model.head.weight.data.fill_(float("nan"))
    with pytest.raises(
        RuntimeError, match=r"head\.weight holds nan or infinity"
    ):
        small(tmp_path / "m", model)
    assert os.listdir(tmp_path) == []


def test_refuses_what_does_not_fit(tmp_path, classifier):
    path = tmp_path / "m"
    with pytest.raises(
        ValueError, match=r"classes has 3 names, but .* gives 2"
    ):
        small(path, classes=["a", "b", "c"])
    with pytest.raises(
        ValueError, match=r"'classes' should be .* different n"
    ):
        small(path, classes=["a", "a"])
    with pytest.raises(ValueError, match="classes and size are needed"):
        export(SmallCNN(2), path, classes=NAMES)
    with pytest.raises(ValueError, match="'threshold' should be"):
        small(path, threshold=7)
    with pytest.raises(ValueError, match="'metrics' should be"):
        small(path, metrics=[{"accuracy": 0.9}])
    with pytest.raises(TypeError, match="expected a Learner, a PhotoClassif"):
        small(path, "model.pkl")
    with pytest.raises(TypeError, match="cannot put a Linear into a bundle"):
        small(path, nn.Linear(2, 2))
    head = SimpleNamespace(model=make_head(4, 2))
    with pytest.raises(TypeError, match="trained a head alone; export Transf"):
        small(path, head)
    with pytest.raises(RuntimeError, match="call fit first"):
        export(PhotoClassifier("mobilenet_v2"), path)
    assert os.listdir(tmp_path) == []


def test_bundle_json_is_json_for_people(gray):
    text = (gray / "bundle.json").read_text()
    assert text.startswith('{\n  "format": 1') and text.endswith("}\n")
    assert json.loads(text)["package"]["name"] == "sevenlessons"


def test_the_card_belongs_to_the_bundle(tmp_path):
    """Missing or edited by hand, it is noticed as weights would be."""
    made = export(
        SmallCNN(2), tmp_path / "yes", classes=["no", "yes"], size=28
    )
    card = made / "README.md"
    text = card.read_text()
    card.write_text(text.replace("yes", "maybe"))
    with pytest.raises(BundleError, match=r"README\.md in .* expected"):
        Predictor.load(made)
    card.unlink()
    with pytest.raises(BundleError, match=r"README\.md"):
        Predictor.load(made)
    card.write_text(text)
    assert Predictor.load(made).classes == ["no", "yes"]
