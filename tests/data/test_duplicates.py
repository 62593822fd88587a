import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageEnhance

from sevenlessons.data.duplicates import (
    brightness_grid,
    content_hash,
    difference_hash,
    folder_hash,
    hash_pairs,
    hash_views,
    linked_groups,
    pixel_hash,
    same_pairs,
)

hashes = st.integers(0, 12).flatmap(lambda count: arrays(bool, (count, 3, 16)))


def picture(seed=0, size=(90, 63)):
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (5, 7, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


def dihedral(image, view):
    if view >= 4:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return image.rotate(90 * (view % 4), expand=True)


@given(hashes, st.integers(-1, 17))
def test_pairs_are_those_of_plain_loops(views, most):
    by_loops = []
    for i in range(len(views)):
        for j in range(i + 1, len(views)):
            apart = int((views[i, 0] != views[j]).sum(axis=1).min())
            if apart <= most:
                by_loops.append((i, j, apart))
    assert hash_pairs(views, most) == by_loops


def test_blocks_do_not_show():
    rng = np.random.default_rng(0)
    views = rng.random((1100, 1, 24)) < 0.5
    found = hash_pairs(views, 3)
    assert found == sorted(found) and all(i < j for i, j, _ in found)
    unlike = (views[:, 0, None] != views[None, :, 0]).sum(axis=2)
    assert len(found) == (np.triu(unlike <= 3, 1)).sum()


@pytest.mark.parametrize("view", range(8))
def test_a_turned_or_mirrored_picture_has_a_hash_of_the_original(view):
    image = picture()
    views = hash_views(brightness_grid(image))
    turned = difference_hash(brightness_grid(dihedral(image, view)))
    assert (turned != views[view]).sum() <= 1  # a rounded half
    assert len({row.tobytes() for row in views}) == 8


@given(arrays(np.int64, (9, 9), elements=st.integers(0, 255)))
def test_views_of_the_grid_are_exact(grid):
    views = hash_views(grid)
    for view in range(8):
        turned = np.rot90(np.fliplr(grid) if view >= 4 else grid, view % 4)
        assert (difference_hash(turned) == views[view]).all()


def test_the_hash_hardly_moves_where_a_picture_was_only_treated():
    image = picture()
    plain = difference_hash(brightness_grid(image))
    treated = {
        "smaller": image.resize((45, 32)),
        "brighter": ImageEnhance.Brightness(image).enhance(0.8),
        "gray": image.convert("L"),
    }
    for change, other in treated.items():
        apart = (difference_hash(brightness_grid(other)) != plain).sum()
        assert apart <= 8, change
    others = [
        (difference_hash(brightness_grid(picture(seed))) != plain).sum()
        for seed in range(1, 20)
    ]
    assert min(others) > 30


def test_equal_pixels_in_unlike_files(tmp_path):
    image = picture()
    for name in ("a.png", "a.bmp"):
        image.save(tmp_path / name)
    one, other = (Image.open(tmp_path / name) for name in ("a.png", "a.bmp"))
    assert pixel_hash(one) == pixel_hash(other)
    assert pixel_hash(one) != pixel_hash(picture(1))
    assert pixel_hash(Image.new("L", (2, 8))) != pixel_hash(
        Image.new("L", (4, 4))
    )
    hashes = {content_hash(tmp_path / name) for name in ("a.png", "a.bmp")}
    assert len(hashes) == 2
    content = (tmp_path / "a.png").read_bytes()
    assert content_hash(tmp_path / "a.png") in hashes
    assert hashlib.sha256(content).hexdigest() in hashes


@given(st.lists(st.integers(0, 4), max_size=12))
def test_same_pairs_lead_to_the_first(keys):
    pairs = same_pairs(keys)
    assert len(pairs) == len(keys) - len(set(keys))
    for first, second in pairs:
        assert first == keys.index(keys[second]) < second


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))))
def test_groups_are_the_connected_parts(pairs):
    groups = linked_groups(10, pairs)
    reached = [{i} for i in range(10)]
    for _ in range(10):
        for i, j in pairs:
            both = reached[i] | reached[j]
            for row in both:
                reached[row] = reached[row] | both
    assert groups == [min(part) for part in reached]


def test_a_folder_hash_sees_every_change(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.jpg").write_bytes(b"one")
    before = folder_hash(tmp_path)
    assert folder_hash(tmp_path) == before
    (tmp_path / "a" / "1.jpg").rename(tmp_path / "a" / "2.jpg")
    assert folder_hash(tmp_path) != before
    (tmp_path / "a" / "2.jpg").rename(tmp_path / "a" / "1.jpg")
    assert folder_hash(tmp_path) == before
    (tmp_path / "b").mkdir()
    assert folder_hash(tmp_path) != before
    (tmp_path / "b").rmdir()
    (tmp_path / "a" / "1.jpg").write_bytes(b"ONE")
    assert folder_hash(tmp_path) != before


def test_bad_input():
    with pytest.raises(ValueError, match=r"expected hashes of shape"):
        hash_pairs(np.zeros((2, 3), bool), 1)
    with pytest.raises(ValueError, match="cells must be at least 2, got 1"):
        brightness_grid(picture(), cells=1)
