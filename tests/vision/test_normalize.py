import pytest
import torch
from torchvision.transforms.v2 import functional

from sevenlessons.vision.normalize import Normalize


@pytest.fixture
def normalize():
    return Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


def test_equals_torchvision(normalize, photos):
    expected = functional.normalize(
        photos / 255, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
    )
    torch.testing.assert_close(normalize(photos), expected)


def test_bytes_and_floats_give_the_same_bits(normalize, photos):
    assert torch.equal(normalize(photos), normalize(photos / 255))


def test_leaves_the_pictures_alone_and_saves_nothing(normalize, photos):
    before = photos.clone()
    normalize(photos)
    assert torch.equal(photos, before)
    assert not normalize.state_dict()


def test_follows_the_model_to_other_precision(normalize, photos):
    assert normalize.double()(photos).dtype == torch.double


def test_gradients():
    normalize = Normalize((0.5, 0.4), (0.2, 0.3)).double()
    images = torch.rand(2, 2, 3, 3, dtype=torch.double, requires_grad=True)
    assert torch.autograd.gradcheck(normalize, images)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (torch.zeros(3, 8, 8), r"got \(3, 8, 8\); add a batch axis with"),
        (torch.zeros(8, 8), r"expected images of shape \(N, 3, H, W\), got"),
        (torch.zeros(2, 8, 8, 3), r"images\.permute\(0, 3, 1, 2\)"),
        (torch.zeros(2, 1, 8, 8), r"images\.expand\(-1, 3, -1, -1\)"),
        (torch.zeros(2, 4, 8, 8), r"got \(2, 4, 8, 8\)$"),
        (torch.full((1, 3, 8, 8), 255.0), r"must lie in \[0, 1\], got 255"),
        (torch.full((1, 3, 8, 8), -2.0), "do not normalize before"),
    ],
)
def test_refuses_what_is_no_batch_of_pictures(normalize, images, message):
    with pytest.raises(ValueError, match=message):
        normalize(images)


def test_refuses_whole_numbers_that_are_no_bytes(normalize):
    with pytest.raises(TypeError, match=r"got torch\.int64; convert with"):
        normalize(torch.zeros(1, 3, 8, 8, dtype=torch.int64))


def test_takes_an_empty_batch(normalize):
    assert normalize(torch.zeros(0, 3, 8, 8)).shape == (0, 3, 8, 8)


def test_refuses_a_scale_that_cannot_be():
    with pytest.raises(ValueError, match="got 1 and 2"):
        Normalize((0.5,), (0.5, 0.5))
    with pytest.raises(ValueError, match="std must be positive"):
        Normalize((0.5,), (0.0,))
