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


def test_something_came_meanwhile(tmp_path):
    place = tmp_path / "out"
    with pytest.raises(FileExistsError), new_folder(place) as folder:
        (folder / "a").write_text("x")
        place.mkdir()
        (place / "other").write_text("x")
    assert [path.name for path in place.iterdir()] == ["other"]
