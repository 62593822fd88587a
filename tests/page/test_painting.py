import pytest
import torch

from sevenlessons.page.painting import (
    check_pairs,
    class_colors,
    class_shares,
    paint,
    plane,
    stripe,
    to_size,
)

# Machado, Oliveira and Fernandes (2009), full loss, on linear RGB.
BLINDNESS = {
    "none": torch.eye(3),
    "protanopia": torch.tensor(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": torch.tensor(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
TO_XYZ = torch.tensor(
    [
        [0.4124, 0.3576, 0.1805],
        [0.2126, 0.7152, 0.0722],
        [0.0193, 0.1192, 0.9505],
    ]
)


def seen(color, kind):
    """The color in CIE Lab, as somebody with this kind of sight sees it."""
    part = torch.tensor(color) / 255
    linear = torch.where(
        part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4
    )
    xyz = TO_XYZ @ (BLINDNESS[kind] @ linear).clamp(0, 1)
    xyz = xyz / torch.tensor([0.9505, 1.0, 1.089])
    f = torch.where(xyz > 0.008856, xyz ** (1 / 3), 7.787 * xyz + 16 / 116)
    return torch.stack(
        [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
    )


@pytest.mark.parametrize("kind", BLINDNESS)
def test_eight_colors_are_told_apart(kind):
    labs = torch.stack([seen(color, kind) for color in class_colors(8)])
    distances = torch.cdist(labs, labs) + 1000 * torch.eye(8)
    assert distances.min() > 12  # 2.3 is just noticeable


def test_thirty_two_classes_have_thirty_two_colors():
    assert len(set(class_colors(32))) == 32
    assert class_colors(32)[:5] == class_colors(5)


def test_a_mask_is_never_mixed_and_a_picture_is_smoothed():
    mask = torch.tensor([[0, 3], [3, 0]])
    image = torch.tensor([[[0, 255], [255, 0]]], dtype=torch.uint8)
    picture, large = to_size(image, mask, 64)
    assert picture.shape == (3, 64, 64) and large.shape == (64, 64)
    assert large.unique().tolist() == [0, 3] and large.dtype == mask.dtype
    assert len(picture.unique()) > 10


@pytest.mark.parametrize("size", [10, 100])
def test_the_longer_side_has_the_size(size):
    picture, mask = to_size(torch.rand(3, 30, 20), torch.ones(30, 20), size)
    assert picture.shape[1:] == mask.shape
    assert mask.shape == (size, round(size * 2 / 3))
    assert picture.max() <= 255.001


def test_opacity_goes_from_the_picture_to_the_color():
    picture, mask = torch.full((3, 1, 1), 10.0), torch.zeros(1, 1).long()
    color = torch.tensor(class_colors(1)[0])
    names = ["only"]
    assert (paint(picture, mask, names, 0.0) == 10).all()
    assert (paint(picture, mask, names, 1.0).flatten() == color).all()
    half = paint(picture, mask, names, 0.5).flatten()
    assert (half - (10 + color) / 2).abs().max() <= 0.5


def test_hidden_classes_are_not_painted_and_void_is_striped():
    picture = torch.full((3, 12, 12), 10.0)
    mask = torch.zeros(12, 12, dtype=torch.long)
    assert (paint(picture, mask, ["a"], 1.0, hidden=["a"]) == 10).all()
    striped = paint(picture, mask, ["a"], 1.0, void=0)
    assert striped.unique().tolist() == [10, 128]
    striped = paint(picture, mask + 255, ["a"], 1.0, void=255)
    assert striped.unique().tolist() == [10, 128]


def test_stripes_stay_inside():
    where = torch.zeros(12, 12, dtype=torch.bool)
    where[:6] = True
    out = stripe(torch.zeros(3, 12, 12), where)
    assert out[:, 6:].max() == 0
    assert (out[0, :6] == 128).float().mean() == 0.5


def test_a_mask_in_words():
    mask = torch.tensor([0] * 300 + [1] * 699 + [255])
    words = class_shares(mask, ["sky", "road"], void=255)
    assert words.replace("\xa0", " ") == "road 70 %, sky 30 %, void below 1 %"


def test_a_plane():
    assert plane((1, 2, 3)).flatten().tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("images", "masks", "message"),
    [
        (torch.zeros(2, 3, 4, 4), torch.zeros(1, 4, 4), "as many masks"),
        (torch.zeros(0, 3, 4, 4), torch.zeros(0, 4, 4), "at least one"),
        (torch.zeros(1, 4, 4), torch.zeros(1, 4, 4), r"image\[None\]"),
        (torch.zeros(1, 3, 4, 4), torch.zeros(1, 4, 5), "shape of its pict"),
    ],
)
def test_what_does_not_belong_together(images, masks, message):
    with pytest.raises(ValueError, match=message):
        check_pairs(images, masks, "masks")
