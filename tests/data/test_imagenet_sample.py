import pytest

from sevenlessons.data import imagenet_sample
from sevenlessons.data.cache import is_present
from sevenlessons.data.images import read_image


def test_the_name_holds_the_class(tmp_path):
    for name in "imagenet_01_559.jpg imagenet_00_7.jpg .complete".split():
        (tmp_path / name).touch()
    assert imagenet_sample.load(tmp_path) == [
        (tmp_path / "imagenet_00_7.jpg", 7),
        (tmp_path / "imagenet_01_559.jpg", 559),
    ]


def test_a_folder_without_them_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"no photo named like imagenet_07_"):
        imagenet_sample.load(tmp_path)


@pytest.mark.skipif(
    not is_present("imagenet_20"),
    reason="the photos are not in the cache: "
    "python -m sevenlessons data imagenet_20",
)
def test_the_real_photos():
    photos = imagenet_sample.load()
    assert len(photos) == 20
    assert all(0 <= number < 1000 for _, number in photos)
    assert read_image(photos[0][0]).mode == "RGB"
