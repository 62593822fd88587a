import io

import numpy as np
import pytest
import torch
from PIL import Image

from sevenlessons.vision import backbones
from sevenlessons.vision import classifier as module
from sevenlessons.vision.classifier import PhotoClassifier


def photo(bright, seed):
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 60, (48, 48, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels + np.uint8(180 * bright)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def classifier(monkeypatch):
    def untrained(name):
        return backbones.load_backbone(name, pretrained=False)

    monkeypatch.setattr(module, "load_backbone", untrained)
    return PhotoClassifier(
        "squeezenet_1_1", size=48, views=[0, 4], epochs=10, lr=0.01
    )


def test_fit_and_predict_on_files(classifier, tmp_path):
    photos, labels = [], []
    for i in range(12):
        file = tmp_path / f"{i}.png"
        file.write_bytes(photo(i % 2, i))
        photos.append(file)
        labels.append("night" if i % 2 == 0 else "day")
    classifier.fit(photos, labels)
    assert classifier.classes_ == ["day", "night"]
    new = [photo(0, 100), photo(1, 101)]
    assert classifier.predict(new).tolist() == ["night", "day"]
    probabilities = classifier.predict_proba(new)
    torch.testing.assert_close(probabilities.sum(1), torch.ones(2))


def test_wrong_calls_get_a_clear_error(classifier):
    photos = torch.zeros(4, 3, 48, 48, dtype=torch.uint8)
    with pytest.raises(RuntimeError, match="call fit first"):
        classifier.predict(photos)
    with pytest.raises(ValueError, match="only one class, 'a'"):
        classifier.fit(photos, ["a"] * 4)
    with pytest.raises(ValueError, match="class 'b' has 1 photo"):
        classifier.fit(photos, ["a", "a", "a", "b"])
    with pytest.raises(ValueError, match="got 4 labels for 3 photos"):
        classifier.fit(photos[:3], ["a", "a", "b", "b"])
    with pytest.raises(ValueError, match="size must be at least 32"):
        PhotoClassifier("squeezenet_1_1", size=16)
