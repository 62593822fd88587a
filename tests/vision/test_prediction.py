import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from sevenlessons.data.imagefiles import ImageError
from sevenlessons.data.images import squeeze
from sevenlessons.vision.prediction import predict_image

CLASSES = ["one", "two", "three"]


@pytest.fixture
def photo(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (12, 9, 3))
    file = tmp_path / "photo.png"
    Image.fromarray(pixels.astype(np.uint8)).save(file)
    return file


def test_path_bytes_and_tensor_agree(model, photo):
    from_path = predict_image(model, photo, CLASSES, size=8)
    from_text = predict_image(model, str(photo), CLASSES, size=8)
    from_bytes = predict_image(model, photo.read_bytes(), CLASSES, size=8)
    pixels = squeeze(Image.open(photo), 8, 8)
    tensor = torch.from_numpy(np.array(pixels)).permute(2, 0, 1)
    from_tensor = predict_image(model, tensor, CLASSES)
    assert from_path == from_text == from_bytes == from_tensor


def test_probabilities_are_those_of_the_model(model, photos):
    answer = predict_image(model, photos[0], CLASSES)
    expected = model.eval()(photos[:1])[0].softmax(0)
    assert list(answer.values()) == sorted(answer.values(), reverse=True)
    for number, name in enumerate(CLASSES):
        assert answer[name] == pytest.approx(expected[number].item())
    assert sum(answer.values()) == pytest.approx(1)


def test_the_model_keeps_its_modes(model, photos):
    model.train()
    model.backbone.body[0].eval()
    modes = [module.training for module in model.modules()]
    predict_image(model, photos[0], CLASSES)
    assert [module.training for module in model.modules()] == modes


def test_messages(model, photos, tmp_path):
    with pytest.raises(ValueError, match="but classes has 2 names; pass"):
        predict_image(model, photos[0], CLASSES[:2])
    with pytest.raises(ValueError, match=r"one image of shape \(3, H, W\)"):
        predict_image(model, photos, CLASSES)
    with pytest.raises(FileNotFoundError, match="nowhere"):
        predict_image(model, tmp_path / "nowhere.png", CLASSES)
    (tmp_path / "empty.png").touch()
    with pytest.raises(ImageError, match=r"empty\.png"):
        predict_image(model, tmp_path / "empty.png", CLASSES)


def test_a_model_without_parameters(photos):
    mean = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    answer = predict_image(mean, photos[0] / 255, CLASSES)
    assert answer.keys() == set(CLASSES)
