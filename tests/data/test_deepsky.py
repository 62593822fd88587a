import numpy as np
import pytest
import torch
from PIL import Image

from sevenlessons.data import deepsky
from sevenlessons.data.cache import is_present
from sevenlessons.data.derived import derived_folder
from sevenlessons.data.skycatalogue import read_catalogue
from sevenlessons.data.skygroups import ObjectIndex
from sevenlessons.data.skyphotos import read_photos
from sevenlessons.data.splits import (
    check_disjoint,
    group_folds,
    group_split,
    random_split,
)

real = pytest.mark.skipif(
    not is_present("deep_sky"),
    reason="the deep-sky photos are not in the cache: "
    "python -m sevenlessons data deep_sky",
)


@pytest.fixture
def folder(tmp_path, toy_sky, monkeypatch):
    """Make twelve photos of eight objects; some show common sky."""
    records = [
        toy_sky.record(i, np.radians(10.0 * i), 0, 3 if i % 2 else 7, m=i)
        for i in range(1, 9)
    ]
    tiles = [toy_sky.tile(f"m{i}.png", 10 * i, 0, 1) for i in range(1, 9)]
    tiles += [toy_sky.tile(f"m{i}-b.png", 10 * i + 2, 1, 1) for i in (1, 2)]
    tiles += [
        toy_sky.tile("w1.png", 30, 0, 4),
        toy_sky.tile("w2.png", 90, 0, 4),
    ]
    home = toy_sky.write(tmp_path / "cache" / "deep_sky", records, tiles)
    found = deepsky._counts(deepsky.build_rows(home))
    monkeypatch.setattr(deepsky, "_COUNTS", found)
    return home


def test_tables_of_a_small_sky(folder):
    classes = deepsky.load_classes(folder)
    assert list(classes) == [
        "file",
        "label",
        "group",
        "credit",
        "link",
        "path",
    ]
    assert classes["label"].value_counts().to_dict() == {
        "galaxy": 5,
        "globular cluster": 5,
    }
    assert classes.index.tolist() == list(range(10))
    assert all(path.is_file() for path in classes["path"])
    labels = deepsky.load_labels(folder)
    assert len(labels) == 12
    by_file = labels.set_index("file")
    assert by_file.loc["w1.png", "labels"] == ["galaxy"]
    assert by_file.loc["w2.png", "labels"] == []
    assert by_file.loc["w1.png", "group"] == by_file.loc["m3.png", "group"]
    assert by_file.loc["m1.png", "group"] == by_file.loc["m1-b.png", "group"]
    centers = deepsky.load_centers(folder)
    assert len(centers) == 8
    assert np.allclose(centers[["x", "y"]], 0.5, atol=0.01)


def test_the_second_call_reads_what_was_kept(folder, monkeypatch):
    first = deepsky.load_labels(folder)
    monkeypatch.setattr(deepsky, "build_rows", None)  # would fail if called
    assert deepsky.load_labels(folder).equals(first)


def test_other_files_than_the_known_ones_are_refused(folder, monkeypatch):
    known = deepsky._COUNTS | {"photos": 555}
    monkeypatch.setattr(deepsky, "_COUNTS", known)
    with pytest.raises(
        ValueError, match="expected photos 555, got 12; delete"
    ):
        deepsky.load_classes(folder)


def test_no_split_of_a_small_sky_parts_what_belongs_together(folder):
    table = deepsky.load_labels(folder)
    for seed in range(20):
        split = group_split(table, "group", valid=0.3, seed=seed)
        check_disjoint(*split, "group")


def test_images_follow_the_names_and_are_decoded_once(folder, monkeypatch):
    names = ["w2.png", "m1.png", "m3.png", "m1.png"]
    images = deepsky.load_images(names, 5, folder=folder)
    assert images.shape == (4, 3, 5, 5)
    assert images.dtype == torch.uint8
    assert images[:, 0, 2, 2].tolist() == [11, 0, 2, 0]
    images.zero_()  # the reader's own copy: what is kept stays as it is
    monkeypatch.setattr(deepsky, "images_to_tensor", None)
    again = deepsky.load_images(names, 5, folder=folder)
    assert again[:, 0, 2, 2].tolist() == [11, 0, 2, 0]


def test_a_changed_photo_is_decoded_again(folder):
    deepsky.load_images(["m1.png"], 5, folder=folder)
    Image.new("RGB", (9, 9), "white").save(folder / "m1.png")
    image = deepsky.load_images(["m1.png"], 5, folder=folder)
    assert (image == 255).all()
    kept = [path.name for path in derived_folder(folder).glob("images*")]
    assert kept == ["images_5.safetensors"]


def test_messages_of_the_images(folder):
    with pytest.raises(ValueError, match=r"no photo 'x\.png' in .*\(1 names"):
        deepsky.load_images(["m1.png", "x.png"], 5, folder=folder)
    with pytest.raises(TypeError, match="a list of names, got only one"):
        deepsky.load_images("m1.png", 5, folder=folder)
    for size in (0, -1, 2.5):
        with pytest.raises(ValueError, match="size must be at least 1 pixel"):
            deepsky.load_images(["m1.png"], size, folder=folder)


@real
def test_counts_of_the_real_tables():
    classes, labels = deepsky.load_classes(), deepsky.load_labels()
    centers = deepsky.load_centers()
    assert (len(classes), len(labels), len(centers)) == (442, 555, 445)
    assert classes["group"].nunique() == 426
    assert labels["group"].nunique() == 496
    assert sorted(set(classes["label"])) == deepsky.CLASSES
    assert sorted(set(labels["labels"].sum())) == deepsky.LABELS
    sizes = labels["labels"].str.len().value_counts().to_dict()
    assert sizes == {0: 37, 1: 415, 2: 62, 3: 28, 4: 10, 5: 3}
    off = (centers[["x", "y"]] - 0.5).abs().max(axis=1) > 0.1
    assert off.sum() == 100
    assert (labels["link"] != "").sum() == 431
    assert labels["credit"].nunique() == 115
    assert all(path.is_file() for path in labels["path"])


def shared_sky(folder):
    """Yield pairs of photos of one object or sky, computed from scratch.

    Finer than the reader's grid, and without its groups.
    """
    photos = read_photos(folder / "textures.json")
    index = ObjectIndex(read_catalogue(folder / "catalog.dat"))
    grids = [photo.frame.sky(15) for photo in photos]
    centers = np.stack([photo.frame.center for photo in photos])
    radii = np.array([photo.frame.radius for photo in photos])
    named = [index.find(photo.file) for photo in photos]
    for i, photo in enumerate(photos):
        near = centers[:i] @ centers[i] > np.cos(radii[:i] + radii[i])
        for j in range(i):
            same = named[i] is not None and named[i] == named[j]
            if same or (
                near[j]
                and (
                    photo.frame.contains(grids[j], 0.02).any()
                    or photos[j].frame.contains(grids[i], 0.02).any()
                )
            ):
                yield photo.file, photos[j].file


@real
def test_no_split_parts_two_photos_of_one_object_or_sky():
    pairs = list(shared_sky(deepsky.load_labels()["path"][0].parent))
    assert len(pairs) > 30
    classes, labels = deepsky.load_classes(), deepsky.load_labels()
    splits = [
        *(group_split(classes, "group", seed=seed) for seed in range(5)),
        group_split(classes, "group", stratify="label"),
        group_split(labels, "group", valid=0.3),
        *group_folds(classes, "group", stratify="label"),
        *group_folds(labels, "group"),
    ]
    for train, valid in splits:
        check_disjoint(train, valid, "group")
        left, right = set(train["file"]), set(valid["file"])
        parted = [
            (a, b)
            for a, b in pairs
            if (a in left and b in right) or (b in left and a in right)
        ]
        assert parted == []
    # the test can fail: rows drawn at random do part such photos
    with pytest.raises(ValueError, match="on both sides"):
        check_disjoint(*random_split(labels), "group")


@real
def test_the_folds_of_lesson_one_are_even():
    classes = deepsky.load_classes()
    folds = group_folds(classes, "group", stratify="label")
    assert {len(valid) for _, valid in folds} <= set(range(86, 92))
    shares = [(v["label"] == "galaxy").mean() for _, v in folds]
    assert np.ptp(shares) < 0.03


@real
def test_every_link_leads_out_of_the_site():
    links = [link for link in deepsky.load_classes()["link"] if link]
    assert links
    assert {link.split("://")[0] for link in links} <= {"http", "https"}
