import pytest
from tests.data.mask_samples import mask, picture

from sevenlessons.cli.segmentation_size import choose_size
from sevenlessons.data.mask_pairs import pair_masks


def pairs(root, height, width):
    image = picture(root / "images" / "a.png", height, width)
    answer = mask(root / "labels" / "a.png", [[0] * width] * height)
    return pair_masks(image.parent, answer.parent)


@pytest.mark.parametrize(
    ("shape", "asked", "expected"),
    [
        ((90, 120), "64", (48, 64)),
        ((120, 90), "64", (64, 48)),
        ((90, 120), "256", (90, 120)),  # nothing is enlarged
        ((100, 100), "80", (80, 80)),
        ((90, 120), "40x70", (40, 70)),
        ((90, 120), "40 X 70", (40, 70)),
        ((40, 400), "100", (32, 100)),  # a body needs 32
        ((8, 8), "64", (32, 32)),
    ],
)
def test_size(tmp_path, shape, asked, expected):
    assert choose_size(pairs(tmp_path, *shape), asked) == expected


@pytest.mark.parametrize(
    "asked", ["", "x", "a", "-3", "31", "1x2x3", "64x9", "99999", "6.5"]
)
def test_no_size(asked):
    with pytest.raises(ValueError, match="--size must be"):
        choose_size([], asked)
