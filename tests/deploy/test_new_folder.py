import errno
import os
from pathlib import Path

import pytest

from sevenlessons.deploy.new_folder import check_free, new_folder


def test_it_is_there_whole_or_not_at_all(tmp_path):
    place = tmp_path / "deep" / "out"
    with pytest.raises(KeyError), new_folder(place) as folder:
        (folder / "half").write_text("x")
        raise KeyError
    assert list((tmp_path / "deep").iterdir()) == []
    with new_folder(place) as folder:
        (folder / "whole").write_text("x")
        assert not place.exists()
    assert [path.name for path in place.iterdir()] == ["whole"]
    assert list((tmp_path / "deep").iterdir()) == [place]


def test_an_empty_folder_is_taken(tmp_path):
    place = tmp_path / "out"
    place.mkdir()
    with new_folder(place) as folder:
        (folder / "a").write_text("x")
    assert (place / "a").exists()


def test_what_is_there_stays(tmp_path):
    full, file = tmp_path / "full", tmp_path / "file"
    full.mkdir()
    (full / "mine").write_text("mine")
    file.write_text("mine")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    for place in (full, file, link):
        with pytest.raises(FileExistsError, match="nothing is overwritten"):
            check_free(place)


def test_the_folder_we_stand_in(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with new_folder(".") as folder:
        (folder / "a").write_text("x")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_folder_that_cannot_be_removed(tmp_path, monkeypatch):
    place = tmp_path / "disk"
    place.mkdir()
    rmdir = Path.rmdir

    def busy(path):
        if path == place:
            raise OSError(errno.EBUSY, "Device or resource busy")
        rmdir(path)

    monkeypatch.setattr(Path, "rmdir", busy)
    with new_folder(place) as folder:
        (folder / "a").write_text("x")
    assert [path.name for path in place.iterdir()] == ["a"]
    with pytest.raises(KeyError), new_folder(tmp_path / "b") as folder:
        raise KeyError
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize("there", [False, True])
def test_something_came_meanwhile(tmp_path, there):
    place = tmp_path / "out"
    if there:
        place.mkdir()
    with (
        pytest.raises(FileExistsError, match="whole, and lie in") as caught,
        new_folder(place) as folder,
    ):
        (folder / "a").write_text("x")
        place.mkdir(exist_ok=True)
        (place / "other").write_text("x")
    assert (place / "other").exists() and not (place / "a").exists()
    kept = Path(str(caught.value).rsplit(" ", 1)[1])
    assert (kept / "a").read_text() == "x"


def test_the_rights_are_the_users(tmp_path):
    before = os.umask(0o077)
    try:
        with new_folder(tmp_path / "out") as folder:
            (folder / "a").write_text("x")
    finally:
        os.umask(before)
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
