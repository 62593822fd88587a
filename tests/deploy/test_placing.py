import json
import os
from pathlib import Path

import pytest

from sevenlessons.deploy.bundle import read_settings
from sevenlessons.deploy.placing import add_file, check_place, placed
from sevenlessons.deploy.predictor import Predictor


def fill(path, text, **options):
    with placed(path, **{"overwrite": False, **options}) as folder:
        package = {"name": "sevenlessons", "version": text}
        (folder / "bundle.json").write_text(json.dumps({"package": package}))


def version(path):
    return json.loads((path / "bundle.json").read_text())["package"]["version"]


def test_a_folder_takes_its_place_and_is_replaced_when_asked(tmp_path):
    path = tmp_path / "deep" / "sky"
    fill(path, "old")
    with pytest.raises(FileExistsError, match="pass overwrite=True to rep"):
        fill(path, "new")
    fill(path, "new", overwrite=True)
    assert version(path) == "new"
    assert os.listdir(path.parent) == ["sky"]


def test_an_error_inside_leaves_what_was_there(tmp_path):
    path = tmp_path / "sky"
    fill(path, "old")
    with (
        pytest.raises(KeyError),
        placed(path, overwrite=True) as folder,
    ):
        (folder / "bundle.json").write_text("half")
        raise KeyError("stop")
    assert version(path) == "old"
    assert os.listdir(tmp_path) == ["sky"]


def test_a_failed_move_puts_the_old_one_back(tmp_path, monkeypatch):
    path = tmp_path / "sky"
    fill(path, "old")
    rename = Path.rename

    def fails(self, target):
        if self.name.startswith(".sky-") and not self.suffix:
            raise OSError("no")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(OSError, match="no"):
        fill(path, "new", overwrite=True)
    assert version(path) == "old"
    assert os.listdir(tmp_path) == ["sky"]


@pytest.mark.parametrize("name", ["thesis.txt", "photos/", "README.md/"])
def test_a_bundle_with_other_things_is_not_replaced(gray, name):
    if name.endswith("/"):
        (gray / name).unlink(missing_ok=True)
        (gray / name).mkdir()
        (gray / name / "own.jpg").touch()
    else:
        (gray / name).touch()
    before = sorted(gray.rglob("*"))
    words = f"holds more than a bundle .{name.rstrip('/')}.*nothing is del"
    with pytest.raises(FileExistsError, match=words):
        check_place(gray, overwrite=True)
    with (
        pytest.raises(FileExistsError),
        placed(gray, overwrite=True),
    ):
        pass
    assert sorted(gray.rglob("*")) == before


def test_what_came_while_the_folder_was_filled_stays(gray):
    with (
        pytest.raises(FileExistsError, match=r"notes\.txt"),
        placed(gray, overwrite=True),
    ):
        (gray / "notes.txt").touch()
    assert (gray / "notes.txt").is_file()
    assert os.listdir(gray.parent) == ["gray"]


@pytest.mark.parametrize(
    "text", ['{"package": {"name": "bundler"}}', "[]", "{", "null", "[" * 9999]
)
def test_the_bundle_of_another_program_is_not_replaced(tmp_path, text):
    (tmp_path / "bundle.json").write_text(text)
    with pytest.raises(FileExistsError, match="damaged or of another program"):
        check_place(tmp_path, overwrite=True)


def test_leftovers_of_our_own_may_go(gray):
    for name in ("model.onnx", "bundle.json.partial", "model.onnx.partial"):
        (gray / name).touch()
    check_place(gray, overwrite=True)


def test_killed_between_two_names_the_old_one_comes_back(tmp_path):
    path, old = tmp_path / "s[k]y", tmp_path / ".s[k]y-abcd.old"
    fill(path, "old")
    path.rename(old)  # what is there after a kill at the wrong moment
    with pytest.raises(FileNotFoundError, match=r"cut off; .* is at .*\.old"):
        read_settings(path)
    with pytest.raises(FileExistsError, match="pass overwrite=True"):
        fill(path, "new")
    assert version(path) == "old" and not old.exists()


def test_a_file_is_added_and_replaced(gray):
    for content in (b"one", b"another"):
        add_file(gray, read_settings(gray), "model.onnx", content)
        Predictor.load(gray)  # compares the sums
        assert (gray / "model.onnx").read_bytes() == content
    assert not list(gray.glob("*.partial"))


@pytest.mark.parametrize("allowed", range(4))
def test_stopped_anywhere_the_bundle_can_be_loaded(gray, monkeypatch, allowed):
    add_file(gray, read_settings(gray), "model.onnx", b"one")
    settings, calls, replace = read_settings(gray), [], os.replace

    def stops(*names):
        calls.append(names)
        if len(calls) > allowed:
            raise KeyboardInterrupt
        replace(*names)

    monkeypatch.setattr(os, "replace", stops)
    if allowed == 3:  # as many as it takes
        add_file(gray, settings, "model.onnx", b"another")
    else:
        with pytest.raises(KeyboardInterrupt):
            add_file(gray, settings, "model.onnx", b"another")
    Predictor.load(gray)
