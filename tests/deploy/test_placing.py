import os
from pathlib import Path

import pytest

from sevenlessons.deploy.placing import placed


def fill(path, text, **options):
    with placed(path, **{"overwrite": False, **options}) as folder:
        (folder / "bundle.json").write_text(text)


def test_a_folder_takes_its_place_and_is_replaced_when_asked(tmp_path):
    path = tmp_path / "deep" / "sky"
    fill(path, "old")
    with pytest.raises(FileExistsError, match="pass overwrite=True to rep"):
        fill(path, "new")
    fill(path, "new", overwrite=True)
    assert (path / "bundle.json").read_text() == "new"
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
    assert (path / "bundle.json").read_text() == "old"
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
    assert (path / "bundle.json").read_text() == "old"
    assert os.listdir(tmp_path) == ["sky"]
