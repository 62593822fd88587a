"""What a page offers on the site is copied, exactly and only there."""

import pytest

from sevenlessons.page.publish import VARIABLE, publish


@pytest.fixture
def kept(tmp_path, monkeypatch):
    folder = tmp_path / "kept"
    monkeypatch.setenv(VARIABLE, str(folder))
    return folder


@pytest.fixture
def model(tmp_path):
    folder = tmp_path / "model"
    (folder / "examples").mkdir(parents=True)
    (folder / "model.onnx").write_bytes(b"weights")
    (folder / "examples/one.png").write_bytes(b"photo")
    return folder


def names(folder):
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
    )


def test_a_file_goes_below_its_name(kept, model, capsys):
    publish(model / "model.onnx", "sky")
    assert names(kept) == ["sky/model.onnx"]
    assert (kept / "sky/model.onnx").read_bytes() == b"weights"
    said = capsys.readouterr().out
    assert said == "The site's build keeps a copy: sky/model.onnx\n"


def test_a_folder_gives_all_its_files_and_calls_add_up(kept, model):
    publish(model, "sky")
    more = model.parent / "bundle.json"
    more.write_text("{}")
    publish(str(more), "sky")
    assert names(kept) == [
        "sky/bundle.json",
        "sky/examples/one.png",
        "sky/model.onnx",
    ]


def test_a_file_of_the_same_name_is_replaced(kept, model):
    publish(model / "model.onnx", "sky")
    (model / "model.onnx").write_bytes(b"better")
    publish(model / "model.onnx", "sky")
    assert (kept / "sky/model.onnx").read_bytes() == b"better"


@pytest.mark.parametrize("value", [None, ""])
def test_elsewhere_the_same_line_is_all(model, monkeypatch, capsys, value):
    if value is None:
        monkeypatch.delenv(VARIABLE, raising=False)
    else:
        monkeypatch.setenv(VARIABLE, value)
    monkeypatch.chdir(model.parent)
    publish(model, "sky")
    assert names(model.parent) == [
        "model/examples/one.png",
        "model/model.onnx",
    ]
    said = capsys.readouterr().out
    assert said.startswith("The site's build keeps a copy: sky/examples/one")


def test_many_files_are_one_short_line(kept, tmp_path, capsys):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(7):
        (folder / f"{number}.txt").write_text("x")
    publish(folder, "many")
    assert capsys.readouterr().out.endswith("many/3.txt and 3 more files\n")


@pytest.mark.parametrize("name", ["", "Sky", "a/b", "..", "-a", "a b"])
def test_a_bad_name_is_refused(model, name):
    with pytest.raises(ValueError, match="name must be small letters"):
        publish(model, name)


def test_what_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing to publish at"):
        publish(tmp_path / "none", "sky")
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="has no files to publish"):
        publish(tmp_path / "empty", "sky")


def test_links_and_odd_names_are_refused(kept, model):
    (model / "link").symlink_to(model / "model.onnx")
    with pytest.raises(ValueError, match="is a link; publish the file"):
        publish(model, "sky")
    (model / "link").unlink()
    (model / "a b.txt").write_text("x")
    with pytest.raises(ValueError, match=r"'a b\.txt' cannot stand"):
        publish(model, "sky")
    assert not kept.exists()
