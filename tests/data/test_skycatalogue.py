import gzip

import pytest

from sevenlessons.data.skycatalogue import read_catalogue


@pytest.fixture
def path(tmp_path):
    return tmp_path / "catalog.dat"


def test_every_field_of_interest_comes_back(path, toy_sky):
    path.write_bytes(
        toy_sky.catalogue(
            toy_sky.record(7, 0.5, -0.25, 3, 4.5, "SBä", ngc=7331, m=31),
            toy_sky.record(8, 1.5, 0.75, 11, shape=None, ugc=12),
            toy_sky.record(9, 2.5, 1.25, 6, shape=""),
        )
    )
    table = read_catalogue(path)
    assert len(table) == 3
    first = table.iloc[0]
    assert (first["id"], first["ra"], first["dec"]) == (7, 0.5, -0.25)
    assert (first["type"], first["vmag"]) == (3, 4.5)
    assert (first["morphology"], first["ngc"], first["m"]) == ("SBä", 7331, 31)
    assert table["ugc"].tolist() == [0, 12, 0]
    assert table["morphology"].tolist() == ["SBä", "", ""]


def test_another_edition_is_refused(path, toy_sky):
    path.write_bytes(toy_sky.catalogue(edition=("3.20", "extended")))
    with pytest.raises(ValueError, match=r"found edition '3\.20' 'extended'"):
        read_catalogue(path)


@pytest.mark.parametrize("cut", [3, 21, 40, 100, 150, 200, 260, 290])
def test_a_stream_that_ends_early_is_refused(path, toy_sky, cut):
    whole = gzip.decompress(toy_sky.catalogue(toy_sky.record(1, 0, 0, 1)))
    path.write_bytes(gzip.compress(whole[:cut]))
    with pytest.raises(ValueError, match="not the catalogue this book uses"):
        read_catalogue(path)


def test_a_file_of_another_kind_is_refused(path, toy_sky):
    for data in (b"", b"hello", toy_sky.catalogue()[:-9]):
        path.write_bytes(data)
        with pytest.raises(ValueError, match="delete it, and the data set is"):
            read_catalogue(path)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        read_catalogue(path)
