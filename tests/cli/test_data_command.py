import json

import pytest

from sevenlessons.cli import data_command
from sevenlessons.cli.main import main
from sevenlessons.data.catalogue import load_catalogue, sets_for_book
from sevenlessons.data.fetch import DataUnavailable


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SEVENLESSONS_DATA", str(tmp_path))
    monkeypatch.delenv("SEVENLESSONS_ARCHIVES", raising=False)
    return tmp_path


@pytest.fixture
def fetched(monkeypatch):
    """Keep the names that would be fetched."""
    names = []

    def ensure(name, report):
        names.append(name)

    monkeypatch.setattr(data_command, "ensure", ensure)
    return names


def test_the_list_names_every_set_in_80_columns(capsys, cache):
    assert main(["data"]) == 0
    lines = capsys.readouterr().out.splitlines()
    firsts = {line.split(" ")[0] for line in lines}
    assert load_catalogue().keys() <= firsts
    assert all(len(line) <= 80 for line in lines if str(cache) not in line)
    assert f"Cache: {cache} (0 of 14 present)" in lines


def test_named_sets_are_fetched_each_once(fetched):
    assert main(["data", "adult", "mnist_5k", "adult"]) == 0
    assert fetched == ["adult", "mnist_5k"]


def test_what_the_book_reads_and_all(fetched):
    assert main(["data", "--for-book"]) == 0
    assert fetched == sets_for_book()
    fetched.clear()
    main(["data", "--all"])
    assert fetched == list(load_catalogue())


def test_a_set_that_is_present_is_not_fetched(fetched, capsys, monkeypatch):
    monkeypatch.setattr(data_command, "is_present", lambda name: True)
    assert main(["data", "adult"]) == 0
    assert fetched == [] and capsys.readouterr().out == "adult: present\n"


def test_an_unknown_name_fetches_nothing(fetched, capsys):
    assert main(["data", "adult", "deepsky"]) == 2
    assert "did you mean 'deep_sky'?" in capsys.readouterr().out
    assert fetched == []


def test_a_set_that_cannot_be_had_does_not_stop_the_others(
    capsys, monkeypatch
):
    asked = []

    def ensure(name, report):
        asked.append(name)
        raise DataUnavailable(f"no source for {name}")

    monkeypatch.setattr(data_command, "ensure", ensure)
    assert main(["data", "adult", "rossmann"]) == 1
    captured = capsys.readouterr()
    assert asked == ["adult", "rossmann"]
    assert "no source for rossmann" in captured.out and not captured.err


def test_json_is_nothing_but_json(capsys, fetched):
    assert main(["data", "--json"]) == 0
    entries = json.loads(capsys.readouterr().out)
    assert {entry["name"] for entry in entries} == load_catalogue().keys()
    assert entries[0]["present"] is False
    assert main(["data", "adult", "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    assert entry["licence"] and entry["path"].endswith("adult")


def test_cards_are_shown_and_nothing_is_fetched(capsys, fetched):
    assert main(["data", "--card", "deep_sky"]) == 0
    assert "Known flaws" in capsys.readouterr().out and fetched == []
    assert main(["data", "--card", "--json", "adult"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["rows"] == 32561


def test_verify_tells_what_is_wrong(capsys, cache):
    assert main(["data", "--verify"]) == 0  # nothing present: nothing wrong
    assert main(["data", "--verify", "adult"]) == 1
    out = capsys.readouterr().out
    assert "adult: adult.data is missing" in out
    assert "Fetch these again" in out


def test_verify_is_content_with_right_files(capsys, monkeypatch):
    monkeypatch.setattr(data_command, "verify", lambda name: [])
    assert main(["data", "--verify", "adult"]) == 0
    assert capsys.readouterr().out == "adult: every byte is right\n"
