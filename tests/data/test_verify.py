import io
import itertools
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sevenlessons.data.duplicates import folder_hash
from sevenlessons.data.verify import verify_images


def picture(seed, size=(64, 64)):
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


@pytest.fixture
def folder(tmp_path):
    for number in range(6):
        picture(number).save(tmp_path / f"{number}.png")
    return tmp_path


def files(folder):
    return sorted(folder.iterdir())


def named(report, kind):
    return [(f.path.name, f.other and f.other.name) for f in report.of(kind)]


def test_good_pictures_have_no_finding(folder):
    report = verify_images(files(folder))
    assert report.counts() == {}
    assert report.usable == files(folder)


def test_each_planted_fault_is_found_and_nothing_changes(folder):
    whole = (folder / "0.png").read_bytes()
    (folder / "cut.png").write_bytes(whole[:-40])
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "text.jpg").write_text("hello")
    picture(10).save(folder / "name.jpg", "PNG")
    picture(11, (20, 90)).save(folder / "small.png")
    picture(12, (100, 100)).save(folder / "large.png")
    (folder / "copy.png").write_bytes(whole)
    picture(1).save(folder / "pixels.bmp")
    picture(2).save(folder / "quality.jpg", quality=40)
    picture(3).transpose(Image.Transpose.ROTATE_90).save(folder / "turn.png")
    picture(13).convert("L").save(folder / "gray.png")
    before = folder_hash(folder)
    report = verify_images(files(folder), max_pixels=9000)
    assert folder_hash(folder) == before
    assert {kind: named(report, kind) for kind in report.counts()} == {
        "truncated": [("cut.png", None)],
        "empty": [("empty.jpg", None)],
        "not an image": [("text.jpg", None)],
        "wrong name": [("name.jpg", None)],
        "too small": [("small.png", None)],
        "too large": [("large.png", None)],
        "exact duplicate": [("copy.png", "0.png"), ("pixels.bmp", "1.png")],
        "near duplicate": [("quality.jpg", "2.png"), ("turn.png", "3.png")],
        "mode": [("gray.png", None)],
    }


def test_what_cannot_be_read_does_not_stop_the_look(folder, monkeypatch):
    real = Path.read_bytes

    def read_bytes(path):
        if path.name == "1.png":  # as for a file of somebody else
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    gone = folder / "gone.png"
    report = verify_images([*files(folder), gone])
    assert [(f.path, f.detail) for f in report.of("not an image")] == [
        (folder / "1.png", "cannot be read: Permission denied"),
        (gone, "cannot be read: no such file"),
    ]
    assert report.usable == [p for p in files(folder) if p.stem != "1"]


def test_leaks_are_pairs_on_both_sides(folder):
    for number in (0, 1):
        picture(number).save(folder / f"{number}b.png")
    picture(2).save(folder / "2b.jpg", quality=50)
    sides = {
        path: "valid" if path.stem in ("0b", "2b") else "train"
        for path in files(folder)
    }
    report = verify_images(files(folder), splits=sides)
    assert named(report, "leak") == [("0b.png", "0.png"), ("2b.jpg", "2.png")]
    in_order = [sides[path] for path in files(folder)]
    assert verify_images(files(folder), splits=in_order) == report
    assert "leak" not in verify_images(files(folder)).counts()


def test_a_leak_between_any_two_of_three_copies_is_told(folder):
    for name in ("0b.png", "0c.png"):
        picture(0).save(folder / name)
    for sides in itertools.product(["train", "valid"], repeat=3):
        side = dict.fromkeys(files(folder), "train")
        for name, where in zip(("0", "0b", "0c"), sides, strict=True):
            side[folder / f"{name}.png"] = where
        report = verify_images(files(folder), splits=side)
        assert bool(report.of("leak")) == (len(set(sides)) == 2)


def test_the_search_for_near_duplicates_can_be_switched_off(folder):
    picture(2).save(folder / "2b.jpg", quality=50)
    report = verify_images(files(folder), max_distance=-1)
    assert report.counts() == {}


def test_paths_as_text_and_order_are_kept(folder):
    names = [str(path) for path in files(folder)][::-1]
    report = verify_images(names)
    assert report.paths == [Path(name) for name in names]
    assert verify_images([]).counts() == {}


def test_bad_input(folder):
    with pytest.raises(TypeError, match="must be a list of files"):
        verify_images(folder)
    with pytest.raises(ValueError, match="at least 1 pixel, got 0"):
        verify_images([], min_size=0)
    one = files(folder)[:1]
    with pytest.raises(ValueError, match="is listed twice"):
        verify_images(one * 2)
    with pytest.raises(ValueError, match="one side a file, got 2 for 1"):
        verify_images(one, splits=["train", "valid"])
    with pytest.raises(ValueError, match="names no side for 1 files"):
        verify_images(one, splits={})


def test_a_bomb_takes_no_memory(tmp_path):
    buffer = io.BytesIO()
    Image.new("1", (9000, 9000)).save(buffer, "PNG")
    (tmp_path / "bomb.png").write_bytes(buffer.getvalue())
    report = verify_images([tmp_path / "bomb.png"])
    assert report.counts() == {"too large": 1}
