import pytest

from sevenlessons.data.skycatalogue import read_catalogue
from sevenlessons.data.skygroups import ObjectIndex, group_photos
from sevenlessons.data.skyphotos import read_photos


@pytest.fixture
def index(tmp_path, toy_sky):
    records = [
        toy_sky.record(1, 0, 0, 1, m=31, ngc=224),
        toy_sky.record(2, 0, 0, 1, ngc=7331),
        toy_sky.record(3, 0, 0, 1, ngc=7331),
        toy_sky.record(4, 0, 0, 1, sh2=101, pgc=5),
    ]
    toy_sky.write(tmp_path, records, [])
    return ObjectIndex(read_catalogue(tmp_path / "catalog.dat"))


@pytest.mark.parametrize(
    ("file", "row"),
    [
        ("m31.png", 0),
        ("n224.png", 0),
        ("m31dumont.png", 0),
        ("n7331-vasey.png", 2),  # on a shared number the later one counts
        ("sh2-101-vasey.png", 3),
        ("p5.png", 3),
        ("m99.png", None),
        ("pleiades.png", None),
        ("lmc_01.png", None),
        ("n7331", None),
    ],
)
def test_file_names_speak_of_objects(index, file, row):
    assert index.find(file) == row


def test_the_class_table_uses_the_main_catalogues_only(index):
    assert index.find("n224.png", main_only=True) == 0
    assert index.find("sh2-101-vasey.png", main_only=True) is None


def groups_of(folder, index, toy_sky, *tiles):
    toy_sky.write(folder, [], tiles)
    return group_photos(read_photos(folder / "textures.json"), index)


def test_common_sky_object_or_mosaic_make_a_group(tmp_path, index, toy_sky):
    tile = toy_sky.tile
    groups = groups_of(
        tmp_path,
        index,
        toy_sky,
        tile("m31.png", 10, 0, 1),
        tile("n224-far.png", 50, 0, 1),  # the same object
        tile("wide.png", 100, 0, 10),
        tile("narrow.png", 102, 2, 0.1),  # inside the wide one
        tile("corner.png", 105.4, 5.4, 1),  # overlaps a corner of it
        tile("lmc_01.png", 200, 0, 1),
        tile("lmc_02.png", 220, 0, 1),  # tiles of one mosaic
        tile("alone.png", 300, 0, 1),
        tile("beside.png", 301.5, 0, 1),  # near, but without common sky
    )
    assert groups == {
        "m31.png": "m31",
        "n224-far.png": "m31",
        "wide.png": "corner",
        "narrow.png": "corner",
        "corner.png": "corner",
        "lmc_01.png": "lmc_01",
        "lmc_02.png": "lmc_01",
        "alone.png": "alone",
        "beside.png": "beside",
    }


def test_a_chain_is_one_group(tmp_path, index, toy_sky):
    tiles = [toy_sky.tile(f"x{i}.png", 10 + 0.8 * i, 0, 1) for i in range(6)]
    groups = groups_of(tmp_path, index, toy_sky, *tiles)
    assert set(groups.values()) == {"x0"}
