import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn
from torch.nn.functional import interpolate

from sevenlessons.vision.segmenter import Segmenter, never_void


class Brightness(nn.Module):
    """Class 0 for dark pixels, 1 for bright ones; class 2 never wins."""

    def forward(self, images):
        level = images.float().mean(dim=1) - 127.5
        return torch.stack([-level, level, torch.full_like(level, -1e3)], 1)


def halves(height=40, width=60):
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, width // 2 :] = 255
    return pixels


def segmenter(size=(20, 30), **options):
    return Segmenter(Brightness(), ["dark", "bright", "void"], size, **options)


def test_the_answer_has_the_size_of_the_picture(tmp_path):
    pixels = halves()
    Image.fromarray(pixels).save(tmp_path / "a.png")
    tensor = torch.from_numpy(pixels).permute(2, 0, 1)
    for photo in (tmp_path / "a.png", Image.fromarray(pixels), tensor):
        mask = segmenter().predict(photo)
        assert mask.dtype == torch.int64 and mask.shape == (40, 60)
        assert ((mask == 1).numpy() == (pixels[..., 0] == 255)).mean() > 0.96


def test_probabilities_add_up_to_one():
    shares = segmenter().probabilities(Image.fromarray(halves()))
    assert shares.shape == (3, 40, 60)
    torch.testing.assert_close(shares.sum(dim=0), torch.ones(40, 60))


def test_void_is_never_the_answer():
    found = segmenter(void=1).predict(Image.fromarray(halves()))
    assert found.unique().tolist() == [0]
    assert segmenter(void=255).predict(Image.fromarray(halves())).max() == 1


def test_never_void_leaves_the_scores_as_they_are():
    scores = torch.randn(2, 3, 4, 4)
    kept = scores.clone()
    assert (never_void(scores, 0)[:, 0] == -torch.inf).all()
    assert torch.equal(scores, kept)
    assert never_void(scores, None) is never_void(scores, 255) is scores


def test_many_pictures_as_one_by_one():
    images = torch.randint(0, 256, (5, 3, 20, 30), dtype=torch.uint8)
    model = segmenter()
    single = torch.stack([model.predict(image) for image in images])
    assert torch.equal(model.answers(images, batch_size=2), single)


def test_the_mode_of_the_model_is_kept():
    model = segmenter()
    model.model.train()
    model.predict(Image.fromarray(halves()))
    assert model.model.training


def test_refusals():
    with pytest.raises(ValueError, match="name of each score"):
        Segmenter(Brightness(), [], (8, 8))
    with pytest.raises(ValueError, match="height and width"):
        segmenter((8,))
    with pytest.raises(ValueError, match=r"uint8 of shape \(3, H, W\)"):
        segmenter().predict(torch.zeros(1, 3, 8, 8, dtype=torch.uint8))
    few = Segmenter(Brightness(), ["dark", "bright"], (8, 8))
    with pytest.raises(ValueError, match="but there are 2 classes"):
        few.predict(Image.fromarray(halves()))


@pytest.mark.parametrize("void", [None, 0, 2, 255])
def test_class_by_class_is_the_highest_probability(void):
    generator = torch.Generator().manual_seed(0)

    class Fixed(nn.Module):
        def forward(self, images):
            shape = (len(images), 3, *images.shape[2:])
            return torch.randn(shape, generator=generator)

    photo = Image.fromarray(halves())
    model = Segmenter(Fixed(), ["a", "b", "c"], (20, 30), void)
    state = generator.get_state()
    expected = model.probabilities(photo).argmax(dim=0)
    generator.set_state(state)
    assert torch.equal(model.predict(photo), expected)


def test_a_large_photo_needs_one_class_at_a_time(monkeypatch):
    planes = []

    def watched(scores, size, **options):
        planes.append(scores.shape[1])
        return interpolate(scores, size, **options)

    monkeypatch.setattr("sevenlessons.vision.segmenter.interpolate", watched)
    segmenter().predict(Image.fromarray(halves()))
    assert planes == [1, 1, 1]


def test_scores_may_be_changed_in_place():
    scores = segmenter().scores(torch.zeros(1, 3, 20, 30))
    scores += 1
